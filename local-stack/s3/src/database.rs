//! A database file that is opened again after a failure of the disk.
//!
//! redb refuses everything after the first read or write that fails, such as on a full disk, until its file is closed and
//! opened again. Opening it takes the newest complete commit.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use redb::{
    DatabaseError, Error, ReadTransaction, ReadableDatabase as _, StorageError, TransactionError,
    WriteTransaction,
};

type Open = dyn Fn() -> Result<redb::Database, DatabaseError> + Send + Sync;

/// A database in a file. Its methods block.
pub struct Database {
    open: Box<Open>,
    /// `None` after the file couldn't be opened again.
    current: Mutex<Option<Arc<redb::Database>>>,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").finish_non_exhaustive()
    }
}

impl Database {
    /// Opens the file, and creates it if it is missing. Fails if it can't be written or another process has it open.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let path = path.to_owned();
        Self::opened_by(Box::new(move || redb::Database::create(&path)))
    }

    fn opened_by(open: Box<Open>) -> Result<Self, Error> {
        let current = Mutex::new(Some(Arc::new(open()?)));
        Ok(Self { open, current })
    }

    /// Begins to read. The transaction sees the newest commit and no later one.
    pub fn begin_read(&self) -> Result<ReadTransaction, Error> {
        Ok(self.working()?.begin_read()?)
    }

    /// Begins to write, after the writing transaction before this one has ended.
    pub fn begin_write(&self) -> Result<WriteTransaction, Error> {
        Ok(self.working()?.begin_write()?)
    }

    /// The database, opened again if the disk failed. Fails while it still does, and while a transaction from before the
    /// failure hasn't ended.
    fn working(&self) -> Result<Arc<redb::Database>, Error> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(database) = current.as_ref().filter(|database| !has_failed(database)) {
            return Ok(Arc::clone(database));
        }
        // The file has to be closed first.
        *current = None;
        let opened = Arc::new((self.open)()?);
        tracing::warn!("a database was opened again after a failure of the disk");
        *current = Some(Arc::clone(&opened));
        Ok(opened)
    }
}

/// `true` if the database refuses everything. An attempt to write says so without waiting.
fn has_failed(database: &redb::Database) -> bool {
    matches!(
        database.try_begin_write(),
        Err(TransactionError::Storage(StorageError::PreviousIo | StorageError::DatabaseClosed))
    )
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io;
    use std::sync::atomic::{AtomicBool, Ordering};

    use redb::backends::FileBackend;
    use redb::{StorageBackend, TableDefinition};

    use super::*;

    const TABLE: TableDefinition<'static, u64, u64> = TableDefinition::new("numbers");

    /// A file on a disk that can fail.
    #[derive(Debug)]
    struct Disk {
        file: FileBackend,
        has_failed: Arc<AtomicBool>,
    }

    impl Disk {
        fn check(&self) -> io::Result<()> {
            if self.has_failed.load(Ordering::SeqCst) { Err(io::Error::other("the disk")) } else { Ok(()) }
        }
    }

    impl StorageBackend for Disk {
        fn len(&self) -> io::Result<u64> {
            self.check()?;
            self.file.len()
        }

        fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
            self.check()?;
            self.file.read(offset, out)
        }

        fn set_len(&self, len: u64) -> io::Result<()> {
            self.check()?;
            self.file.set_len(len)
        }

        fn sync_data(&self) -> io::Result<()> {
            self.check()?;
            self.file.sync_data()
        }

        fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
            self.check()?;
            self.file.write(offset, data)
        }

        fn close(&self) -> io::Result<()> {
            self.file.close()
        }
    }

    fn write(database: &Database, number: u64) -> Result<(), Error> {
        let writing = database.begin_write()?;
        writing.open_table(TABLE)?.insert(1, number)?;
        Ok(writing.commit()?)
    }

    fn read(database: &Database) -> Result<Option<u64>, Error> {
        let table = database.begin_read()?.open_table(TABLE)?;
        Ok(table.get(1)?.map(|number| number.value()))
    }

    #[test]
    fn a_database_works_again_as_soon_as_its_disk_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.redb");
        let has_failed = Arc::new(AtomicBool::new(false));
        let disk = Arc::clone(&has_failed);
        let open = move || {
            let file =
                File::options().read(true).write(true).create(true).truncate(false).open(&path).unwrap();
            let backend = Disk { file: FileBackend::new(file)?, has_failed: Arc::clone(&disk) };
            redb::Builder::new().create_with_backend(backend)
        };
        let database = Database::opened_by(Box::new(open)).unwrap();
        write(&database, 1).unwrap();
        let before = database.begin_read().unwrap();
        for number in [2, 3] {
            has_failed.store(true, Ordering::SeqCst);
            assert!(write(&database, number).is_err());
            assert!(write(&database, number).is_err());
            has_failed.store(false, Ordering::SeqCst);
            assert_eq!(read(&database).unwrap(), Some(number - 1));
            write(&database, number).unwrap();
            assert_eq!(read(&database).unwrap(), Some(number));
        }
        drop(before);
        assert_eq!(read(&database).unwrap(), Some(3));
    }
}
