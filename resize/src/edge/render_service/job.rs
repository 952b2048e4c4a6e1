//! The job of a renderer, in this process or in a worker.

use std::time::Duration;

use contract::variant::Side;

use crate::edge::config::Config;
use crate::edge::variant_request::VariantRequest;
use crate::settings::Settings;

/// A variant to render, or a document to write.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) request: VariantRequest,
    pub(super) settings: Settings,
    /// The widths for which `fm=json` lists variants.
    pub(super) ladder: Vec<Side>,
    /// The duration of the original's fetch.
    pub(super) fetch: Duration,
    /// Longest duration of the work.
    pub(super) deadline: Duration,
}

impl Job {
    pub(super) fn new(request: VariantRequest, config: &Config, fetch: Duration) -> Self {
        let Config { settings, ladder, deadline, .. } = config;
        Self { request, settings: *settings, ladder: ladder.clone(), fetch, deadline: *deadline }
    }
}
