//! The steps of a job, from its input to its outputs.

use std::path::PathBuf;

use aws_sdk_s3::Client;
use futures::TryStreamExt as _;
use futures::stream::FuturesUnordered;
use serde_json::Value;

use super::error::RunError;
use super::folder::{self, RunFolder};
use super::progress::{Phase, Progress};
use super::storage;
use super::tools::{FfmpegProgress, Tools};
use crate::media::Media;
use crate::package::{Object, package};
use crate::plan::{Plan, plan};
use crate::settings::CreateJob;

/// Maximum number of objects that a job uploads concurrently.
const CONCURRENT_UPLOADS: usize = 8;

/// The percentage of a job at the end of transcoding. Uploading takes the rest.
const TRANSCODING_PERCENT: f64 = 95.0;

/// Runs jobs.
#[derive(Clone, Debug)]
pub(crate) struct Runner {
    pub(crate) s3: Client,
    pub(crate) tools: Tools,
    /// The folder that contains the folder of each run.
    pub(crate) folder: PathBuf,
}

/// The result of a job.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct JobResult {
    /// `outputGroupDetails`.
    pub(crate) group_details: Vec<Value>,
    /// The number of errors in the input that ffmpeg reported, and went on.
    pub(crate) decoding_errors: u64,
}

/// The probed input of a job.
#[derive(Clone, Debug)]
pub(crate) struct ProbedInput {
    url: String,
    pub(crate) media: Media,
}

impl Runner {
    /// Removes the folders of killed runs. Blocks the thread.
    pub(crate) fn remove_leftovers(&self) -> std::io::Result<()> {
        folder::remove(&self.folder)
    }

    /// Probes a job's input.
    pub(crate) async fn probe(&self, job: &CreateJob) -> Result<ProbedInput, RunError> {
        let input = job.settings.inputs.first().map(|input| input.url.as_str()).unwrap_or_default();
        let object = storage::open_input(&self.s3, input).await.map_err(RunError::Input)?;
        let media = self.tools.probe(&object.url).await.map_err(RunError::Demux)?;
        Ok(ProbedInput { url: object.url, media })
    }

    /// Transcodes a probed input and uploads the outputs. Returns the job's result. If the future is dropped,
    /// ffmpeg ends and the local files are removed; uploaded objects stay, as on AWS.
    pub(crate) async fn execute(
        &self,
        job: &CreateJob,
        input: &ProbedInput,
        name: &str,
        progress: &Progress,
    ) -> Result<JobResult, RunError> {
        let plan = plan(&job.settings, &input.media, &input.url)?;
        let folder = RunFolder::create(self.folder.join(name))?;
        self.fetch_captions(&plan, &folder).await?;
        let on_progress =
            |ffmpeg: FfmpegProgress| progress.set(Phase::Transcoding, transcoding_percent(&plan, ffmpeg));
        let transcoding = self.tools.transcode(&plan.arguments, &folder.path, on_progress);
        let decoding_errors = transcoding.await.map_err(RunError::Transcode)?;
        progress.set(Phase::Uploading, TRANSCODING_PERCENT);
        let path = folder.path.clone();
        let package = tokio::task::spawn_blocking(move || package(&plan, &path)).await??;
        self.upload(&package.objects, progress).await?;
        Ok(JobResult { group_details: package.group_details, decoding_errors })
    }

    /// Copies the captions of a plan to the folder of its run.
    async fn fetch_captions(&self, plan: &Plan, folder: &RunFolder) -> Result<(), RunError> {
        for caption in plan.captions() {
            let content = storage::read(&self.s3, &caption.source).await.map_err(RunError::Input)?;
            tokio::fs::write(folder.path.join(caption.file_name()), content).await?;
        }
        Ok(())
    }

    /// Uploads media concurrently, then manifests one by one.
    async fn upload(&self, objects: &[Object], progress: &Progress) -> Result<(), RunError> {
        let (manifests, media): (Vec<_>, Vec<_>) = objects.iter().partition(|object| object.is_manifest());
        let count = media.len().max(1) as f64;
        let mut started = 0.0;
        let mut uploads = FuturesUnordered::new();
        for object in media {
            if uploads.len() >= CONCURRENT_UPLOADS {
                uploads.try_next().await?;
            }
            uploads.push(Box::pin(self.write(object)));
            started += 1.0;
            let percent = TRANSCODING_PERCENT + started / count * (100.0 - TRANSCODING_PERCENT);
            progress.set(Phase::Uploading, percent);
        }
        while uploads.try_next().await?.is_some() {}
        for object in manifests {
            self.write(object).await?;
        }
        Ok(())
    }

    async fn write(&self, object: &Object) -> Result<(), RunError> {
        storage::write(&self.s3, object).await.map_err(RunError::Output)
    }
}

/// The percentage of the whole job while ffmpeg runs. 0 if the duration of the source is unknown.
fn transcoding_percent(plan: &Plan, progress: FfmpegProgress) -> f64 {
    let seconds = match plan.frame_rate {
        Some(rate) => progress.frames as f64 / rate.value(),
        None => progress.time_us as f64 / 1e6,
    };
    if plan.duration_s > 0.0 { (seconds / plan.duration_s).min(1.0) * TRANSCODING_PERCENT } else { 0.0 }
}
