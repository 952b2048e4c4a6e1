//! The rules of the event bus. Their targets are queues.

use std::collections::BTreeSet;
use std::time::Duration;

use local_events::pattern::Pattern;
use local_events::rule::{Handler, HandlerError, Rule};
use local_policy::{Call, Caller, Context, Decision, Key, Permissions};
use local_queues::queue::Queue;
use serde_json::Value;

use crate::error::DeployError;
use crate::properties::{BucketProperties, RuleProperties};
use crate::queues::Queues;
use crate::resources::{Resource, Resources};

/// Events that a rule sends to its queues at the same time.
const CONCURRENCY: usize = 4;

/// The rules that are enabled.
pub(crate) fn rules(
    resources: Resources<'_>,
    queues: &Queues,
    permissions: &Permissions,
) -> Result<Vec<Rule>, DeployError> {
    let silent = silent_buckets(resources)?;
    let mut rules = Vec::new();
    for Resource { id, properties } in resources.of::<RuleProperties>("AWS::Events::Rule")? {
        if properties.state.as_deref() == Some("DISABLED") {
            continue;
        }
        let arn = resources.arn(&id)?;
        let pattern =
            Pattern::new(&properties.event_pattern).map_err(|error| DeployError::property(&id, error))?;
        let mut targets = Vec::new();
        for target in properties.targets {
            let queue = queues.0.get(&target.arn);
            let queue =
                queue.ok_or_else(|| DeployError::property(&id, format!("{} isn't a queue", target.arn)))?;
            if may_send(permissions, &arn, &target.arn) {
                targets.push(queue.clone());
            } else {
                // EventBridge drops such events and counts them as failed invocations.
                tracing::error!(
                    rule = id,
                    queue = target.arn,
                    "the queue's policy doesn't let the rule send"
                );
            }
        }
        let handler = Box::new(Targets { queues: targets, silent: silent.clone() });
        rules.push(Rule { name: id, pattern, delay: Duration::ZERO, concurrency: CONCURRENCY, handler });
    }
    Ok(rules)
}

/// The buckets that send no events to the bus.
fn silent_buckets(resources: Resources<'_>) -> Result<BTreeSet<String>, DeployError> {
    let mut silent = BTreeSet::new();
    for Resource { id, properties } in resources.of::<BucketProperties>("AWS::S3::Bucket")? {
        let notifications = properties.notifications;
        if !notifications
            .is_some_and(|notifications| notifications.event_bridge_configuration.event_bridge_enabled)
        {
            silent.insert(resources.name(&id)?);
        }
    }
    Ok(silent)
}

fn may_send(permissions: &Permissions, rule: &str, queue: &str) -> bool {
    let call = Call {
        caller: Caller::Service("events.amazonaws.com".to_owned()),
        action: "sqs:SendMessage".to_owned(),
        resource: queue.to_owned(),
        context: Context::over_tls().with(Key::SourceArn, rule),
    };
    permissions.decide(&call) == Decision::Allowed
}

/// The queues that get the events of a rule.
struct Targets {
    queues: Vec<Queue>,
    /// The buckets whose events don't reach the bus.
    silent: BTreeSet<String>,
}

#[async_trait::async_trait]
impl Handler for Targets {
    async fn handle(&self, event: &Value) -> Result<(), HandlerError> {
        let bucket = event.pointer("/detail/bucket/name").and_then(Value::as_str);
        if !bucket.is_some_and(|bucket| self.silent.contains(bucket)) {
            for queue in &self.queues {
                queue.send(event.to_string());
            }
        }
        Ok(())
    }
}
