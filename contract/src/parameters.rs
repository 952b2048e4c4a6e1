//! The parameters of the image API: names, aliases, and what is said of their values.

/// A parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its canonical name.
    pub name: &'static str,
    /// Other names. A request gives a parameter once, under one of its names.
    pub aliases: &'static [&'static str],
    /// What its value must be, as the end of a sentence.
    pub allowed: &'static str,
}

/// Every parameter, in the order in which values are checked. The edge function has the same names, in the same
/// order, and finds the sentences in its key-value store.
pub const PARAMETERS: [Parameter; 24] = [
    row("preset", &["p"], "the name of a preset of the policy"),
    row("w", &["width"], "a whole number from 1 to 8192"),
    row("h", &["height"], "a whole number from 1 to 8192"),
    row("dpr", &[], "a number from 1 to 5 with at most one decimal"),
    row("fit", &[], "one of max, clip, crop, min, fill, fillmax, scale"),
    row("enlarge", &[], "1"),
    row(
        "crop",
        &["gravity"],
        "center, top, bottom, left, right, a corner such as top,left, entropy, attention, or focalpoint, the one \
         that goes with fp-x and fp-y",
    ),
    row("fp-x", &[], "a number from 0 to 1"),
    row("fp-y", &[], "a number from 0 to 1"),
    row("ar", &[], "a ratio such as 16:9, given with fit=crop and one of w and h"),
    row("rect", &[], "four whole numbers x,y,w,h in pixels of the source, w and h from 1"),
    row("rot", &[], "one of 0, 90, 180, 270"),
    row("flip", &[], "one of h, v, hv"),
    row("trim", &[], "auto, or a colour as for bg"),
    row("blur", &[], "a whole number from 0 to 2000"),
    row("sharp", &[], "a whole number from 0 to 100"),
    row("bg", &["background"], "hexadecimal RGB, ARGB, RRGGBB or AARRGGBB, or the name of a CSS colour"),
    row("q", &["quality"], "a whole number from 1 to 100, or auto"),
    row("lossless", &[], "1"),
    row("frame", &["page"], "a whole number from 1 to 65535"),
    row("fm", &["format", "f"], "one of jpeg, jpg, png, webp, avif, gif, json, auto"),
    row("auto", &[], "format, compress or both, joined by a comma"),
    row("v", &[], "at most 32 bytes long"),
    row("original", &[], "given alone"),
];

/// Parameters of the image API that are not available yet. Passing over them would give another picture than
/// was asked for, so they are refused even where unknown ones are ignored.
pub const RESERVED: [&str; 3] = ["dl", "expires", "s"];

impl Parameter {
    /// Its name and its aliases.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.name].into_iter().chain(self.aliases.iter().copied())
    }
}

/// Every name and alias.
pub fn known_names() -> Vec<&'static str> {
    PARAMETERS.iter().flat_map(Parameter::names).collect()
}

const fn row(name: &'static str, aliases: &'static [&'static str], allowed: &'static str) -> Parameter {
    Parameter { name, aliases, allowed }
}
