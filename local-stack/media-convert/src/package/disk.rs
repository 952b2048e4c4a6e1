//! Files in a job's folder.

use std::io;
use std::path::Path;

/// The length of a file in bytes; `None` if there is no such file. Blocks the thread.
pub(super) fn length(path: &Path) -> io::Result<Option<u64>> {
    match std::fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
