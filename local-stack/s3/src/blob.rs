//! Contents of objects and parts, as files with random names. A file is complete before a record names it.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;

/// The directory of all contents.
#[derive(Clone)]
pub(crate) struct Blobs {
    directory: Arc<Path>,
}

/// A file that no record names yet. Dropping this removes the file, unless [`NewBlob::keep`] was called.
pub(crate) struct NewBlob {
    name: String,
    path: PathBuf,
    is_kept: bool,
}

impl Blobs {
    /// Opens the directory, and creates it if it is missing.
    pub(crate) fn open(directory: &Path) -> io::Result<Self> {
        fs::create_dir_all(directory)?;
        Ok(Self { directory: directory.into() })
    }

    /// Creates an empty file. Blocks the thread.
    pub(crate) fn create(&self) -> io::Result<(NewBlob, fs::File)> {
        let name = Uuid::new_v4().simple().to_string();
        let path = self.path(&name);
        let file = fs::File::options().read(true).write(true).create_new(true).open(&path)?;
        Ok((NewBlob { name, path, is_kept: false }, file))
    }

    /// Makes a file's content and name durable. Blocks the thread.
    pub(crate) fn sync(&self, file: &fs::File) -> io::Result<()> {
        file.sync_all()?;
        fs::File::open(&self.directory)?.sync_all()
    }

    /// Opens a file for reading. Blocks the thread.
    pub(crate) fn read(&self, name: &str) -> io::Result<fs::File> {
        fs::File::open(self.path(name))
    }

    /// Removes files that no record names any more. The next start removes those that can't be removed now. Blocks the
    /// thread.
    pub(crate) fn remove(&self, names: impl IntoIterator<Item = String>) {
        for name in names {
            if let Err(error) = fs::remove_file(self.path(&name)) {
                tracing::warn!(%error, name, "an unused file stays until the next start");
            }
        }
    }

    /// Removes every file that isn't in `named`. Blocks the thread.
    pub(crate) fn sweep(&self, named: &HashSet<String>) -> io::Result<()> {
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            let is_named = entry.file_name().to_str().is_some_and(|name| named.contains(name));
            if !is_named && entry.file_type()?.is_file() {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

impl NewBlob {
    /// Its file's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Keeps the file, because a record names it from now on.
    pub(crate) fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for NewBlob {
    fn drop(&mut self) {
        if !self.is_kept
            && let Err(error) = fs::remove_file(&self.path)
        {
            tracing::warn!(%error, "an unfinished file stays until the next start");
        }
    }
}
