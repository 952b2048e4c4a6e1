//! The values of a policy's members, and their allowed ranges.

use std::collections::BTreeMap;

use contract::preset::Preset;
use contract::ratio::Ratio;
use contract::variant::{MAX_SIDE, Quality, Side};

use super::PolicyError;
use super::lists::{ascending, entries};

/// The maximum numbers of rungs, shapes and quality steps. Together they fit into one value of the key-value store.
const MAX_RUNGS: usize = 64;
const MAX_QUALITIES: usize = 16;
const MAX_SHAPES: usize = 32;

/// What a quality must be.
const QUALITY: &str = "a whole number from 1 to 100";

/// The largest term of a shape.
const MAX_TERM: u32 = 1000;

/// The maximum number of presets: more than a site has uses for pictures.
const MAX_PRESETS: usize = 256;

/// A year, which is the longest lifetime that caches accept.
const MAX_AGE_SECONDS: u32 = 31_536_000;

/// A minute, which is longer than a Lambda function behind a CDN may run.
pub(super) const MAX_BUDGET_MILLISECONDS: u32 = 60_000;

pub(super) fn ladder(pixels: &[u32]) -> Result<Vec<Side>, PolicyError> {
    let each = format!("a whole number from 1 to {MAX_SIDE}");
    ascending("ladder", entries("ladder", pixels, MAX_RUNGS, &each, |pixels| side(*pixels))?)
}

pub(super) fn qualities(numbers: &[u32]) -> Result<Vec<Quality>, PolicyError> {
    let read = |number: &u32| exact_quality(*number);
    ascending("qualities", entries("qualities", numbers, MAX_QUALITIES, QUALITY, read)?)
}

/// The shapes of a policy that doesn't name any.
pub(super) fn usual_shapes() -> Vec<String> {
    const WIDE: [(u32, u32); 9] =
        [(1, 1), (5, 4), (4, 3), (3, 2), (16, 10), (16, 9), (2, 1), (21, 9), (3, 1)];
    let wide = WIDE.map(|(across, down)| format!("{across}:{down}"));
    let high = WIDE.into_iter().skip(1).map(|(across, down)| format!("{down}:{across}"));
    wide.into_iter().chain(high).collect()
}

pub(super) fn shapes(texts: &[String]) -> Result<Vec<Ratio>, PolicyError> {
    let term = |text: &str| {
        let number = text.parse::<u32>().ok().filter(|number| *number <= MAX_TERM);
        number.filter(|_| !text.starts_with('+'))
    };
    let shape = |text: &String| {
        let (across, down) = text.split_once(':')?;
        Ratio::new(term(across)?, term(down)?)
    };
    let each = format!("a ratio such as 16:9 of two whole numbers from 1 to {MAX_TERM}");
    entries("shapes", texts, MAX_SHAPES, &each, shape)
}

pub(super) fn presets(texts: &BTreeMap<String, String>) -> Result<BTreeMap<String, Preset>, PolicyError> {
    if texts.len() > MAX_PRESETS || texts.keys().any(|name| !Preset::is_name(name)) {
        let names = "each name 1 to 32 lower case letters, digits and hyphens";
        return Err(PolicyError::value("presets", format!("at most {MAX_PRESETS} sets, {names}")));
    }
    let presets = texts.iter().map(|(name, query)| {
        let preset = Preset::parse(query)
            .map_err(|error| PolicyError::Preset { name: name.clone(), problem: error.detail })?;
        Ok((name.clone(), preset))
    });
    presets.collect()
}

pub(super) fn quality(field: &'static str, number: u32) -> Result<Quality, PolicyError> {
    exact_quality(number).ok_or_else(|| PolicyError::value(field, QUALITY))
}

fn exact_quality(number: u32) -> Option<Quality> {
    Quality::clamped(number).filter(|quality| u32::from(quality.get()) == number)
}

pub(super) fn max_age(field: &'static str, seconds: u32) -> Result<u32, PolicyError> {
    if seconds <= MAX_AGE_SECONDS {
        return Ok(seconds);
    }
    Err(PolicyError::value(field, format!("a whole number from 0 to {MAX_AGE_SECONDS}")))
}

pub(super) fn budget(milliseconds: u32) -> Result<u32, PolicyError> {
    if milliseconds <= MAX_BUDGET_MILLISECONDS {
        return Ok(milliseconds);
    }
    Err(PolicyError::value(
        "formats.avif.budgetMilliseconds",
        format!("a whole number from 0 to {MAX_BUDGET_MILLISECONDS}"),
    ))
}

pub(super) fn at_least_one<T: From<bool> + PartialOrd>(
    field: &'static str,
    number: T,
) -> Result<T, PolicyError> {
    if number >= T::from(true) { Ok(number) } else { Err(PolicyError::value(field, "a whole number from 1")) }
}

pub(super) fn side(pixels: u32) -> Option<Side> {
    Side::clamped(pixels).filter(|side| side.pixels() == pixels)
}
