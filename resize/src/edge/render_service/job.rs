//! The job of a renderer, in this process or in a worker.

use std::time::Duration;

use contract::variant::Side;

use super::marks::FetchedMark;
use crate::edge::config::Config;
use crate::edge::variant_request::VariantRequest;
use crate::mark::MarkFile;
use crate::settings::Settings;

/// A variant to render, or a document to write.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) request: VariantRequest,
    pub(super) settings: Settings,
    /// The mark of the variant.
    pub(super) mark: Option<FetchedMark>,
    /// The widths for which `fm=json` lists variants.
    pub(super) ladder: Vec<Side>,
    /// The predicted time from which the variant is stored; `None` if it is never stored.
    pub(super) kept_from: Option<Duration>,
    /// The duration of the original's fetch.
    pub(super) fetch: Duration,
    /// Longest duration of the work.
    pub(super) deadline: Duration,
}

impl Job {
    pub(super) fn new(
        request: VariantRequest,
        mark: Option<FetchedMark>,
        config: &Config,
        kept_from: Option<Duration>,
        fetch: Duration,
    ) -> Self {
        let Config { settings, ladder, deadline, .. } = config;
        let (settings, ladder, deadline) = (*settings, ladder.clone(), *deadline);
        Self { request, settings, mark, ladder, kept_from, fetch, deadline }
    }

    /// The mark of the variant, with its file.
    pub(super) fn mark_file(&self) -> Option<MarkFile<'_>> {
        self.mark.as_ref().map(|FetchedMark { mark, file }| MarkFile { mark, bytes: file })
    }
}
