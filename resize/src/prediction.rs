//! Predicts the time of rendering a variant, before anything is decoded.

use std::time::Duration;

use contract::variant::Variant;
#[cfg(feature = "edge")]
use jpeg::{Coding, Header, Options};

use crate::error::Error;
use crate::plan::Plan;
#[cfg(feature = "edge")]
use crate::plan::jpeg::JpegPlan;
use crate::preview;
use crate::settings::Settings;
use crate::source::Source;

/// Time of fetching a byte of an original from S3, in nanoseconds: 90 MB a second over one connection (docs/cost.md).
const NANOSECONDS_PER_FETCHED_BYTE: u64 = 11;

/// The predicted time of rendering `variant` on one processor, and of fetching its original, of which `bytes` is the length. A
/// stored variant saves both. The source may be the beginning of a file, as long as that has the whole header.
///
/// # Errors
/// Those of [`Plan::new`].
pub fn predicted_time(
    source: &Source<'_>,
    bytes: u64,
    variant: &Variant,
    settings: &Settings,
) -> Result<Duration, Error> {
    let info = source.info();
    let previews = preview::plans(source, variant, settings)?;
    let previews: Duration = previews.iter().map(|plan| plan.decoding_time(info, bytes)).sum();
    let plan = Plan::new(source, variant, settings)?;
    let fetch = Duration::from_nanos(bytes.saturating_mul(NANOSECONDS_PER_FETCHED_BYTE));
    Ok(fetch + previews + preview::looking_time(variant) + plan.time(info, bytes))
}

/// How a variant decodes a sequential JPEG, if that follows from the file's header. `None` for other files, and for a variant whose cutout
/// depends on what the picture shows.
///
/// # Errors
/// Those of [`Plan::new`].
#[cfg(feature = "edge")]
pub(crate) fn sequential_decode(
    source: &Source<'_>,
    variant: &Variant,
    settings: &Settings,
) -> Result<Option<(Header, Options)>, Error> {
    if !preview::plans(source, variant, settings)?.is_empty() {
        return Ok(None);
    }
    Ok(match Plan::new(source, variant, settings)?.decode.jpeg {
        Some(JpegPlan::Own { header, options }) if header.coding() == Coding::Sequential => {
            Some((header, options))
        }
        Some(JpegPlan::Own { .. } | JpegPlan::LibjpegTurbo { .. }) | None => None,
    })
}
