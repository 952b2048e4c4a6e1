//! Runs jobs: a limited number at a time, the others wait by priority and age.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use jiff::Timestamp;
use local_s3::StoreError;
use tokio::sync::{Notify, watch};

use super::error::QueueError;
use super::events::EventWriter;
use super::job::{Failure, Job, Status};
use super::journal::{Journal, JournalError};
use crate::run::{JobResult, Progress, RunError, Runner};
use crate::settings;

/// Factor by which progress events are more frequent than on AWS, since videos on one machine are short and events are
/// free.
const UPDATE_SPEEDUP: u32 = 10;

/// The pause after the journal failed.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// The queue of jobs.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) runner: Runner,
    journal: Journal,
    events: EventWriter,
    /// Maximum number of jobs that run concurrently, at least 1.
    max_concurrent: usize,
    /// Notified when a job arrives.
    arrival: Notify,
    /// The runs by job id.
    runs: Mutex<HashMap<String, Arc<RunHandle>>>,
}

/// A handle to a running job.
#[derive(Debug)]
struct RunHandle {
    cancel: watch::Sender<bool>,
    progress: Progress,
}

impl Queue {
    pub(crate) fn new(journal: Journal, events: EventWriter, runner: Runner, max_concurrent: usize) -> Self {
        let (arrival, runs) = (Notify::new(), Mutex::default());
        Self { runner, journal, events, max_concurrent: max_concurrent.max(1), arrival, runs }
    }

    /// Adds a job. If its token made a job less than a minute earlier, returns that job instead.
    pub(crate) async fn submit(&self, job: Job) -> Result<Job, QueueError> {
        let (job, is_new) = self.journal.create(job).await?;
        if is_new {
            self.arrival.notify_one();
        }
        Ok(job)
    }

    /// The job with an id, with its current progress.
    pub(crate) async fn job(&self, id: &str) -> Result<Job, QueueError> {
        let job = self.journal.get(id).await?;
        let mut job = job.ok_or_else(|| QueueError::NotFound(id.to_owned()))?;
        self.update_progress(&mut job);
        Ok(job)
    }

    /// The jobs that meet a condition, with their current progress, oldest first.
    pub(crate) async fn jobs(
        &self,
        condition: impl Fn(&Job) -> bool + Send + 'static,
    ) -> Result<Vec<Job>, QueueError> {
        let mut jobs = self.journal.list(condition).await?;
        for job in &mut jobs {
            self.update_progress(job);
        }
        Ok(jobs)
    }

    /// Cancels a job. Its uploaded objects stay.
    pub(crate) async fn cancel(&self, id: &str) -> Result<(), QueueError> {
        let canceled = self.journal.update(id, |job| job.finish(Status::Canceled, now_ms())).await?;
        let Some(job) = canceled else {
            let status = self.job(id).await?.status;
            return Err(QueueError::Ended { id: id.to_owned(), status });
        };
        // A registered run publishes the end itself after it has stopped, so that none of its events follows the end.
        let has_run = self.runs().get(id).map(|run| run.cancel.send_replace(true)).is_some();
        if !has_run {
            self.publish_end(&job).await;
        }
        Ok(())
    }

    /// Runs jobs until `stopped` becomes true. An interrupted job starts again after the next start.
    pub(crate) async fn serve(self: Arc<Self>, mut stopped: watch::Receiver<bool>) {
        tokio::select! {
            () = self.run_jobs() => {}
            _ = stopped.wait_for(|is_stopped| *is_stopped) => {}
        }
    }

