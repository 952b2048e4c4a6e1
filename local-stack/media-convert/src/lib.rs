//! `MediaConvert` on one machine: its wire protocol (`restJson1`), and ffmpeg behind it.
//!
//! A job's settings are read strictly (`settings`), planned as one run of ffmpeg (`plan`, over what `media` says of the
//! input), executed and packaged (`run`, `ffmpeg`, `package`), in a bounded queue that survives a restart (`queue`,
//! `journal`). Inputs come from and outputs go to S3 by the SDK (`storage`). What a job tells of itself goes to the
//! stack's outbox (`events`).
//!
//! In front: `api` (operations), `signed` (signatures), `problem` (refusals), `probe` (the answer of `Probe`).

mod api;
mod events;
mod ffmpeg;
mod job;
mod journal;
mod json;
mod media;
mod package;
mod plan;
mod probe;
mod problem;
mod queue;
mod ratio;
mod run;
mod s3_url;
mod settings;
mod signed;
mod size;
mod storage;

use std::path::PathBuf;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use axum::{Router, middleware};
use tokio::sync::watch;

pub use self::events::Manner;
pub use self::ffmpeg::Tools;
pub use self::journal::JournalError;

use self::api::Api;
use self::events::Herald;
use self::journal::Journal;
use self::queue::Queue;
use self::run::Workshop;
use self::signed::Owner;
use local_s3::Store;

/// What the endpoint works with.
#[derive(Debug)]
pub struct Options {
    /// Its own folder: jobs, and what is under way.
    pub folder: PathBuf,
    /// Reads inputs and writes outputs.
    pub s3: Client,
    /// Where events go.
    pub outbox: Store,
    /// How they come.
    pub manner: Manner,
    /// Who may ask.
    pub owner: Credentials,
    /// The region that it says it is in.
    pub region: String,
    /// The programs that transcode.
    pub tools: Tools,
    /// As many jobs run at once, at least 1.
    pub jobs_at_once: usize,
}

/// Why the endpoint doesn't start.
#[derive(Debug, thiserror::Error)]
pub enum MediaConvertError {
    /// Its jobs can't be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Its folder can't be used.
    #[error(transparent)]
    Folder(#[from] std::io::Error),
}

/// The endpoint.
#[derive(Clone, Debug)]
pub struct MediaConvert {
    queue: Arc<Queue>,
    owner: Owner,
}

impl MediaConvert {
    /// Opens the endpoint over its folder, making what is missing. Blocks.
    pub fn open(options: Options) -> Result<Self, MediaConvertError> {
        let Options { folder, s3, outbox, manner, owner, region, tools, jobs_at_once } = options;
        std::fs::create_dir_all(&folder)?;
        // What runs that were killed have left.
        let work = folder.join("work");
        run::remove(&work)?;
        let journal = Journal::open(&folder.join("jobs.redb"))?;
        let herald = Herald::new(outbox, &region, manner);
        let queue = Queue::new(journal, herald, Workshop { s3, tools, folder: work }, jobs_at_once);
        Ok(Self { queue: Arc::new(queue), owner: Owner { credentials: owner, region } })
    }

    /// The wire protocol.
    pub fn app(&self) -> Router {
        let api = Api { queue: Arc::clone(&self.queue), region: self.owner.region.clone() };
        api::routes(Arc::new(api)).layer(middleware::from_fn_with_state(self.owner.clone(), signed::require))
    }

    /// Runs jobs until it is stopped. What is under way by then starts again after the next start. Without ffmpeg on
    /// the machine it says so in the log, and every answer that needs it does.
    pub async fn work(self, stopped: watch::Receiver<bool>) {
        let tools = self.queue.workshop.tools.clone();
        // Nothing waits for it: two programs are started to look.
        drop(tokio::task::spawn_blocking(move || {
            if !tools.are_there() {
                tracing::warn!("{}", ffmpeg::MISSING);
            }
        }));
        self.queue.serve(stopped).await;
    }
}
