//! The values of a policy's members, and their allowed ranges.

use std::collections::BTreeMap;

use contract::preset::Preset;
use contract::ratio::Ratio;
use contract::variant::{MAX_SIDE, Quality, Side};

use super::PolicyError;

/// The maximum numbers of rungs, shapes and quality steps. Together they fit into one value of the key-value store.
const MAX_RUNGS: usize = 64;
const MAX_QUALITIES: usize = 16;
const MAX_SHAPES: usize = 32;

/// The largest term of a shape.
const MAX_TERM: u32 = 1000;

/// The maximum number of presets: more than a site has uses for pictures.
const MAX_PRESETS: usize = 256;

/// A year, which is the longest lifetime that caches accept.
const MAX_AGE_SECONDS: u32 = 31_536_000;

/// A minute, which is longer than a Lambda function behind a CDN may run.
const MAX_BUDGET_MILLISECONDS: u32 = 60_000;

pub(super) fn ladder(pixels: &[u32]) -> Result<Vec<Side>, PolicyError> {
    let sides: Option<Vec<Side>> = pixels.iter().map(|pixels| side(*pixels)).collect();
    sides.filter(|sides| is_ascending(sides, MAX_RUNGS)).ok_or_else(|| {
        PolicyError::value(
            "ladder",
            format!("1 to {MAX_RUNGS} whole numbers from 1 to {MAX_SIDE}, ascending"),
        )
    })
}

pub(super) fn qualities(numbers: &[u32]) -> Result<Vec<Quality>, PolicyError> {
    let qualities: Result<Vec<Quality>, PolicyError> =
        numbers.iter().map(|number| quality("qualities", *number)).collect();
    qualities.ok().filter(|qualities| is_ascending(qualities, MAX_QUALITIES)).ok_or_else(|| {
        PolicyError::value(
            "qualities",
            format!("1 to {MAX_QUALITIES} whole numbers from 1 to 100, ascending"),
        )
    })
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
    let shapes: Option<Vec<Ratio>> = texts.iter().map(shape).collect();
    shapes.filter(|shapes| (1..=MAX_SHAPES).contains(&shapes.len())).ok_or_else(|| {
        let each = format!("of two whole numbers from 1 to {MAX_TERM}");
        PolicyError::value("shapes", format!("1 to {MAX_SHAPES} ratios such as 16:9, each {each}"))
    })
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
    Quality::clamped(number)
        .filter(|quality| u32::from(quality.get()) == number)
        .ok_or_else(|| PolicyError::value(field, "a whole number from 1 to 100"))
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

fn is_ascending<T: PartialOrd>(values: &[T], max_len: usize) -> bool {
    (1..=max_len).contains(&values.len()) && values.is_sorted_by(|a, b| a < b)
}
