//! The CORS rules and lifecycle rules of buckets.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use local_s3::{CorsRule, LifecycleRule, Store, StoreError};
use tokio::sync::watch;

use crate::account::REGION;
use crate::error::DeployError;
use crate::properties::{BucketProperties, CorsRuleProperties, LifecycleRuleProperties};
use crate::resources::{Resource, Resources};

/// The interval in which lifecycle rules are applied. Their days end at midnight.
const INTERVAL: Duration = Duration::from_hours(1);

/// The lifecycle rules of a deployment's buckets.
#[derive(Clone, Debug)]
pub(crate) struct Lifecycle {
    rules: BTreeMap<String, Vec<LifecycleRule>>,
    store: Store,
}

impl Lifecycle {
    /// The rules of the template.
    pub(crate) fn new(resources: Resources<'_>, store: &Store) -> Result<Self, DeployError> {
        let mut rules = BTreeMap::new();
        for Resource { id, properties } in resources.of::<BucketProperties>("AWS::S3::Bucket")? {
            let declared = properties.lifecycle.map(|configuration| configuration.rules);
            let enabled = declared.unwrap_or_default().into_iter().filter(|rule| rule.status == "Enabled");
            rules.insert(resources.name(&id)?, enabled.map(lifecycle_rule).collect());
        }
        Ok(Self { rules, store: store.clone() })
    }

    /// Removes what has expired at a time. Returns the buckets and keys.
    pub(crate) async fn apply(&self, now: Timestamp) -> Result<Vec<String>, StoreError> {
        let mut removed = Vec::new();
        for (bucket, rules) in &self.rules {
            let keys = self.store.expire(bucket, rules, REGION, now).await?;
            removed.extend(keys.into_iter().map(|key| format!("{bucket}/{key}")));
        }
        Ok(removed)
    }

    /// Removes what expires, until `stopped` becomes `true`.
    pub(crate) async fn run(self, mut stopped: watch::Receiver<bool>) {
        let mut interval = tokio::time::interval(INTERVAL);
        loop {
            tokio::select! {
                _ = interval.tick() => {}
                // An error means that the sender was dropped. That is also a stop.
                _ = stopped.wait_for(|is_stopped| *is_stopped) => return,
            }
            if let Err(error) = self.apply(Timestamp::now()).await {
                tracing::error!(%error, "lifecycle rules can't be applied");
            }
        }
    }
}

/// Creates the buckets with their CORS rules.
pub(crate) fn create_buckets(resources: Resources<'_>, store: &Store) -> Result<(), DeployError> {
    for Resource { id, properties } in resources.of::<BucketProperties>("AWS::S3::Bucket")? {
        let name = resources.name(&id)?;
        store.create_bucket(&name)?;
        let rules = properties.cors.map(|configuration| configuration.cors_rules);
        store.set_cors(&name, rules.unwrap_or_default().into_iter().map(cors_rule).collect())?;
    }
    Ok(())
}

fn cors_rule(rule: CorsRuleProperties) -> CorsRule {
    CorsRule {
        origins: rule.allowed_origins,
        methods: rule.allowed_methods,
        headers: rule.allowed_headers,
        exposed_headers: rule.exposed_headers,
        max_age_seconds: rule.max_age,
    }
}

fn lifecycle_rule(rule: LifecycleRuleProperties) -> LifecycleRule {
    LifecycleRule {
        prefix: rule.prefix.unwrap_or_default(),
        tags: rule.tag_filters.into_iter().map(|tag| (tag.key, tag.value)).collect(),
        expiration_days: rule.expiration_in_days,
        abortion_days: rule.abort_incomplete_multipart_upload.map(|abort| abort.days_after_initiation),
    }
}
