//! The queue: which job runs, how it is ended, and what is told of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use jiff::Timestamp;
use tokio::sync::{Notify, watch};

use super::events::Herald;
use super::job::{Job, Status};
use super::journal::{Journal, JournalError};
use super::problem::ApiError;
use super::run::{Progress, RunError, Workshop};
use super::settings;
use local_s3::StoreError;

/// Progress is told so many times as often as on AWS: videos on one machine are short, and nobody pays for events.
const HASTE: u32 = 10;

/// How long the queue rests after the journal failed.
const REST: Duration = Duration::from_secs(1);

/// The queue.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) journal: Journal,
    pub(crate) herald: Herald,
    pub(crate) workshop: Workshop,
    /// As many jobs run at once.
    pub(crate) at_once: usize,
    arrived: Notify,
    running: Mutex<HashMap<String, Arc<Running>>>,
}

/// A job that runs.
#[derive(Debug)]
struct Running {
    cancel: watch::Sender<bool>,
    progress: Progress,
}

impl Queue {
    pub(crate) fn new(journal: Journal, herald: Herald, workshop: Workshop, at_once: usize) -> Self {
        let (arrived, running) = (Notify::new(), Mutex::default());
        Self { journal, herald, workshop, at_once: at_once.max(1), arrived, running }
    }

    /// Adds a job, unless its token made one a moment before; that one then.
    pub(crate) async fn submit(&self, job: Job) -> Result<Job, ApiError> {
        let (job, is_new) = self.journal.create(job).await?;
        if is_new {
            self.arrived.notify_one();
        }
        Ok(job)
    }

    /// A job with the progress of the moment.
    pub(crate) async fn job(&self, id: &str) -> Result<Job, ApiError> {
        let job = self.journal.get(id).await?;
        let mut job = job.ok_or_else(|| ApiError::NotFound(format!("there is no job '{id}'")))?;
        self.look(&mut job);
        Ok(job)
    }

    /// Those that meet a condition, the oldest first.
    pub(crate) async fn jobs(
        &self,
        condition: impl Fn(&Job) -> bool + Send + 'static,
    ) -> Result<Vec<Job>, ApiError> {
        let mut jobs = self.journal.list(condition).await?;
        for job in &mut jobs {
            self.look(job);
        }
        Ok(jobs)
    }

    /// Cancels a job. What it has written stays.
    pub(crate) async fn cancel(&self, id: &str) -> Result<(), ApiError> {
        let canceled = self.journal.update(id, |job| finish(job, Status::Canceled, Timestamp::now())).await?;
        let Some(job) = canceled else {
            let status = self.job(id).await?.status.name();
            return Err(ApiError::Conflict(format!("the job '{id}' is {status} and can't be canceled")));
        };
        // A run that is entered tells of the end when it has ended, so that no event of the run comes after.
        let has_run = {
            let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            running.get(id).map(|running| running.cancel.send_replace(true)).is_some()
        };
        if !has_run {
            self.tell_end(&job).await;
        }
        Ok(())
    }

    /// Runs jobs until the stack stops. What is under way by then starts again after the next start.
    pub(crate) async fn serve(self: Arc<Self>, mut stopped: watch::Receiver<bool>) {
        tokio::select! {
            () = self.work() => {}
            _ = stopped.wait_for(|is_stopped| *is_stopped) => {}
        }
    }

