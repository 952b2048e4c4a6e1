//! Measures what AWS measures of functions, queues, jobs and the distribution.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use local_edge::invalidation::DISTRIBUTION;
use local_events::pattern::Pattern;
use local_events::rule::{Handler, HandlerError, Rule};
use local_lambda::outcome::{End, EndKind};
use local_queues::queue::Queue;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;

use crate::alarms::{Alarm, AlarmState, alarms};
use crate::error::DeployError;
use crate::metric_filters::MetricFilters;
use crate::metrics::{Metric, Metrics};
use crate::queues::Queues;
use crate::resources::Resources;

/// The interval in which queues are looked at, as on AWS.
const INTERVAL: Duration = Duration::from_mins(1);

/// The metrics of each namespace.
const LAMBDA: [&str; 4] = ["Duration", "Errors", "Invocations", "Throttles"];
const SQS: [&str; 2] = ["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"];
const CLOUDFRONT: &str = "5xxErrorRate";
const MEDIA_CONVERT: &str = "JobsErroredCount";

/// The metrics of a deployment, and the alarms that look at them. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Measuring {
    pub(crate) metrics: Metrics,
    filters: Arc<Mutex<MetricFilters>>,
    alarms: Arc<Vec<Alarm>>,
    queues: Queues,
}

impl Measuring {
    /// Fails if an alarm looks at a metric that isn't measured.
    pub(crate) fn new(
        resources: Resources<'_>,
        filters: MetricFilters,
        queues: Queues,
    ) -> Result<Self, DeployError> {
        let alarms = alarms(resources, |metric| is_measured(metric) || filters.makes(metric))?;
        Ok(Self {
            metrics: Metrics::default(),
            filters: Arc::new(Mutex::new(filters)),
            alarms: Arc::new(alarms),
            queues,
        })
    }

    /// The states of the alarms now.
    pub(crate) fn states(&self) -> Vec<AlarmState> {
        let now = self.measure();
        self.alarms.iter().map(|alarm| alarm.state(&self.metrics, now)).collect()
    }

    /// Looks at the queues and the logs.
    pub(crate) fn measure(&self) -> Timestamp {
        let now = Timestamp::now();
        for (arn, queue) in &self.queues.0 {
            let name = arn.rsplit(':').next().unwrap_or_default();
            let metric = |metric| Metric::new("AWS/SQS", metric, ("QueueName", name));
            let [age, visible] = SQS.map(metric);
            self.metrics.add(age, now, queue.oldest_age().unwrap_or_default().as_secs_f64());
            self.metrics.add(visible, now, Queue::visible(queue) as f64);
        }
        self.filters.lock().unwrap_or_else(PoisonError::into_inner).read(&self.metrics, now);
        now
    }

    /// Measures until `stopped` becomes `true`.
    pub(crate) async fn run(self, mut ends: UnboundedReceiver<End>, mut stopped: watch::Receiver<bool>) {
        let mut interval = tokio::time::interval(INTERVAL);
        loop {
            tokio::select! {
                _ = interval.tick() => drop(self.measure()),
                Some(end) = ends.recv() => self.add_end(&end),
                // An error means that the sender was dropped. Measuring stops then, too.
                _ = stopped.wait_for(|is_stopped| *is_stopped) => return,
            }
        }
    }

    fn add_end(&self, end: &End) {
        let at = Timestamp::try_from(end.at).unwrap_or_else(|_| Timestamp::now());
        let add = |name: &str, value: f64| {
            self.metrics.add(Metric::new("AWS/Lambda", name, ("FunctionName", &end.function)), at, value);
        };
        let (duration, errors) = match end.kind {
            EndKind::Throttled => return add("Throttles", 1.0),
            EndKind::Failed(duration) => (duration, 1.0),
            EndKind::Answered(duration) => (duration, 0.0),
        };
        add("Invocations", 1.0);
        add("Errors", errors);
        add("Duration", duration.as_secs_f64() * 1000.0);
    }

    /// The rule that counts jobs that have failed.
    pub(crate) fn rule(&self) -> Result<Rule, DeployError> {
        let pattern = json!({ "source": ["aws.mediaconvert"], "detail": { "status": ["ERROR"] } });
        Ok(Rule {
            name: "measuring".to_owned(),
            pattern: Pattern::new(&pattern).map_err(DeployError::set_up)?,
            delay: Duration::ZERO,
            concurrency: 1,
            handler: Box::new(FailedJobs(self.metrics.clone())),
        })
    }
}

fn is_measured(metric: &Metric) -> bool {
    let names: &[&str] = match metric.namespace.as_str() {
        "AWS/Lambda" => &LAMBDA,
        "AWS/SQS" => &SQS,
        "AWS/CloudFront" => &[CLOUDFRONT],
        "AWS/MediaConvert" => &[MEDIA_CONVERT],
        _ => &[],
    };
    names.contains(&metric.name.as_str())
}

struct FailedJobs(Metrics);

#[async_trait::async_trait]
impl Handler for FailedJobs {
    async fn handle(&self, event: &Value) -> Result<(), HandlerError> {
        let queue = event.pointer("/detail/queue").and_then(Value::as_str).unwrap_or_default();
        self.0.add(Metric::new("AWS/MediaConvert", MEDIA_CONVERT, ("Queue", queue)), Timestamp::now(), 1.0);
        Ok(())
    }
}

/// Measures the responses of the distribution: in percent, so that their average is the rate of errors.
pub(crate) async fn measure_response(
    State(metrics): State<Metrics>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    let dimensions = [("DistributionId", DISTRIBUTION), ("Region", "Global")];
    let metric = Metric {
        namespace: "AWS/CloudFront".to_owned(),
        name: CLOUDFRONT.to_owned(),
        dimensions: BTreeMap::from(dimensions.map(|(name, value)| (name.to_owned(), value.to_owned()))),
    };
    metrics.add(metric, Timestamp::now(), if response.status().is_server_error() { 100.0 } else { 0.0 });
    response
}
