//! The content of a response: an encoded picture, or a JSON document about the source.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use bytes::Bytes;
use contract::format::FormatChoice;

use super::explanation::explanation;
use super::info_document::info_document;
use crate::edge::config::Config;
use crate::edge::store::originals::Original;
use crate::edge::timings::Timings;
use crate::edge::variant_request::VariantRequest;
use crate::error::Error;
use crate::info::describe;
use crate::pipeline::{Encoded, render};
use crate::stopwatch::Stopwatch;

/// The content of a response.
pub(super) struct Content {
    pub(super) bytes: Bytes,
    pub(super) media_type: &'static str,
    /// The suffix of the file name, without a dot.
    pub(super) extension: &'static str,
    pub(super) timings: Timings,
}

impl Content {
    fn json(document: Vec<u8>, fetch: Duration) -> Self {
        let timings = Timings { fetch, steps: Vec::new() };
        Self { bytes: document.into(), media_type: "application/json", extension: "json", timings }
    }
}

/// Renders the content that a request asks for. `fetch` is the duration of the original's fetch. Fails when the deadline
/// has passed or `is_abandoned` is set.
pub(super) fn content(
    original: &Original,
    request: &VariantRequest,
    config: &Config,
    fetch: Duration,
    is_abandoned: Arc<AtomicBool>,
) -> Result<Content, Error> {
    let Config { settings, deadline, ladder, .. } = config;
    let VariantRequest { key, variant } = request;
    let watch = Stopwatch::start(Instant::now, *deadline).unless(is_abandoned);
    if variant.is_explained() {
        let document = explanation(&original.bytes, key, variant, settings, fetch, watch)?;
        return Ok(Content::json(document, fetch));
    }
    match variant.format() {
        FormatChoice::Info => {
            let info = describe(&original.bytes, settings, watch)?;
            Ok(Content::json(info_document(&info, key, ladder), fetch))
        }
        FormatChoice::Fixed(_) | FormatChoice::Auto(_) => {
            let Encoded { bytes, format, width, height, laps } =
                render(&original.bytes, variant, settings, watch)?;
            tracing::debug!(width, height, "encoded");
            Ok(Content {
                bytes: bytes.into(),
                media_type: format.media_type(),
                extension: format.extension(),
                timings: Timings { fetch, steps: laps },
            })
        }
    }
}
