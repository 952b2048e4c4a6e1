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
use crate::pipeline::{Encoded, render_file};
use crate::source::file::File;
use crate::stopwatch::Stopwatch;

/// The content of a response.
pub(super) struct Content {
    pub(super) bytes: Bytes,
    /// The format of a picture. `None` for a JSON document.
    pub(super) format: Option<Format>,
    pub(super) timings: Timings,
    /// The predicted time of rendering it, and of fetching its original. Zero for a JSON document.
    pub(super) predicted: Duration,
}

impl Content {
    pub(super) fn json(document: Vec<u8>, fetch: Duration) -> Self {
        Self {
            bytes: document.into(),
            format: None,
            timings: Timings { fetch, steps: Vec::new() },
            predicted: Duration::ZERO,
        }
    }

    pub(super) fn picture(bytes: Vec<u8>, format: Format, timings: Timings, predicted: Duration) -> Self {
        Self { bytes: bytes.into(), format: Some(format), timings, predicted }
    }

    pub(super) fn media_type(&self) -> &'static str {
        self.format.map_or("application/json", Format::media_type)
    }

    /// The suffix of the file name, without a dot.
    pub(super) fn extension(&self) -> &'static str {
        self.format.map_or("json", Format::extension)
    }
}

/// Renders the content that a job asks for from the original in `file`. Fails if the deadline of `watch` has passed,
/// or if no request waits any more.
pub(super) fn content(file: File<'_>, job: &Job, watch: Stopwatch) -> Result<Content, Error> {
    let Job { request: VariantRequest { key, variant }, settings, ladder, fetch, .. } = job;
    if variant.is_explained() {
        let document = explanation(file.whole()?, job, watch)?;
        return Ok(Content::json(document, *fetch));
    }
    match variant.format() {
        FormatChoice::Info => {
            let info = describe(file.whole()?, settings, watch)?;
            Ok(Content::json(info_document(&info, key, ladder), *fetch))
        }
        FormatChoice::Fixed(_) | FormatChoice::Auto(_) => {
            let Encoded { bytes, format, width, height, predicted, laps, .. } =
                render_file(file, variant, job.mark_file(), settings, watch)?;
            tracing::debug!(width, height, "encoded");
            let timings = Timings { fetch: *fetch, steps: laps };
            Ok(Content::picture(bytes, format, timings, predicted))
        }
    }
}
