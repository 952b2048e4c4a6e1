//! The client and the settings that all checks use.

use super::options::Options;
use crate::client::Client;

/// Visits a deployment as its users do.
pub(super) struct Visitor<'a> {
    pub(super) options: &'a Options,
    pub(super) client: Client,
}
