//! The JSON document that `explain=1` answers with: how a variant is rendered.

use std::time::Duration;

use contract::format::{AcceptClass, Content, Format, FormatChoice};
use contract::request::canonical_path;
use contract::variant::Variant;
use serde_json::{Map, json};

use super::job::Job;
use crate::edge::variant_request::VariantRequest;
use crate::error::Error;
use crate::pipeline::render_file;
use crate::source::Source;
use crate::source::file::File;
use crate::source::info::SourceInfo;
use crate::stopwatch::Stopwatch;

/// Renders the variant, discards it and describes it: the canonical form, the cache key, the format with the reason for
/// it, the sizes between the steps, the duration of each step, and whether the variant is stored. Fails as [`render_file`] does.
pub(super) fn explanation(original: &[u8], job: &Job, watch: Stopwatch) -> Result<Vec<u8>, Error> {
    let Job { request: VariantRequest { key, variant }, settings, kept_from, fetch, .. } = job;
    let variant = variant.clone().with_explanation(false);
    let file = File::Whole(original);
    let rendered = render_file(file, &variant, job.mark_file(), settings, watch)?;
    let source = Source::open_page(file, variant.frame(), &settings.limits)?;
    let source = source.info();
    let size = source.upright_size();
    let hundredths = |number: f64| (number * 100.0).round() / 100.0;
    let milliseconds = |time: Duration| (time.as_secs_f64() * 1e4).round() / 10.0;
    let mut timings: Map<String, _> = rendered
        .laps
        .iter()
        .map(|(step, time)| (step.name().to_owned(), json!(milliseconds(*time))))
        .collect();
    timings.insert("fetch".to_owned(), json!(milliseconds(*fetch)));
    let document = json!({
        "canonical": variant.to_string(),
        "cacheKey": canonical_path(key, &variant),
        "source": {
            "width": size.width(),
            "height": size.height(),
            "format": source.format.name(),
            "bytes": original.len(),
            "frames": source.frames(),
        },
        "plan": {
            "decoded": { "width": rendered.decoded.width(), "height": rendered.decoded.height() },
            "shown": {
                "x": hundredths(rendered.shown.left),
                "y": hundredths(rendered.shown.top),
                "width": hundredths(rendered.shown.width),
                "height": hundredths(rendered.shown.height),
            },
            "resampled": { "width": rendered.resampled.width(), "height": rendered.resampled.height() },
        },
        "variant": {
            "format": rendered.format.name(),
            "width": rendered.width,
            "height": rendered.height,
            "bytes": rendered.bytes.len(),
        },
        "reason": reason(source, &variant, rendered.format),
        "milliseconds": timings,
        "predictedMilliseconds": milliseconds(rendered.predicted),
        "keptFromMilliseconds": kept_from.map(milliseconds),
        "isKept": kept_from.is_some_and(|from| rendered.predicted >= from),
    });
    Ok(format!("{document:#}\n").into_bytes())
}

/// A sentence with the reason why the variant has this format.
fn reason(source: &SourceInfo, variant: &Variant, format: Format) -> String {
    let class = match variant.format() {
        FormatChoice::Fixed(_) | FormatChoice::Info => {
            return format!("the request asks for fm={}", format.name());
        }
        FormatChoice::Auto(class) => class,
    };
    let reads = match class {
        AcceptClass::Avif => "the viewer reads AVIF and WebP",
        AcceptClass::Webp => "the viewer reads WebP but not AVIF",
        AcceptClass::Base => "the viewer reads neither AVIF nor WebP",
    };
    if variant.is_lossless() {
        return format!("{reads}, and lossless=1 asks for WebP");
    }
    let may_move = source.frames() > 1 && variant.frame().is_none();
    let content = if may_move { Content::Animation } else { source.content() };
    let is = match content {
        Content::Photo => "is a photo",
        Content::Graphic => "is opaque and stored without loss",
        Content::Alpha => "may be transparent",
        Content::Animation => "moves",
    };
    let is_avif_passed_over =
        matches!((class, content, format), (AcceptClass::Avif, Content::Photo, Format::Webp));
    let but = if is_avif_passed_over {
        "; AVIF of this size would take longer than the policy allows, or be larger than WebP"
    } else {
        ""
    };
    format!("{reads}, and the source {is}{but}")
}
