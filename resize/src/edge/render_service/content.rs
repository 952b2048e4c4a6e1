//! The content of a response: an encoded picture, or a JSON document about the source.

use std::time::Duration;

use bytes::Bytes;
use contract::format::{Format, FormatChoice};

use super::explanation::explanation;
use super::info_document::info_document;
use super::job::Job;
use crate::edge::timings::Timings;
use crate::edge::variant_request::VariantRequest;
use crate::error::Error;
use crate::info::describe;
use crate::pipeline::{Encoded, render};
use crate::stopwatch::Stopwatch;

/// The content of a response.
pub(super) struct Content {
    pub(super) bytes: Bytes,
    /// The format of a picture. `None` for a JSON document.
    pub(super) format: Option<Format>,
    pub(super) timings: Timings,
}

impl Content {
    pub(super) fn json(document: Vec<u8>, fetch: Duration) -> Self {
        Self { bytes: document.into(), format: None, timings: Timings { fetch, steps: Vec::new() } }
    }

    pub(super) fn picture(bytes: Vec<u8>, format: Format, timings: Timings) -> Self {
        Self { bytes: bytes.into(), format: Some(format), timings }
    }

    pub(super) fn media_type(&self) -> &'static str {
        self.format.map_or("application/json", Format::media_type)
    }

    /// The suffix of the file name, without a dot.
    pub(super) fn extension(&self) -> &'static str {
        self.format.map_or("json", Format::extension)
    }
}

/// Renders the content that a job asks for from the original in `bytes`. Fails if the deadline of `watch` has passed,
/// or if no request waits any more.
pub(super) fn content(bytes: &[u8], job: &Job, watch: Stopwatch) -> Result<Content, Error> {
    let Job { request: VariantRequest { key, variant }, settings, ladder, fetch, .. } = job;
    if variant.is_explained() {
        let document = explanation(bytes, key, variant, settings, *fetch, watch)?;
        return Ok(Content::json(document, *fetch));
    }
    match variant.format() {
        FormatChoice::Info => {
            let info = describe(bytes, settings, watch)?;
            Ok(Content::json(info_document(&info, key, ladder), *fetch))
        }
        FormatChoice::Fixed(_) | FormatChoice::Auto(_) => {
            let Encoded { bytes, format, width, height, laps } = render(bytes, variant, settings, watch)?;
            tracing::debug!(width, height, "encoded");
            Ok(Content::picture(bytes, format, Timings { fetch: *fetch, steps: laps }))
        }
    }
}
