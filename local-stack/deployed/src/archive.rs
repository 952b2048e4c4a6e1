//! Unpacks the zip archives of functions, with the permissions that Unix stores.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use zip::ZipArchive;

/// Unpacks an archive into a folder, which is replaced if it exists.
pub(crate) fn unpack(archive: &Path, target: &Path) -> io::Result<()> {
    if target.exists() {
        fs::remove_dir_all(target)?;
    }
    Ok(ZipArchive::new(File::open(archive)?)?.extract(target)?)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};
    use std::os::unix::fs::PermissionsExt as _;

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    /// An archive with one file that can be run.
    fn archive(name: &str, content: &[u8]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(name, SimpleFileOptions::default().unix_permissions(0o755)).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap().into_inner()
    }

    /// Unpacks an archive into the folder `out` of the answer.
    fn unpacked(bytes: &[u8]) -> io::Result<tempfile::TempDir> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.zip");
        fs::write(&file, bytes).unwrap();
        unpack(&file, &folder.path().join("out")).map(|()| folder)
    }

    #[test]
    fn files_are_unpacked_with_their_permissions() {
        let content = b"#!/bin/sh\n".repeat(100);
        let folder = unpacked(&archive("bin/bootstrap", &content)).unwrap();
        let file = folder.path().join("out/bin/bootstrap");
        assert_eq!(fs::read(&file).unwrap(), content);
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o755);
    }

    #[test]
    fn a_truncated_archive_is_an_error() {
        let good = archive("a", b"content");
        for length in 0..good.len() {
            assert!(unpacked(&good[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn a_path_that_leaves_the_folder_is_an_error() {
        assert!(unpacked(&archive("../a", b"content")).is_err());
    }
}
