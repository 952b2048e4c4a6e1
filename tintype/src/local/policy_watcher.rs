//! Applies changes of the policy's file to a running stack, as a change of the key-value store reaches CloudFront without
//! a restart.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cdn_config::key_value::{key_value_data, signing_pair};
use cdn_config::policy::Policy;
use contract::signing_keys::SigningKeys;
use local_edge::functions::key_values::KeyValues;
use local_edge::policy::CurrentPolicy;
use resize::edge::config::Config;
use resize::edge::render_service::RenderService;
use tokio::sync::watch;
use upload_signer::links::LinkSigner;

/// The interval between two reads of the file.
const INTERVAL: Duration = Duration::from_millis(500);

/// The parts of a stack that use the policy.
#[derive(Clone, Debug)]
pub(super) struct PolicySubscribers {
    pub(super) current: CurrentPolicy,
    pub(super) key_values: KeyValues,
    pub(super) link_keys: SigningKeys,
    pub(super) links: LinkSigner,
    pub(super) resizer: Arc<RenderService>,
}

impl PolicySubscribers {
    /// Applies a policy. Existing variants stay unchanged.
    fn apply(&self, policy: Policy) {
        self.key_values.replace(edge_data(&policy, &self.link_keys));
        self.links.set_rules(policy.rules.clone());
        match Config::from_env(&policy) {
            Ok(config) => self.resizer.reconfigure(config),
            Err(error) => tracing::error!(%error, "the resize service keeps the old policy"),
        }
        self.current.replace(policy);
    }
}

/// The content of the edge function's key-value store.
pub(super) fn edge_data(policy: &Policy, link_keys: &SigningKeys) -> Vec<(String, String)> {
    let mut pairs = key_value_data(policy);
    pairs.push(signing_pair(link_keys));
    pairs
}

/// Reads the policy's file at regular intervals until the stack stops, and applies each change. A file that can't be
/// read or isn't a policy changes nothing; the log says so.
pub(super) async fn watch(file: PathBuf, subscribers: PolicySubscribers, mut stopped: watch::Receiver<bool>) {
    let mut watcher = Watcher { applied: subscribers.current.get(), last_read: None };
    let mut ticks = tokio::time::interval(INTERVAL);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            // An error means that the sender was dropped. That is also a stop.
            _ = stopped.wait_for(|is_stopped| *is_stopped) => return,
        }
        match watcher.compare(tokio::fs::read_to_string(&file).await) {
            FileChange::None => {}
            FileChange::Policy(policy) => {
                subscribers.apply(*policy);
                tracing::info!(file = %file.display(), "the policy has changed");
            }
            FileChange::Unusable(reason) => {
                tracing::error!(file = %file.display(), reason, "the old policy stays: the file can't be used");
            }
        }
    }
}

/// Compares each read of the file with the one before.
struct Watcher {
    applied: Arc<Policy>,
    /// The text of the file, or the reason why it couldn't be read.
    last_read: Option<Result<String, String>>,
}

/// The difference to the previous read of the file.
#[derive(Debug, PartialEq)]
enum FileChange {
    /// The policy is the same, or the file can't be used for the same reason as before.
    None,
    /// The file has another policy.
    Policy(Box<Policy>),
    /// The file can't be used, for this reason.
    Unusable(String),
}

impl Watcher {
    fn compare(&mut self, read: io::Result<String>) -> FileChange {
        let read = read.map_err(|error| error.to_string());
        if self.last_read.as_ref() == Some(&read) {
            return FileChange::None;
        }
        let policy = read.as_ref().map_err(Clone::clone);
        let policy = policy.and_then(|text| Policy::parse(text).map_err(|error| error.to_string()));
        self.last_read = Some(read);
        match policy {
            Ok(policy) if policy == *self.applied => FileChange::None,
            Ok(policy) if policy.keep.name() != self.applied.keep.name() => {
                let (from, to) = (self.applied.keep.name(), policy.keep.name());
                FileChange::Unusable(format!(
                    "delivery.keep: '{to}' instead of '{from}' gives the stack other buckets and permissions: start it again"
                ))
            }
            Ok(policy) => {
                self.applied = Arc::new(policy.clone());
                FileChange::Policy(Box::new(policy))
            }
            Err(reason) => FileChange::Unusable(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use contract::policy::UnsignedAccess;

    use super::*;

    #[test]
    fn a_changed_file_is_applied_once_and_an_unusable_one_is_reported_once() {
        let built_in = include_str!("../../../cdn-config/policy.json");
        let open = built_in.replace(r#""sizes""#, r#""open""#);
        let mut watcher = Watcher { applied: Arc::new(Policy::built_in()), last_read: None };
        let mut compare = |text: Result<&str, io::ErrorKind>| match watcher
            .compare(text.map(str::to_owned).map_err(io::Error::from))
        {
            FileChange::None => "same".to_owned(),
            FileChange::Policy(policy) => policy.rules.unsigned.name().to_owned(),
            FileChange::Unusable(reason) => reason,
        };
        assert_eq!(compare(Ok(built_in)), "same");
        assert_eq!(compare(Ok(&open)), UnsignedAccess::Open.name());
        assert_eq!(compare(Ok(&open)), "same");
        assert_eq!(compare(Ok(&format!("{open}\n"))), "same");
        assert_eq!(compare(Ok("{}")), "policy: unsigned: it is required but missing");
        assert_eq!(compare(Ok("{}")), "same");
        assert_eq!(compare(Err(io::ErrorKind::NotFound)), "entity not found");
        assert_eq!(compare(Err(io::ErrorKind::NotFound)), "same");
        assert_eq!(compare(Ok(&open)), "same");
        assert_eq!(compare(Ok(built_in)), UnsignedAccess::Sizes.name());
        let never = built_in.replace(r#""keep": "dear""#, r#""keep": "never""#);
        assert_eq!(
            compare(Ok(&never)),
            "delivery.keep: 'never' instead of 'dear' gives the stack other buckets and permissions: start it again"
        );
    }
}
