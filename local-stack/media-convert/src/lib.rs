//! An emulator of AWS Elemental `MediaConvert` for one machine: its wire protocol (`restJson1`), with ffmpeg as the
//! transcoder.
//!
//! Supported: `Probe`, `CreateJob`, `GetJob`, `ListJobs`, `SearchJobs`, `CancelJob` and the events of jobs. Every other
//! operation is answered with 501, and a job with a setting that is not implemented is refused.
//!
//! Modules in the order of a job, each importing only modules above it:
//!
//! - `json`, `ratio`, `size`, `s3_url`: small values. `media`: the properties of a media file, from ffprobe's output.
//! - `settings`: the settings of a job, read strictly.
//! - `plan`: computes one run of ffmpeg from the settings and the source.
//! - `package`: turns ffmpeg's files into the objects of a job.
//! - `run`: one job from its input to its outputs, with ffmpeg and S3.
//! - `queue`: the jobs on disk, which of them run, and their events.
//! - `api`: signatures, operations, errors.

mod api;
mod json;
mod media;
mod package;
mod plan;
mod queue;
mod ratio;
mod run;
mod s3_url;
mod settings;
mod size;

use std::path::PathBuf;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use axum::Router;
use local_s3::Store;
use tokio::sync::watch;

pub use self::queue::{EventDelivery, JournalError, default_queue_arn};
pub use self::run::Tools;

use self::api::Callers;
use self::queue::{EventWriter, Journal, Queue};
use self::run::Runner;

/// Options of the endpoint.
#[derive(Debug)]
pub struct Options {
    /// The endpoint's folder, for the jobs and the files of running jobs.
    pub folder: PathBuf,
    /// The client that reads inputs and writes outputs.
    pub s3: Client,
    /// The store whose outbox receives the events.
    pub outbox: Store,
    /// The order and number of events.
    pub event_delivery: EventDelivery,
    /// The credentials that requests may be signed with.
    pub callers: Vec<Credentials>,
    /// The endpoint's region.
    pub region: String,
    /// The programs that transcode.
    pub tools: Tools,
    /// Maximum number of jobs that run concurrently, at least 1.
    pub max_concurrent_jobs: usize,
}

/// The reason why the endpoint cannot start.
#[derive(Debug, thiserror::Error)]
pub enum MediaConvertError {
    /// The jobs cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The folder cannot be used.
    #[error(transparent)]
    Folder(#[from] std::io::Error),
}

/// The endpoint. A clone is another handle to it.
#[derive(Clone, Debug)]
pub struct MediaConvert {
    queue: Arc<Queue>,
    callers: Callers,
}

impl MediaConvert {
    /// Opens the endpoint over its folder, which is created if it is missing. Blocks the thread.
    pub fn open(options: Options) -> Result<Self, MediaConvertError> {
        let Options { folder, s3, outbox, event_delivery, callers, region, tools, max_concurrent_jobs } =
            options;
        std::fs::create_dir_all(&folder)?;
        let runner = Runner { s3, tools, folder: folder.join("work") };
        runner.remove_leftovers()?;
        let journal = Journal::open(&folder.join("jobs.redb"))?;
        let events = EventWriter::new(outbox, &region, event_delivery);
        let queue = Queue::new(journal, events, runner, max_concurrent_jobs);
        Ok(Self { queue: Arc::new(queue), callers: Callers { credentials: callers, region } })
    }

    /// The HTTP service.
    pub fn app(&self) -> Router {
        api::app(Arc::clone(&self.queue), self.callers.clone())
    }

    /// Runs jobs until `stopped` becomes true. A job that is interrupted starts again after the next start. If ffmpeg is
    /// not installed, the log says so, and so do the answers that need it.
    pub async fn work(self, stopped: watch::Receiver<bool>) {
        let tools = self.queue.runner.tools.clone();
        // The check starts two programs. The queue does not wait for it.
        drop(tokio::task::spawn_blocking(move || tools.warn_if_missing()));
        self.queue.serve(stopped).await;
    }
}
