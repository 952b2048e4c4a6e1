//! What all checks need: a client of the deployment, and the settings of the examination.

use super::options::Options;
use crate::client::Client;

/// Visits a deployment as its users do.
pub(super) struct Visitor<'a> {
    pub(super) options: &'a Options,
    pub(super) client: Client,
}
