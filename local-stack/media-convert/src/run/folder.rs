//! The folder of a run.

use std::io;
use std::path::{Path, PathBuf};

/// An empty folder. It is removed with its files when this is dropped.
pub(super) struct RunFolder {
    pub(super) path: PathBuf,
}

impl RunFolder {
    /// Creates the folder. Blocks the thread.
    pub(super) fn create(path: PathBuf) -> io::Result<Self> {
        // A killed run of the same job may have left a folder that its ffmpeg still writes to.
        remove(&path)?;
        std::fs::create_dir_all(&path)?;
        Ok(Self { path })
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        if let Err(error) = remove(&self.path) {
            tracing::warn!(%error, "the folder of a job stays until the next start");
        }
    }
}

/// Removes a folder with its content, if it exists. Blocks the thread.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
