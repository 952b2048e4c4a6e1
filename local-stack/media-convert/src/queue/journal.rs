//! The jobs on disk: one table of one database file, changed in durable transactions.

use std::path::Path;
use std::sync::Arc;

use local_s3::database::Database;
use redb::{ReadableTable as _, TableDefinition};

use super::job::{Job, Status};

/// Jobs by id. They are stored as JSON, so a new field needs no migration.
const JOBS: TableDefinition<'static, &str, &[u8]> = TableDefinition::new("jobs");

/// Time in milliseconds during which a token identifies its job: a minute, as on AWS.
const TOKEN_MS: i64 = 60_000;

/// The journal of jobs. A clone is another handle to it.
#[derive(Clone, Debug)]
pub(crate) struct Journal {
    database: Arc<Database>,
}

/// The reason why the journal cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] redb::Error),
    /// A stored job cannot be parsed.
    #[error("a job can't be read: {0}")]
    Record(#[from] serde_json::Error),
    /// The thread of the transaction panicked.
    #[error("the work ended early: {0}")]
    Thread(#[from] tokio::task::JoinError),
}

macro_rules! from_redb {
    ($($error:ident),*) => {
        $(impl From<redb::$error> for JournalError {
            fn from(error: redb::$error) -> Self {
                Self::Database(error.into())
            }
        })*
    };
}

from_redb!(TableError, StorageError, CommitError);

impl Journal {
    /// Opens the database file, and creates it if it is missing. Jobs that were running wait again. Blocks the thread.
    pub(crate) fn open(path: &Path) -> Result<Self, JournalError> {
        let journal = Self { database: Arc::new(Database::open(path)?) };
        let writing = journal.database.begin_write()?;
        writing.open_table(JOBS)?;
        writing.commit()?;
        for job in journal.select(|job| job.status == Status::Progressing)? {
            let restart = |job: &mut Job| {
                job.status = Status::Submitted;
                job.percent = 0;
                job.retries += 1;
            };
            journal.change(&job.id, |job| (job.status == Status::Progressing).then(|| restart(job)))?;
        }
        Ok(journal)
    }

    /// Adds a job, unless its token made a job less than a minute earlier. Returns the new or the earlier job, and `true` for
    /// a new one.
    pub(crate) async fn create(&self, job: Job) -> Result<(Job, bool), JournalError> {
        self.run(move |journal| {
            // Write transactions run one at a time, so the second of two concurrent requests finds the first one's job.
            let writing = journal.database.begin_write()?;
            let earlier = {
                let mut jobs = writing.open_table(JOBS)?;
                let earlier = match job.text("clientRequestToken") {
                    Some(token) => find_by_token(&jobs, token, job.created_ms - TOKEN_MS)?,
                    None => None,
                };
                if earlier.is_none() {
                    jobs.insert(job.id.as_str(), serde_json::to_vec(&job)?.as_slice())?;
                }
                earlier
            };
            writing.commit()?;
            Ok(earlier.map_or((job, true), |earlier| (earlier, false)))
        })
        .await
    }

    /// The job with an id.
    pub(crate) async fn get(&self, id: &str) -> Result<Option<Job>, JournalError> {
        let id = id.to_owned();
        self.run(move |journal| {
            let reading = journal.database.begin_read()?;
            let row = reading.open_table(JOBS)?.get(id.as_str())?;
            row.map(|row| parse(row.value())).transpose()
        })
        .await
    }

    /// The jobs that meet a condition, oldest first.
    pub(crate) async fn list(
        &self,
        condition: impl Fn(&Job) -> bool + Send + 'static,
    ) -> Result<Vec<Job>, JournalError> {
        self.run(move |journal| journal.select(condition)).await
    }

    /// Changes a job, unless `change` returns `None`. Returns the changed job.
    pub(crate) async fn update(
        &self,
        id: &str,
        change: impl FnOnce(&mut Job) -> Option<()> + Send + 'static,
    ) -> Result<Option<Job>, JournalError> {
        let id = id.to_owned();
        self.run(move |journal| journal.change(&id, change)).await
    }

    fn select(&self, condition: impl Fn(&Job) -> bool) -> Result<Vec<Job>, JournalError> {
        let reading = self.database.begin_read()?;
        let mut jobs = Vec::new();
        for row in reading.open_table(JOBS)?.iter()? {
            let job = parse(row?.1.value())?;
            if condition(&job) {
                jobs.push(job);
            }
        }
        jobs.sort_by(|a: &Job, b: &Job| (a.created_ms, &a.id).cmp(&(b.created_ms, &b.id)));
        Ok(jobs)
    }

    fn change(
        &self,
        id: &str,
        change: impl FnOnce(&mut Job) -> Option<()>,
    ) -> Result<Option<Job>, JournalError> {
        let writing = self.database.begin_write()?;
        let changed = {
            let mut jobs = writing.open_table(JOBS)?;
            let job = jobs.get(id)?.map(|row| parse(row.value())).transpose()?;
            let changed = job.and_then(|mut job| change(&mut job).map(|()| job));
            if let Some(job) = &changed {
                jobs.insert(id, serde_json::to_vec(job)?.as_slice())?;
            }
            changed
        };
        writing.commit()?;
        Ok(changed)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let journal = self.clone();
        tokio::task::spawn_blocking(move || work(&journal)).await?
    }
}

/// The job with a token that was created after `since_ms`.
fn find_by_token(
    jobs: &redb::Table<'_, &'static str, &'static [u8]>,
    token: &str,
    since_ms: i64,
) -> Result<Option<Job>, JournalError> {
    for row in jobs.iter()? {
        let job = parse(row?.1.value())?;
        if job.created_ms > since_ms && job.text("clientRequestToken") == Some(token) {
            return Ok(Some(job));
        }
    }
    Ok(None)
}

fn parse(record: &[u8]) -> Result<Job, JournalError> {
    Ok(serde_json::from_slice(record)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn job(token: Option<&str>, now_ms: i64) -> Job {
        Job::new(json!({ "clientRequestToken": token, "settings": {} }), now_ms)
    }

    #[tokio::test]
    async fn a_token_identifies_its_job_for_a_minute() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("jobs.redb")).unwrap();
        let (first, is_new) = journal.create(job(Some("t"), 1_000_000)).await.unwrap();
        assert!(is_new);
        let check = async |token: Option<&'static str>, now_ms: i64, is_same: bool| {
            let (found, is_new) = journal.create(job(token, now_ms)).await.unwrap();
            assert_eq!((found.id == first.id, is_new), (is_same, !is_same), "{token:?} {now_ms}");
        };
        check(Some("t"), 1_059_999, true).await;
        check(Some("u"), 1_000_001, false).await;
        check(None, 1_000_002, false).await;
        check(Some("t"), 1_060_000, false).await;
    }

    #[tokio::test]
    async fn a_running_job_waits_again_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jobs.redb");
        let (progressing, complete) = (job(None, 1), job(None, 2));
        let journal = Journal::open(&path).unwrap();
        for (job, status) in [(&progressing, Status::Progressing), (&complete, Status::Complete)] {
            journal.create(job.clone()).await.unwrap();
            let set = move |job: &mut Job| {
                job.status = status;
                Some(())
            };
            journal.update(&job.id, set).await.unwrap().unwrap();
        }
        drop(journal);
        let journal = Journal::open(&path).unwrap();
        let restarted = journal.get(&progressing.id).await.unwrap().unwrap();
        assert_eq!((restarted.status, restarted.retries), (Status::Submitted, 1));
        let done = journal.get(&complete.id).await.unwrap().unwrap();
        assert_eq!((done.status, done.retries), (Status::Complete, 0));
        let ids: Vec<_> = journal.list(|_| true).await.unwrap().into_iter().map(|job| job.id).collect();
        assert_eq!(ids, [progressing.id, complete.id]);
    }
}
