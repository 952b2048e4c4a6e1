//! The key-value store that edge functions read.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Pairs of text. Clones share them. As on CloudFront, they can be replaced while functions run.
#[derive(Clone, Debug, Default)]
pub struct KeyValues(Arc<RwLock<HashMap<String, String>>>);

impl KeyValues {
    /// Creates a store of these pairs.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(Arc::new(RwLock::new(pairs.into_iter().collect())))
    }

    /// Replaces all pairs. Requests that arrive later see the new ones.
    pub fn replace(&self, pairs: impl IntoIterator<Item = (String, String)>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = pairs.into_iter().collect();
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }
}