    /// Never ends.
    async fn work(&self) {
        match self.journal.list(|job| job.status.is_final() && !job.is_told).await {
            Ok(jobs) => {
                for job in jobs {
                    self.tell_end(&job).await;
                }
            }
            Err(error) => tracing::error!(%error, "the jobs can't be read"),
        }
        let mut running = FuturesUnordered::new();
        loop {
            let mut has_failed = false;
            while running.len() < self.at_once {
                match self.next().await {
                    Ok(Some(job)) => running.push(Box::pin(self.attend(job))),
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(%error, "the jobs can't be read");
                        has_failed = true;
                        break;
                    }
                }
            }
            tokio::select! {
                () = self.arrived.notified() => {}
                Some(()) = running.next() => {}
                () = tokio::time::sleep(REST), if has_failed => {}
            }
        }
    }

    /// The next job to run, which then is under way: of the highest priority the oldest.
    async fn next(&self) -> Result<Option<Job>, JournalError> {
        let mut waiting = self.journal.list(|job| job.status == Status::Submitted).await?;
        waiting.sort_by_key(|job| -job.priority());
        for job in waiting {
            let start = |job: &mut Job| {
                (job.status == Status::Submitted).then(|| {
                    job.status = Status::Progressing;
                    job.started_ms = Some(Timestamp::now().as_millisecond());
                })
            };
            if let Some(job) = self.journal.update(&job.id, start).await? {
                return Ok(Some(job));
            }
        }
        Ok(None)
    }

    /// One job to its end.
    async fn attend(&self, job: Job) {
        let (cancel, mut canceled) = watch::channel(false);
        let running = Arc::new(Running { cancel, progress: Progress::new() });
        let set = |running: Option<Arc<Running>>| {
            let mut all = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            match running {
                Some(running) => all.insert(job.id.clone(), running),
                None => all.remove(&job.id),
            };
        };
        set(Some(Arc::clone(&running)));
        // It was canceled before it began. Who canceled it after it was entered there left the telling to it.
        if let Ok(Some(ended)) = self.journal.get(&job.id).await
            && ended.status.is_final()
        {
            set(None);
            if *canceled.borrow() {
                self.tell_end(&ended).await;
            }
            return;
        }
        tracing::info!(job = job.id, input = job.input(), "a job starts");
        warn_of(self.herald.tell(&job, Timestamp::now()).await);
        let outcome = tokio::select! {
            outcome = Box::pin(self.run(&job, &running.progress)) => Some(outcome),
            () = self.tell_progress(&job, &running.progress) => None,
            _ = canceled.wait_for(|is_canceled| *is_canceled) => None,
        };
        let change = move |job: &mut Job| match outcome {
            None => None,
            Some(Ok(group_details)) => {
                job.group_details = group_details;
                job.percent = 100;
                finish(job, Status::Complete, Timestamp::now())
            }
            Some(Err(error)) => {
                let failure = error.failure();
                tracing::warn!(job = job.id, code = failure.code, message = failure.message, "a job fails");
                job.failure = Some(failure);
                finish(job, Status::Error, Timestamp::now())
            }
        };
        let ended = match self.journal.update(&job.id, change).await {
            // It was canceled meanwhile.
            Ok(None) => self.journal.get(&job.id).await,
            ended => ended,
        };
        set(None);
        match ended {
            // Who canceled it found no run any more, and tells of it.
            Ok(Some(job)) if job.status == Status::Canceled && !*canceled.borrow() => {}
            Ok(Some(job)) => self.tell_end(&job).await,
            Ok(None) => {}
            Err(error) => tracing::error!(%error, job = job.id, "the end of a job can't be written"),
        }
    }

    async fn run(&self, job: &Job, progress: &Progress) -> Result<Vec<serde_json::Value>, RunError> {
        // It was read when it was taken in; another version of this program may have.
        let request = settings::read(&job.request).map_err(|error| RunError::Settings(error.to_string()))?;
        let opened = self.workshop.open(&request).await?;
        warn_of(self.herald.tell_input(job, &opened.media, Timestamp::now()).await);
        let name = format!("{}-{}", job.id, job.retries);
        self.workshop.execute(&request, &opened, &name, progress).await
    }

    /// Tells how far a job is, again and again. Never ends.
    async fn tell_progress(&self, job: &Job, progress: &Progress) {
        let seconds = settings::read(&job.request).map_or(60, |job| job.status_update_interval.seconds());
        let mut ticks = tokio::time::interval(Duration::from_secs(seconds) / HASTE);
        ticks.tick().await;
        loop {
            ticks.tick().await;
            let (phase, percent) = progress.get();
            warn_of(self.herald.tell_progress(job, phase, percent, Timestamp::now()).await);
        }
    }

    /// Tells of the end of a job, and remembers that it did. Where the program ends between, it is told twice.
    async fn tell_end(&self, job: &Job) {
        if let Err(error) = self.herald.tell(job, Timestamp::now()).await {
            tracing::error!(%error, job = job.id, "the end of a job is told after the next start");
            return;
        }
        tracing::info!(job = job.id, status = job.status.name(), "a job ends");
        let remember = |job: &mut Job| {
            job.is_told = true;
            Some(())
        };
        if let Err(error) = self.journal.update(&job.id, remember).await {
            tracing::error!(%error, job = job.id, "the end of a job will be told again");
        }
    }

    /// With the progress of the moment.
    fn look(&self, job: &mut Job) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Status::Progressing, Some(running)) = (job.status, running.get(&job.id)) {
            job.percent = running.progress.get().1;
        }
    }
}

/// Ends a job that hasn't ended.
fn finish(job: &mut Job, status: Status, now: Timestamp) -> Option<()> {
    if job.status.is_final() {
        return None;
    }
    job.status = status;
    job.finished_ms = Some(now.as_millisecond());
    Some(())
}

/// Events of progress may be lost; the last of a job isn't told this way.
fn warn_of(told: Result<(), StoreError>) {
    if let Err(error) = told {
        tracing::warn!(%error, "an event of a job is lost");
    }
}
