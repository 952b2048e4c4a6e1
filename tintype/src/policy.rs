//! The policy of a running stack, and its file: a change of the file reaches the stack without a restart, as a change
//! of the key-value store reaches CloudFront.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cdn_config::key_value::{key_value_data, signing_pair};
use cdn_config::policy::Policy;
use contract::signing_keys::SigningKeys;
use resize::edge::config::Config;
use resize::edge::render_service::RenderService;
use tokio::sync::watch;
use upload_signer::links::LinkSigner;

use local_edge::function::KeyValues;
use local_edge::policy::CurrentPolicy;

/// How often the file is looked at.
const INTERVAL: Duration = Duration::from_millis(500);

/// Every part of a stack that the policy concerns.
#[derive(Clone, Debug)]
pub(crate) struct Governed {
    pub(crate) current: CurrentPolicy,
    pub(crate) key_values: KeyValues,
    pub(crate) link_keys: SigningKeys,
    pub(crate) links: LinkSigner,
    pub(crate) resizer: Arc<RenderService>,
}

impl Governed {
    /// Puts a policy in force. Variants that were made under another stay as they are.
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

/// What the edge function's key-value store holds.
pub(crate) fn edge_data(policy: &Policy, link_keys: &SigningKeys) -> Vec<(String, String)> {
    let mut pairs = key_value_data(policy);
    pairs.push(signing_pair(link_keys));
    pairs
}

/// Looks at the policy's file until the stack ends, and applies what it says. A file that can't be read, or is no
/// policy, changes nothing and is told in the log.
pub(crate) async fn follow(file: PathBuf, governed: Governed, mut stopped: watch::Receiver<bool>) {
    let mut watcher = Watcher { applied: governed.current.get(), seen: None };
    let mut ticks = tokio::time::interval(INTERVAL);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            // An error says that the sender is gone, which is a stop as well.
            _ = stopped.wait_for(|is_stopped| *is_stopped) => return,
        }
        match watcher.look(tokio::fs::read_to_string(&file).await) {
            Seen::Same => {}
            Seen::Policy(policy) => {
                governed.apply(*policy);
                tracing::info!(file = %file.display(), "the policy has changed");
            }
            Seen::Bad(reason) => {
                tracing::error!(file = %file.display(), reason, "the old policy stays: the file can't be used");
            }
        }
    }
}

/// What was seen of the file before.
struct Watcher {
    applied: Arc<Policy>,
    /// The text, or why it couldn't be read.
    seen: Option<Result<String, String>>,
}

/// What a look at the file says.
#[derive(Debug, PartialEq)]
enum Seen {
    /// Nothing new.
    Same,
    /// Another policy.
    Policy(Box<Policy>),
    /// Nothing that can be used, and why.
    Bad(String),
}

impl Watcher {
    fn look(&mut self, read: io::Result<String>) -> Seen {
        let read = read.map_err(|error| error.to_string());
        if self.seen.as_ref() == Some(&read) {
            return Seen::Same;
        }
        let policy = read.as_ref().map_err(Clone::clone);
        let policy = policy.and_then(|text| Policy::parse(text).map_err(|error| error.to_string()));
        self.seen = Some(read);
        match policy {
            Ok(policy) if policy == *self.applied => Seen::Same,
            Ok(policy) => {
                self.applied = Arc::new(policy.clone());
                Seen::Policy(Box::new(policy))
            }
            Err(reason) => Seen::Bad(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use contract::policy::UnsignedAccess;

    use super::*;

    #[test]
    fn a_changed_file_is_applied_once_and_a_bad_one_told_once() {
        let built_in = include_str!("../../cdn-config/policy.json");
        let open = built_in.replace(r#""sizes""#, r#""open""#);
        let mut watcher = Watcher { applied: Arc::new(Policy::built_in()), seen: None };
        let mut look = |text: Result<&str, io::ErrorKind>| match watcher
            .look(text.map(str::to_owned).map_err(io::Error::from))
        {
            Seen::Same => "same".to_owned(),
            Seen::Policy(policy) => policy.rules.unsigned.name().to_owned(),
            Seen::Bad(reason) => reason,
        };
        assert_eq!(look(Ok(built_in)), "same");
        assert_eq!(look(Ok(&open)), UnsignedAccess::Open.name());
        assert_eq!(look(Ok(&open)), "same");
        assert_eq!(look(Ok(&format!("{open}\n"))), "same");
        assert_eq!(look(Ok("{}")), "policy: .: missing field `unsigned` at line 1 column 2");
        assert_eq!(look(Ok("{}")), "same");
        assert_eq!(look(Err(io::ErrorKind::NotFound)), "entity not found");
        assert_eq!(look(Err(io::ErrorKind::NotFound)), "same");
        assert_eq!(look(Ok(&open)), "same");
        assert_eq!(look(Ok(built_in)), UnsignedAccess::Sizes.name());
    }
}
