//! One job from its input to its outputs.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};

use aws_sdk_s3::Client;
use futures::TryStreamExt as _;
use futures::stream::FuturesUnordered;
use serde_json::Value;

use super::events::Phase;
use super::ffmpeg::{Advance, ToolError, Tools};
use super::job::Failure;
use super::media::Media;
use super::package::{Object, PackageError, package};
use super::plan::{Plan, PlanError, plan};
use super::settings::CreateJob;
use super::storage::{self, StorageError};

/// As many objects are sent at once.
const SENT_AT_ONCE: usize = 8;

/// Of a job's percents, those that transcoding takes; sending takes the rest.
const TRANSCODING_PERCENT: f64 = 95.0;

/// Why a job fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    #[error("unable to open the input: {0}")]
    Input(StorageError),
    #[error("the input can't be read: {0}")]
    Demux(ToolError),
    #[error("{0}")]
    Settings(String),
    #[error("{0}")]
    Plan(#[from] PlanError),
    #[error("{0}")]
    Transcode(ToolError),
    #[error("{0}")]
    Package(#[from] PackageError),
    #[error("an output can't be written: {0}")]
    Output(StorageError),
    #[error("the job's folder can't be made: {0}")]
    Folder(#[from] std::io::Error),
    #[error("the work ended early: {0}")]
    Thread(#[from] tokio::task::JoinError),
}

impl RunError {
    /// With the number that the service has for the nearest cause.
    pub(crate) fn failure(&self) -> Failure {
        let code = match self {
            Self::Settings(_) | Self::Plan(PlanError::Setting { .. }) => 1010,
            Self::Plan(PlanError::Source(_)) => 1030,
            Self::Demux(_) => 1076,
            Self::Input(_) => 1404,
            Self::Output(_) => 1517,
            Self::Transcode(_) | Self::Package(_) | Self::Folder(_) | Self::Thread(_) => 1999,
        };
        Failure { code, message: self.to_string() }
    }
}

/// How far a run is; read by others while it goes on.
#[derive(Debug)]
pub(crate) struct Progress {
    phase: AtomicU8,
    percent: AtomicU8,
}

impl Progress {
    pub(crate) const fn new() -> Self {
        Self { phase: AtomicU8::new(Phase::Probing as u8), percent: AtomicU8::new(0) }
    }

    pub(crate) fn get(&self) -> (Phase, u8) {
        let phase = self.phase.load(Ordering::Relaxed);
        let phase = Phase::ALL.into_iter().find(|one| *one as u8 == phase);
        (phase.unwrap_or(Phase::Probing), self.percent.load(Ordering::Relaxed))
    }

    fn set(&self, phase: Phase, percent: f64) {
        self.phase.store(phase as u8, Ordering::Relaxed);
        // Never back: ffmpeg's times of several outputs aren't in order.
        self.percent.fetch_max(percent.clamp(0.0, 99.0) as u8, Ordering::Relaxed);
    }
}

/// What a run works with.
#[derive(Clone, Debug)]
pub(crate) struct Workshop {
    pub(crate) s3: Client,
    pub(crate) tools: Tools,
    /// The folder that each run makes a folder in.
    pub(crate) folder: PathBuf,
}

/// An input that can be read.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    url: String,
    pub(crate) media: Media,
}

impl Workshop {
    /// Looks at a job's input.
    pub(crate) async fn open(&self, job: &CreateJob) -> Result<Opened, RunError> {
        let input = job.settings.inputs.first().map(|input| input.url.as_str()).unwrap_or_default();
        let readable = storage::readable(&self.s3, input).await.map_err(RunError::Input)?;
        let media = self.tools.probe(&readable.url).await.map_err(RunError::Demux)?;
        Ok(Opened { url: readable.url, media })
    }

    /// Executes a job on its opened input; `outputGroupDetails` of its end. Given up at any point, it ends its programs
    /// and removes its files; what it has sent by then stays, as on AWS.
    pub(crate) async fn execute(
        &self,
        job: &CreateJob,
        opened: &Opened,
        name: &str,
        progress: &Progress,
    ) -> Result<Vec<Value>, RunError> {
        let plan = plan(&job.settings, &opened.media, &opened.url)?;
        let folder = Folder::make(self.folder.join(name))?;
        let advanced = |advance| progress.set(Phase::Transcoding, percent(&plan, advance));
        self.tools.transcode(&plan.arguments, &folder.0, advanced).await.map_err(RunError::Transcode)?;
        progress.set(Phase::Uploading, TRANSCODING_PERCENT);
        let path = folder.0.clone();
        let packaged = tokio::task::spawn_blocking(move || package(&plan, &path)).await??;
        self.send(&packaged.objects, progress).await?;
        Ok(packaged.group_details)
    }

    /// Sends media first and then, one by one, what names them.
    async fn send(&self, objects: &[Object], progress: &Progress) -> Result<(), RunError> {
        let (texts, files): (Vec<_>, Vec<_>) = objects.iter().partition(|object| object.is_manifest());
        let count = files.len().max(1) as f64;
        let mut done = 0.0;
        let mut writing = FuturesUnordered::new();
        for object in files {
            if writing.len() >= SENT_AT_ONCE {
                writing.try_next().await?;
            }
            writing.push(Box::pin(self.write(object)));
            done += 1.0;
            progress
                .set(Phase::Uploading, TRANSCODING_PERCENT + done / count * (100.0 - TRANSCODING_PERCENT));
        }
        while writing.try_next().await?.is_some() {}
        for object in texts {
            self.write(object).await?;
        }
        Ok(())
    }

    async fn write(&self, object: &Object) -> Result<(), RunError> {
        storage::write(&self.s3, object).await.map_err(RunError::Output)
    }
}

/// Of the whole job.
fn percent(plan: &Plan, advance: Advance) -> f64 {
    let seconds = match plan.frame_rate {
        Some(rate) => advance.frames as f64 / rate.value(),
        None => advance.time_us as f64 / 1e6,
    };
    if plan.duration_s > 0.0 { (seconds / plan.duration_s).min(1.0) * TRANSCODING_PERCENT } else { 0.0 }
}

/// A folder that goes with the interest in it.
struct Folder(PathBuf);

impl Folder {
    fn make(path: PathBuf) -> std::io::Result<Self> {
        // An earlier run of the job that was killed may have left one, and its program may still write there.
        remove(&path)?;
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = remove(&self.0) {
            tracing::warn!(%error, "the folder of a job is left until the next start");
        }
    }
}

/// Removes a folder with all that is in it, if it is there. Blocks.
pub(crate) fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
