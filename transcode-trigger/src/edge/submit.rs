//! `MediaConvert` and EventBridge: probes, jobs and announcements.

mod config;

mod error;

mod event_bus;

mod probed;

mod settings;

use aws_sdk_mediaconvert::Client;
use aws_sdk_mediaconvert::config::retry::RetryConfig;
use aws_sdk_mediaconvert::config::timeout::TimeoutConfig;
use aws_sdk_mediaconvert::config::{BehaviorVersion, Region};
use aws_sdk_mediaconvert::types::{Job, Order, ProbeInputFile, StatusUpdateInterval};
use service::wire::Timeouts;

use self::event_bus::EventBus;
use crate::claim::Claim;
use crate::job::event::CLAIM;
use crate::plan::Plan;
use crate::source::SourceVideo;
use crate::status::Status;

pub use config::{SubmitConfig, TIMEOUTS};
pub use error::SubmitError;

/// Longest part of an input's name that `SearchJobs` accepts, in characters.
const MAX_SEARCH_CHARS: usize = 300;

/// Jobs per page in the search for the job of a claim, newest first.
const PAGE: i32 = 20;

/// Most pages in the search for the job of a claim.
const MAX_PAGES: usize = 50;

/// The client of `MediaConvert`, and the event bus.
#[derive(Clone, Debug)]
pub struct Submitter {
    client: Client,
    bus: Option<EventBus>,
    role: String,
    queue: Option<String>,
}

impl Submitter {
    /// The client and the event bus of a configuration. No request is sent.
    pub fn new(config: &SubmitConfig) -> Self {
        Self {
            client: client(config),
            bus: EventBus::new(config),
            role: config.role.clone(),
            queue: config.queue.clone(),
        }
    }

    /// Probes the video of a claim. A file that `MediaConvert` can't read is a permanent error.
    pub async fn probe(&self, claim: &Claim) -> Result<SourceVideo, SubmitError> {
        let file = ProbeInputFile::builder().file_url(input_url(claim)).build();
        let probed = self.client.probe().input_files(file).send().await;
        let probed = probed.map_err(|error| error::classify("Probe", &error))?;
        probed
            .probe_results()
            .first()
            .and_then(|result| probed::source(result, claim.source.bytes))
            .ok_or_else(|| SubmitError::Permanent("MediaConvert can't read files of this kind".to_owned()))
    }

    /// Creates the job of a claim. Returns the job's id.
    pub async fn create(&self, claim: &Claim, plan: &Plan) -> Result<String, SubmitError> {
        let folder = format!("s3://{}/{}", claim.bucket, claim.keys().folder());
        let created = self
            .client
            .create_job()
            .client_request_token(claim.token())
            .role(&self.role)
            .set_queue(self.queue.clone())
            .status_update_interval(StatusUpdateInterval::Seconds10)
            .user_metadata("asset", &claim.asset)
            .user_metadata("version", &claim.source.version)
            .user_metadata(CLAIM, &claim.id)
            .settings(settings::settings(plan, &claim.bucket, &input_url(claim), &folder))
            .send()
            .await
            .map_err(|error| error::classify("CreateJob", &error))?;
        let id = created.job().and_then(Job::id);
        id.map(str::to_owned)
            .ok_or_else(|| SubmitError::Transient("CreateJob answers without an id".to_owned()))
    }

    /// Finds the job of a claim. Returns the job's id, or `None` if there is no job.
    pub async fn find(&self, claim: &Claim) -> Result<Option<String>, SubmitError> {
        let input = input_url(claim);
        let mut token = None;
        for _ in 0..MAX_PAGES {
            let (jobs, next) = if input.chars().count() <= MAX_SEARCH_CHARS {
                let request = self.client.search_jobs().input_file(&input).order(Order::Descending);
                let found = request.max_results(PAGE).set_next_token(token).send().await;
                let found = found.map_err(|error| error::classify("SearchJobs", &error))?;
                (found.jobs.unwrap_or_default(), found.next_token)
            } else {
                let request = self.client.list_jobs().order(Order::Descending);
                let found = request.max_results(PAGE).set_next_token(token).send().await;
                let found = found.map_err(|error| error::classify("ListJobs", &error))?;
                (found.jobs.unwrap_or_default(), found.next_token)
            };
            if let Some(job) = jobs.iter().find(|job| belongs_to(job, claim)) {
                return Ok(job.id.clone());
            }
            token = next;
            if token.is_none() {
                break;
            }
        }
        Ok(None)
    }

    /// Announces on the event bus that a video of a bucket is ready or has failed. The event may arrive more than once,
    /// because the bus has no idempotency token.
    pub async fn announce(&self, status: &Status, bucket: &str) -> Result<(), SubmitError> {
        match &self.bus {
            Some(bus) => bus.announce(status, bucket).await,
            None => Ok(()),
        }
    }
}

fn client(config: &SubmitConfig) -> Client {
    let Timeouts { connect, response, operation } = config.timeouts;
    let mut timeouts = TimeoutConfig::builder();
    timeouts.set_connect_timeout(connect).set_read_timeout(response).set_operation_timeout(operation);
    let mut builder = aws_sdk_mediaconvert::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(config.region.clone()))
        .credentials_provider(config.credentials.clone())
        .retry_config(RetryConfig::standard().with_max_attempts(config.attempts.max(1)))
        .timeout_config(timeouts.build())
        .http_client(config.transport.http_client());
    builder.set_endpoint_url(config.endpoint.clone());
    Client::from_conf(builder.build())
}

/// The URL of a claim's video. `MediaConvert` always reads the newest version and does not say which one that was.
fn input_url(claim: &Claim) -> String {
    format!("s3://{}/{}", claim.bucket, claim.source.key)
}

fn belongs_to(job: &Job, claim: &Claim) -> bool {
    let is_former = job.id().is_some_and(|id| claim.former_jobs.iter().any(|former| former == id));
    !is_former && job.user_metadata().is_some_and(|metadata| metadata.get(CLAIM) == Some(&claim.id))
}
