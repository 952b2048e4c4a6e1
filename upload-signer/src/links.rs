//! Signed links of the image API.

use std::sync::{Arc, PoisonError, RwLock};

use contract::link::{self, LinkError};
use contract::policy::Rules;
use contract::signing_keys::SigningKeys;

/// Signs links. Clones share the rules.
#[derive(Clone, Debug)]
pub struct LinkSigner {
    keys: SigningKeys,
    rules: Arc<RwLock<Arc<Rules>>>,
}

impl LinkSigner {
    /// `keys` must be the keys of the edge function, which checks the links. Only the presets of the rules are used.
    pub fn new(keys: SigningKeys, rules: Rules) -> Self {
        Self { keys, rules: Arc::new(RwLock::new(Arc::new(rules))) }
    }

    /// Replaces the rules in every clone.
    pub fn set_rules(&self, rules: Rules) {
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
    }

    /// The signed URL. It ends at `expires`, in seconds since 1970; `None` for a link that does not expire.
    pub(crate) fn sign(&self, url: &str, expires: Option<u32>) -> Result<String, LinkError> {
        let rules = Arc::clone(&self.rules.read().unwrap_or_else(PoisonError::into_inner));
        link::sign(url, expires, &rules, &self.keys)
    }
}
