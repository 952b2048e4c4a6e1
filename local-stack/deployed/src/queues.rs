//! The queues of a deployment, and the functions that read them.

use std::collections::BTreeMap;
use std::time::Duration;

use local_queues::mapping::Mapping;
use local_queues::queue::{Queue, QueueConfig, Redrive};

use crate::account::REGION;
use crate::error::DeployError;
use crate::functions::Functions;
use crate::properties::{MappingProperties, QueueProperties};
use crate::resources::{Resource, Resources};

/// The retention and the visibility timeout of a queue that declares none, in seconds (`CloudFormation`'s defaults).
const DEFAULT_RETENTION: u64 = 345_600;
const DEFAULT_VISIBILITY: u64 = 30;

/// The maximum concurrency of a mapping that declares none.
const DEFAULT_CONCURRENCY: usize = 5;

/// The queues by their ARNs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queues(pub(crate) BTreeMap<String, Queue>);

impl Queues {
    pub(crate) fn new(resources: Resources<'_>) -> Result<Self, DeployError> {
        let mut queues = Self::default();
        let mut waiting = resources.of::<QueueProperties>("AWS::SQS::Queue")?;
        // A queue follows its dead letters.
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut rest = Vec::new();
            for resource in waiting {
                let target =
                    resource.properties.redrive_policy.as_ref().map(|policy| &policy.dead_letter_target_arn);
                if target.is_none_or(|target| queues.0.contains_key(target)) {
                    queues.add(resources, resource)?;
                } else {
                    rest.push(resource);
                }
            }
            waiting = rest;
            if let Some(stuck) = waiting.first().filter(|_| waiting.len() == before) {
                return Err(DeployError::property(&stuck.id, "its dead letter queue doesn't exist"));
            }
        }
        Ok(queues)
    }

    fn add(
        &mut self,
        resources: Resources<'_>,
        Resource { id, properties }: Resource<QueueProperties>,
    ) -> Result<(), DeployError> {
        let arn = resources.arn(&id)?;
        let redrive = properties.redrive_policy.and_then(|policy| {
            let dead_letters = self.0.get(&policy.dead_letter_target_arn)?.clone();
            Some(Redrive { dead_letters, max_receives: policy.max_receive_count })
        });
        let config = QueueConfig {
            arn: arn.clone(),
            delay: Duration::from_secs(properties.delay_seconds),
            visibility: Duration::from_secs(properties.visibility_timeout.unwrap_or(DEFAULT_VISIBILITY)),
            retention: Duration::from_secs(properties.message_retention_period.unwrap_or(DEFAULT_RETENTION)),
            redrive,
        };
        self.0.insert(arn, Queue::new(config));
        Ok(())
    }
}

/// The event source mappings.
pub(crate) fn mappings(
    resources: Resources<'_>,
    queues: &Queues,
    functions: &Functions,
) -> Result<Vec<Mapping>, DeployError> {
    let mut mappings = Vec::new();
    for Resource { id, properties } in resources.of::<MappingProperties>("AWS::Lambda::EventSourceMapping")? {
        let source = &properties.event_source_arn;
        let queue = queues.0.get(source);
        let queue = queue.ok_or_else(|| DeployError::property(&id, format!("there is no queue {source}")))?;
        let function = functions.get(&id, &properties.function_name)?;
        if queue.config().visibility < function.config().timeout {
            // CreateEventSourceMapping refuses it.
            return Err(DeployError::property(
                &id,
                "the queue's visibility timeout is below the function's timeout",
            ));
        }
        mappings.push(Mapping {
            queue: queue.clone(),
            function: function.clone(),
            batch_size: properties.batch_size,
            max_concurrency: properties
                .scaling_config
                .map_or(DEFAULT_CONCURRENCY, |scaling| scaling.maximum_concurrency),
            reports_failures: properties
                .function_response_types
                .iter()
                .any(|kind| kind == "ReportBatchItemFailures"),
            region: REGION.to_owned(),
        });
    }
    Ok(mappings)
}
