//! `MediaConvert` and EventBridge.

mod probed;

mod settings;

use std::time::Duration;

use aws_sdk_mediaconvert::Client;
use aws_sdk_mediaconvert::config::retry::RetryConfig;
use aws_sdk_mediaconvert::config::timeout::TimeoutConfig;
use aws_sdk_mediaconvert::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_mediaconvert::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_mediaconvert::types::{Job, Order, ProbeInputFile, StatusUpdateInterval};
use serde_json::{Value, json};
use service::aws_api::{AwsApi, CallError, Timeouts};
use service::wire::http_client;

use crate::claim::Claim;
use crate::job_event::CLAIM;
use crate::plan::Plan;
use crate::source::Source;
use crate::status::{State, Status};

/// How long AWS may take to connect, to say anything, and in all with its tries: a probe reads from the file. All of
/// it is shorter than a claim is held, so that whoever takes a claim over finds what was submitted.
const CONNECTING: Duration = Duration::from_secs(10);
const READING: Duration = Duration::from_secs(30);
const WHOLE: Duration = Duration::from_mins(1);

/// The longest text that `SearchJobs` takes as a part of an input's name.
const MAX_SEARCH_CHARS: usize = 300;

/// Jobs that are looked through on a page, and the most pages, for the job of a claim. Newest first.
const PAGE: i32 = 20;
const MAX_PAGES: usize = 50;

/// The `Source` of our own events.
const SOURCE: &str = "tintype";

/// Headers of the operation `PutEvents` of EventBridge's JSON protocol.
const PUT_EVENTS: [(&str, &str); 2] =
    [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "AWSEvents.PutEvents")];

/// Where jobs go.
#[derive(Clone, Debug)]
pub struct SubmitConfig {
    /// The region.
    pub region: String,
    /// Who asks. They need `mediaconvert:CreateJob`, `Probe`, `SearchJobs` and `ListJobs`, `iam:PassRole` for the
    /// role, and `events:PutEvents` where there is a bus.
    pub credentials: Credentials,
    /// Another `MediaConvert` than the region's own.
    pub endpoint: Option<String>,
    /// The ARN of the role by which `MediaConvert` reads and writes.
    pub role: String,
    /// The queue; none for the account's default.
    pub queue: Option<String>,
    /// The bus that is told of the end of jobs.
    pub bus: Option<String>,
    /// Another EventBridge than the region's own.
    pub events_endpoint: Option<String>,
    /// How often each request is tried, at least once, with pauses that grow.
    pub attempts: u32,
}

/// Creates jobs.
#[derive(Clone, Debug)]
pub struct Submitter {
    client: Client,
    events: AwsApi,
    role: String,
    queue: Option<String>,
    bus: Option<String>,
}

/// Why AWS didn't do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// It may another time: too many requests, a failure of its own, no answer.
    #[error("{0}")]
    Later(String),
    /// It never will.
    #[error("{0}")]
    Never(String),
}

impl Submitter {
    /// What a configuration names. Nothing is asked yet.
    pub fn new(config: &SubmitConfig) -> Self {
        Self {
            client: client(config),
            events: events_api(config),
            role: config.role.clone(),
            queue: config.queue.clone(),
            bus: config.bus.clone(),
        }
    }

    /// What is known of a video. A file that can't be read is refused for ever.
    pub async fn probe(&self, claim: &Claim) -> Result<Source, SubmitError> {
        let file = ProbeInputFile::builder().file_url(input_url(claim)).build();
        let probed = self.client.probe().input_files(file).send().await;
        let probed = probed.map_err(|error| failure("Probe", &error))?;
        probed
            .probe_results()
            .first()
            .and_then(|result| probed::source(result, claim.source.bytes))
            .ok_or_else(|| SubmitError::Never("the file is of no kind that MediaConvert reads".to_owned()))
    }

    /// Creates the job of a claim; its id.
    pub async fn create(&self, claim: &Claim, plan: &Plan) -> Result<String, SubmitError> {
        let folder = format!("s3://{}/{}", claim.bucket, claim.names().folder());
        let created = self
            .client
            .create_job()
            .client_request_token(&claim.id)
            .role(&self.role)
            .set_queue(self.queue.clone())
            .status_update_interval(StatusUpdateInterval::Seconds10)
            .user_metadata("asset", &claim.asset)
            .user_metadata("version", &claim.source.version)
            .user_metadata(CLAIM, &claim.id)
            .settings(settings::settings(plan, &input_url(claim), &folder))
            .send()
            .await
            .map_err(|error| failure("CreateJob", &error))?;
        let id = created.job().and_then(Job::id);
        id.map(str::to_owned).ok_or_else(|| SubmitError::Later("CreateJob answers without an id".to_owned()))
    }