    /// Runs jobs until the task is cancelled.
    async fn run_jobs(&self) {
        match self.journal.list(|job| job.status.is_final() && !job.is_end_published).await {
            Ok(jobs) => {
                for job in jobs {
                    self.publish_end(&job).await;
                }
            }
            Err(error) => tracing::error!(%error, "the jobs can't be read"),
        }
        let mut running = FuturesUnordered::new();
        loop {
            let mut has_failed = false;
            while running.len() < self.max_concurrent {
                match self.start_next().await {
                    Ok(Some(job)) => running.push(Box::pin(self.run_to_end(job))),
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(%error, "the jobs can't be read");
                        has_failed = true;
                        break;
                    }
                }
            }
            tokio::select! {
                () = self.arrival.notified() => {}
                Some(()) = running.next() => {}
                () = tokio::time::sleep(RETRY_PAUSE), if has_failed => {}
            }
        }
    }

    /// Marks the next job as running and returns it: the oldest of the waiting jobs with the highest priority.
    async fn start_next(&self) -> Result<Option<Job>, JournalError> {
        let mut waiting = self.journal.list(|job| job.status == Status::Submitted).await?;
        waiting.sort_by_key(|job| -job.priority());
        for job in waiting {
            let start = |job: &mut Job| {
                (job.status == Status::Submitted).then(|| {
                    job.status = Status::Progressing;
                    job.started_ms = Some(now_ms());
                })
            };
            if let Some(job) = self.journal.update(&job.id, start).await? {
                return Ok(Some(job));
            }
        }
        Ok(None)
    }

    /// Runs a job until it completes, fails or is canceled, and publishes its end.
    async fn run_to_end(&self, job: Job) {
        let (cancel, mut canceled) = watch::channel(false);
        let run = Arc::new(RunHandle { cancel, progress: Progress::new() });
        self.runs().insert(job.id.clone(), Arc::clone(&run));
        // The job may have been canceled since its start. Before the registration above, `cancel` published the end itself;
        // after it, `cancel` left that to this run.
        if let Ok(Some(ended)) = self.journal.get(&job.id).await
            && ended.status.is_final()
        {
            self.runs().remove(&job.id);
            if *canceled.borrow() {
                self.publish_end(&ended).await;
            }
            return;
        }
        tracing::info!(job = job.id, input = job.input(), "a job starts");
        log_lost_event(self.events.write_status(&job, Timestamp::now()).await);
        let result = tokio::select! {
            result = Box::pin(self.execute(&job, &run.progress)) => Some(result),
            () = self.publish_progress(&job, &run.progress) => None,
            _ = canceled.wait_for(|is_canceled| *is_canceled) => None,
        };
        let ended = match self.journal.update(&job.id, move |job| record_result(job, result)).await {
            // The job was canceled before its result could be stored.
            Ok(None) => self.journal.get(&job.id).await,
            ended => ended,
        };
        self.runs().remove(&job.id);
        match ended {
            // `cancel` found no registered run and publishes the end itself.
            Ok(Some(job)) if job.status == Status::Canceled && !*canceled.borrow() => {}
            Ok(Some(job)) => self.publish_end(&job).await,
            Ok(None) => {}
            Err(error) => tracing::error!(%error, job = job.id, "the end of a job can't be stored"),
        }
    }

    /// Probes, transcodes and uploads.
    async fn execute(&self, job: &Job, progress: &Progress) -> Result<JobResult, RunError> {
        // `CreateJob` accepted the settings. Another version of this program may have done so.
        let request = settings::read(&job.request)?;
        let input = self.runner.probe(&request).await?;
        log_lost_event(self.events.write_input(job, &input.media, Timestamp::now()).await);
        let name = format!("{}-{}", job.id, job.retries);
        self.runner.execute(&request, &input, &name, progress).await
    }

    /// Publishes the progress of a job periodically until the task is cancelled.
    async fn publish_progress(&self, job: &Job, progress: &Progress) {
        let seconds = settings::read(&job.request).map_or(60, |job| job.status_update_interval.seconds());
        let mut ticks = tokio::time::interval(Duration::from_secs(seconds) / UPDATE_SPEEDUP);
        ticks.tick().await;
        loop {
            ticks.tick().await;
            let (phase, percent) = progress.get();
            log_lost_event(self.events.write_progress(job, phase, percent, Timestamp::now()).await);
        }
    }

    /// Publishes the end of a job, and stores that it is published. If the program ends between the two, the next start
    /// publishes the end again.
    async fn publish_end(&self, job: &Job) {
        if let Err(error) = self.events.write_status(job, Timestamp::now()).await {
            tracing::error!(%error, job = job.id, "the end of a job is published after the next start");
            return;
        }
        tracing::info!(job = job.id, status = job.status.name(), "a job ends");
        let mark = |job: &mut Job| {
            job.is_end_published = true;
            Some(())
        };
        if let Err(error) = self.journal.update(&job.id, mark).await {
            tracing::error!(%error, job = job.id, "the end of a job will be published again");
        }
    }

    /// Sets the percentage of a running job to its current value.
    fn update_progress(&self, job: &mut Job) {
        if let (Status::Progressing, Some(run)) = (job.status, self.runs().get(&job.id)) {
            job.percent = run.progress.get().1;
        }
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<String, Arc<RunHandle>>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// Ends a job with the result of its run. Returns `None` if the run was canceled or the job has ended already.
fn record_result(job: &mut Job, result: Option<Result<JobResult, RunError>>) -> Option<()> {
    match result? {
        Ok(JobResult { group_details, decoding_errors }) => {
            (job.group_details, job.decoding_errors) = (group_details, decoding_errors);
            job.percent = 100;
            job.finish(Status::Complete, now_ms())
        }
        Err(error) => {
            let failure = Failure { code: error.code(), message: error.to_string() };
            tracing::warn!(job = job.id, code = failure.code, message = failure.message, "a job fails");
            job.failure = Some(failure);
            job.finish(Status::Error, now_ms())
        }
    }
}

/// Logs that an event could not be written. The event of a job's end has its own handling.
fn log_lost_event(result: Result<(), StoreError>) {
    if let Err(error) = result {
        tracing::warn!(%error, "an event of a job is lost");
    }
}
