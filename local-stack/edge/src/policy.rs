//! The operator's policy for a running distribution.

use std::sync::{Arc, PoisonError, RwLock};

use cdn_config::policy::Policy;

/// The current policy. Clones share it. It can be replaced while the distribution runs.
#[derive(Clone, Debug)]
pub struct CurrentPolicy(Arc<RwLock<Arc<Policy>>>);

impl CurrentPolicy {
    /// Starts with a policy.
    pub fn new(policy: Policy) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(policy))))
    }

    /// The current policy.
    pub fn get(&self) -> Arc<Policy> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the policy. Requests that arrive later use the new one.
    pub fn replace(&self, policy: Policy) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(policy);
    }
}