    /// The id of the job that was created for a claim, if there is one.
    pub async fn find(&self, claim: &Claim) -> Result<Option<String>, SubmitError> {
        let input = input_url(claim);
        let mut token = None;
        for _ in 0..MAX_PAGES {
            let (jobs, next) = if input.chars().count() <= MAX_SEARCH_CHARS {
                let request = self.client.search_jobs().input_file(&input).order(Order::Descending);
                let found = request.max_results(PAGE).set_next_token(token).send().await;
                let found = found.map_err(|error| failure("SearchJobs", &error))?;
                (found.jobs.unwrap_or_default(), found.next_token)
            } else {
                let request = self.client.list_jobs().order(Order::Descending);
                let found = request.max_results(PAGE).set_next_token(token).send().await;
                let found = found.map_err(|error| failure("ListJobs", &error))?;
                (found.jobs.unwrap_or_default(), found.next_token)
            };
            if let Some(job) = jobs.iter().find(|job| is_of(job, claim)) {
                return Ok(job.id.clone());
            }
            token = next;
            if token.is_none() {
                break;
            }
        }
        Ok(None)
    }

    /// Tells the bus that a video is ready, or never will be. At least once: the bus knows no token.
    pub async fn announce(&self, status: &Status) -> Result<(), SubmitError> {
        let Some(bus) = &self.bus else { return Ok(()) };
        let detail_type = match status.state {
            State::Ready => "Media Ready",
            State::Failed | State::Canceled => "Media Failed",
            State::Queued | State::Probing | State::Transcoding => return Ok(()),
        };
        let detail = serde_json::to_string(status).map_err(|error| SubmitError::Never(error.to_string()))?;
        let entry = json!({
            "EventBusName": bus,
            "Source": SOURCE,
            "DetailType": detail_type,
            "Detail": detail,
        });
        let body = json!({ "Entries": [entry] }).to_string();
        let answer =
            self.events.post("/", &PUT_EVENTS, &body).await.map_err(|error| put_events_failure(&error))?;
        let answer: Value = serde_json::from_str(&answer)
            .map_err(|error| SubmitError::Later(format!("PutEvents: the response isn't JSON: {error}")))?;
        match answer.pointer("/Entries/0/ErrorMessage").and_then(Value::as_str) {
            None => Ok(()),
            Some(message) => Err(SubmitError::Later(format!("PutEvents: {message}"))),
        }
    }
}

/// Where `MediaConvert` reads the video. It reads what is newest; of which version is known only afterwards.
fn input_url(claim: &Claim) -> String {
    format!("s3://{}/{}", claim.bucket, claim.source.key)
}

fn is_of(job: &Job, claim: &Claim) -> bool {
    job.user_metadata().is_some_and(|metadata| metadata.get(CLAIM) == Some(&claim.id))
}

fn client(config: &SubmitConfig) -> Client {
    let mut builder = aws_sdk_mediaconvert::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(config.region.clone()))
        .credentials_provider(config.credentials.clone())
        .retry_config(RetryConfig::standard().with_max_attempts(config.attempts.max(1)))
        .timeout_config(timeouts())
        .http_client(http_client());
    builder.set_endpoint_url(config.endpoint.clone());
    Client::from_conf(builder.build())
}

fn events_api(config: &SubmitConfig) -> AwsApi {
    let region = &config.region;
    let suffix = if region.starts_with("cn-") { ".cn" } else { "" };
    let default_endpoint = || format!("https://events.{region}.amazonaws.com{suffix}");
    AwsApi {
        service: "events",
        region: region.clone(),
        endpoint: config.events_endpoint.clone().unwrap_or_else(default_endpoint),
        credentials: config.credentials.clone(),
        attempts: config.attempts,
        timeouts: Timeouts { connect: CONNECTING, read: READING, operation: WHOLE },
    }
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECTING)
        .read_timeout(READING)
        .operation_timeout(WHOLE)
        .build()
}

fn put_events_failure(error: &CallError) -> SubmitError {
    match error {
        CallError::Invalid(_) => SubmitError::Never(format!("PutEvents: {error}")),
        CallError::NoResponse(_) => SubmitError::Later(format!("PutEvents: {error}")),
        CallError::Refused { status, body } => by_status(*status, body, format!("PutEvents: {error}")),
    }
}

/// The errors that pass are those that AWS names so: `TooManyRequestsException`, `InternalServerErrorException`,
/// `ConflictException` and `ServiceQuotaExceededException`; and every answer that isn't MediaConvert's own. One that
/// isn't implemented stays so.
fn failure<E>(
    operation: &str,
    error: &SdkError<E, aws_sdk_mediaconvert::config::http::HttpResponse>,
) -> SubmitError
where
    E: ProvideErrorMetadata + std::fmt::Debug,
{
    let Some(service) = error.as_service_error() else {
        return SubmitError::Later(format!("{operation}: {error:?}"));
    };
    let http = error.raw_response().map_or(0, |response| response.status().as_u16());
    let code = service.code().unwrap_or("no code");
    let text = format!("{operation}: {code}: {}", service.message().unwrap_or("no message"));
    by_status(http, code, text)
}

/// `Later` for a status or an error code that may pass.
fn by_status(status: u16, code: &str, text: String) -> SubmitError {
    match status {
        408 | 409 | 429 => SubmitError::Later(text),
        501 => SubmitError::Never(text),
        400..=499 if !code.contains("Throttl") && !code.contains("QuotaExceeded") => SubmitError::Never(text),
        _ => SubmitError::Later(text),
    }
}
