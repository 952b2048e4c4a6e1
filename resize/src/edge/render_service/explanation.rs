//! How a variant comes about, as the JSON that `explain=1` answers with.

use std::time::Duration;

use contract::format::{AcceptClass, Content, Format, FormatChoice};
use contract::key::Key;
use contract::variant::Variant;
use serde_json::{Map, json};

use crate::error::Error;
use crate::pipeline::render;
use crate::settings::Settings;
use crate::source::{SourceInfo, probe};
use crate::stopwatch::Stopwatch;

/// Makes the variant, throws it away and tells of it: the canonical form, the cache's key, the format and why it was
/// chosen, and what each step took, `fetched` first. Fails as making it does.
pub(crate) fn explanation(
    original: &[u8],
    key: &Key,
    variant: &Variant,
    settings: &Settings,
    fetched: Duration,
    watch: Stopwatch,
) -> Result<Vec<u8>, Error> {
    let variant = variant.clone().with_explanation(false);
    let made = render(original, &variant, settings, watch)?;
    let source = probe(original)?;
    let own = source.upright_size();
    let milliseconds = |time: Duration| (time.as_secs_f64() * 1e4).round() / 10.0;
    let mut timings: Map<String, _> =
        made.laps.iter().map(|(step, time)| (step.name().to_owned(), json!(milliseconds(*time)))).collect();
    timings.insert("fetch".to_owned(), json!(milliseconds(fetched)));
    let document = json!({
        "canonical": variant.to_string(),
        "cacheKey": format!("{}/{variant}", key.to_path()),
        "source": {
            "width": own.width(),
            "height": own.height(),
            "format": source.format.name(),
            "bytes": original.len(),
            "frames": source.frames(),
        },
        "variant": {
            "format": made.format.name(),
            "width": made.width,
            "height": made.height,
            "bytes": made.bytes.len(),
        },
        "reason": reason(&source, &variant, made.format),
        "milliseconds": timings,
    });
    Ok(format!("{document:#}\n").into_bytes())
}

/// Why the variant has this format, in a sentence.
fn reason(source: &SourceInfo, variant: &Variant, format: Format) -> String {
    let class = match variant.format() {
        FormatChoice::Fixed(_) | FormatChoice::Info => return format!("fm={} names it", format.name()),
        FormatChoice::Auto(class) => class,
    };
    let reads = match class {
        AcceptClass::Avif => "the viewer reads AVIF and WebP",
        AcceptClass::Webp => "the viewer reads WebP and no AVIF",
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
    let but = match (class, content, format) {
        (AcceptClass::Avif, Content::Photo, Format::Webp) => {
            "; AVIF of this size would take longer than the policy allows, or be larger than WebP"
        }
        _ => "",
    };
    format!("{reads}, and the source {is}{but}")
}
