//! The number of variants of one source that a policy allows to unsigned requests.

use std::collections::HashSet;

use crate::format::{AcceptClass, Format, FormatChoice};
use crate::policy::{Rules, UnsignedAccess};
use crate::preset::Preset;
use crate::query::QueryValues;
use crate::query::variant::{RequestedVariant, requested_variant};
use crate::request::unsigned::apply_policy;
use crate::variant::{Gravity, Side, Variant};

/// The number of different variants of one source that unsigned requests can create. `None` for
/// [`UnsignedAccess::Open`], which has no bound. Each class of `Accept` counts as a variant.
pub fn variants_per_source(rules: &Rules) -> Option<u128> {
    let rungs = rules.ladder.len() as u128;
    let of_formats: u128 = formats().map(|format| qualities(format, rules)).sum();
    let of_level = match rules.unsigned {
        UnsignedAccess::Presets => 0,
        UnsignedAccess::Widths => (1 + rungs) * of_formats + INFORMATION,
        UnsignedAccess::Sizes => {
            let crops = crops(rules) * Gravity::ALL.len() as u128;
            (1 + 2 * rungs + rungs * rungs + crops) * of_formats + INFORMATION
        }
        UnsignedAccess::Open => return None,
    };
    let of_presets: HashSet<Variant> = rules
        .presets
        .values()
        .flat_map(requests_of)
        .filter(|requested| apply_policy(requested.clone(), rules).as_ref() != Ok(&requested.variant))
        .map(|requested| requested.variant)
        .collect();
    Some(of_level + of_presets.len() as u128)
}

/// `fm=json` gives the same document for all other parameters.
const INFORMATION: u128 = 1;

/// The values of `fm` that give a picture.
fn formats() -> impl Iterator<Item = FormatChoice> {
    Format::ALL
        .into_iter()
        .map(FormatChoice::Fixed)
        .chain(AcceptClass::ALL.into_iter().map(FormatChoice::Auto))
}

/// The number of different qualities, including the default.
fn qualities(format: FormatChoice, rules: &Rules) -> u128 {
    let steps = rules.qualities.iter().map(|quality| rules.quality_step(*quality, format));
    steps.chain([None]).collect::<HashSet<_>>().len() as u128
}

/// The number of different sides of crops: one for each rung and shape, but fewer if a shape is too high for a rung.
fn crops(rules: &Rules) -> u128 {
    let of_rung = |rung: &Side| {
        let width = u64::from(rung.pixels());
        rules.shapes.iter().map(move |shape| rules.shaped(width, *shape))
    };
    rules.ladder.iter().flat_map(of_rung).collect::<HashSet<_>>().len() as u128
}

/// The requests for a preset: one for each format that a request may add.
fn requests_of(preset: &Preset) -> impl Iterator<Item = RequestedVariant> {
    formats().chain([FormatChoice::Info]).filter_map(|format| {
        let (fm, accept) = match format {
            FormatChoice::Fixed(format) => (format.name(), String::new()),
            FormatChoice::Auto(class) => ("auto", format!("image/{}", class.name())),
            FormatChoice::Info => ("json", String::new()),
        };
        requested_variant(&QueryValues::of("fm", fm).or(preset.query_values()), &accept).ok().flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{DefaultQualities, UnknownParameters};
    use crate::ratio::Ratio;
    use crate::request::{Route, Verifier, route};
    use crate::variant::Quality;

    fn rules(unsigned: UnsignedAccess) -> Rules {
        let side = |pixels| Side::clamped(pixels).unwrap();
        let quality = |value| Quality::clamped(value).unwrap();
        let preset = |name: &str, query| (name.to_owned(), Preset::parse(query).unwrap());
        Rules {
            unsigned,
            unknown: UnknownParameters::Ignore,
            // The highest rung is too high for the last shape.
            ladder: vec![side(16), side(4096)],
            shapes: [(1, 1), (8, 8), (3, 2), (1, 3)]
                .into_iter()
                .filter_map(|(w, h)| Ratio::new(w, h))
                .collect(),
            qualities: vec![quality(50), quality(75)],
            // Above, below and on a step.
            default_qualities: DefaultQualities { jpeg: quality(80), webp: quality(40), avif: quality(50) },
            marks: [].into(),
            presets: [
                preset("inside", "w=16"),
                preset("outside", "w=17&blur=5"),
                preset("again", "w=17&blur=5"),
            ]
            .into(),
        }
    }

    /// Counts the variants by requesting every combination that the grammar can express under a small policy.
    fn enumerated(rules: &Rules) -> usize {
        let sizes =
            ["", "&w=1", "&w=20", "&h=1", "&h=20", "&w=1&h=20", "&w=20&h=1", "&w=20&h=60", "&w=60&h=40"];
        let more =
            ["&w=6&h=6", "&w=6&h=4", "&w=6&h=18", "&w=60&h=60", "&w=9&ar=3:2", "&h=9&ar=1:3", "&h=90&ar=1:3"];
        let sizes = [sizes.as_slice(), &more].concat();
        let crops = ["", "&fit=crop", "&fit=min&crop=top", "&fit=crop&crop=bottom", "&fit=crop&crop=left"];
        let more = ["right", "top,left", "right,top", "bottom,left", "right,bottom", "entropy"];
        let crops = crops.map(str::to_owned).into_iter().chain(more.map(|at| format!("&fit=crop&crop={at}")));
        let crops: Vec<String> = crops.collect();
        let formats = ["jpeg", "png", "webp", "avif", "gif", "json", "auto"];
        let mut found = HashSet::new();
        let mut ask = |query: &str| {
            let accepts = ["", "image/webp", "image/avif,image/webp"];
            for accept in accepts.into_iter().take(if query.starts_with("fm=auto") { 3 } else { 1 }) {
                if let Ok(Route::Variant(_, variant)) =
                    route("/files/a", query, accept, rules, Verifier::NONE)
                {
                    found.insert(variant);
                }
            }
        };
        for format in formats {
            for preset in ["inside", "outside", "again", "missing"] {
                ask(&format!("fm={format}&p={preset}"));
            }
            for size in &sizes {
                for crop in &crops {
                    for rest in [
                        "",
                        "&q=50",
                        "&q=70",
                        "&q=90",
                        "&q=auto",
                        "&bg=white",
                        "&rot=90",
                        "&flip=h",
                        "&dpr=1.3",
                    ] {
                        ask(&format!("fm={format}{size}{crop}{rest}"));
                    }
                }
            }
        }
        found.len()
    }

    #[test]
    fn the_number_of_variants_equals_an_enumeration() {
        for level in [UnsignedAccess::Presets, UnsignedAccess::Widths, UnsignedAccess::Sizes] {
            let rules = rules(level);
            assert_eq!(variants_per_source(&rules), Some(enumerated(&rules) as u128), "{level:?}");
        }
        assert_eq!(variants_per_source(&rules(UnsignedAccess::Open)), None);
    }
}
