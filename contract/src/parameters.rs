//! The parameters of the image API: names, aliases, and texts about their values.

use std::fmt::Write as _;

/// A parameter of the image API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The canonical name.
    pub name: &'static str,
    /// Other names. A request may give a parameter once, under one of its names.
    pub aliases: &'static [&'static str],
    /// The allowed values, as the end of a sentence that begins with "must be".
    pub allowed: &'static str,
    /// The effect, in Markdown.
    pub meaning: &'static str,
}

/// Every parameter, in the order in which values are checked. The edge function has the same names in the same order,
/// and reads the sentences from its key-value store. `docs/image-api.md` has the same table.
pub const PARAMETERS: [Parameter; 28] = [
    parameter(
        "preset",
        &["p"],
        "the name of a preset of the policy",
        "a set of the parameters below that the policy has under this name; what is given beside it wins",
    ),
    parameter("w", &["width"], "a whole number from 1 to 8192", "width in CSS pixels"),
    parameter("h", &["height"], "a whole number from 1 to 8192", "height in CSS pixels"),
    parameter(
        "dpr",
        &[],
        "a number from 1 to 5 with at most one decimal",
        "device pixels per CSS pixel; multiplies `w` and `h`",
    ),
    parameter(
        "fit",
        &[],
        "one of max, clip, crop, min, fill, fillmax, scale",
        "how the picture meets `w` and `h`; `max` without it",
    ),
    parameter("enlarge", &[], "1", "lets `fit=crop` enlarge; `max` becomes `clip`, `fillmax` becomes `fill`"),
    parameter(
        "crop",
        &["gravity"],
        "center, top, bottom, left, right, a corner such as top,left, entropy, attention, or focalpoint, the one \
         that goes with fp-x and fp-y",
        "what `fit=crop` keeps; `center` without it",
    ),
    parameter(
        "fp-x",
        &[],
        "a number from 0 to 1",
        "the focal point from the left edge, in thousandths; implies `crop=focalpoint`, and goes with no other",
    ),
    parameter("fp-y", &[], "a number from 0 to 1", "the same from the upper edge"),
    parameter(
        "ar",
        &[],
        "a ratio such as 16:9, given with fit=crop and one of w and h",
        "gives the missing one of `w` and `h`",
    ),
    parameter(
        "rect",
        &[],
        "four whole numbers x,y,w,h in pixels of the source, w and h from 1",
        "cut this out first: pixels of the upright source, as much of them as lies inside",
    ),
    parameter("rot", &[], "one of 0, 90, 180, 270", "turned counter-clockwise, as imgix does, after `flip`"),
    parameter("flip", &[], "one of h, v, hv", "left and right exchanged, top and bottom, both"),
    parameter(
        "trim",
        &[],
        "auto, or a colour as for bg",
        "cut off a border of the upper left pixel's colour, or of this one",
    ),
    parameter(
        "blur",
        &[],
        "a whole number from 0 to 2000",
        "a Gaussian of `blur` / 20 pixels' standard deviation, in pixels of the result",
    ),
    parameter(
        "sharp",
        &[],
        "a whole number from 0 to 100",
        "an unsharp mask of one pixel's radius; 50 adds the whole difference, 100 twice that",
    ),
    parameter(
        "bg",
        &["background"],
        "hexadecimal RGB, ARGB, RRGGBB or AARRGGBB, or the name of a CSS colour",
        "laid under transparency and around a filled picture; with four or eight digits alpha comes first",
    ),
    parameter(
        "q",
        &["quality"],
        "a whole number from 1 to 100, or auto",
        "the encoder's quality for JPEG, WebP and AVIF; `auto` by the picture; the policy's for the format without it",
    ),
    parameter(
        "lossless",
        &[],
        "1",
        "WebP without loss, and then without `q`; changes nothing where another format comes out",
    ),
    parameter(
        "frame",
        &["page"],
        "a whole number from 1 to 65535",
        "this frame of an animation, as a still; counted from 1",
    ),
    parameter(
        "explain",
        &[],
        "1",
        "tells how the variant comes about instead of showing it; needs a signature",
    ),
    parameter(
        "fm",
        &["format", "f"],
        "one of jpeg, jpg, png, webp, avif, gif, json, auto",
        "the format, `auto` without it; `json` tells of the source",
    ),
    parameter(
        "auto",
        &[],
        "format, compress or both, joined by a comma",
        "accepted; what it asks for happens anyway",
    ),
    parameter(
        "v",
        &[],
        "at most 32 letters, digits, dots, colons, hyphens, underscores and tildes",
        "a version of your own; makes a variant of its own where it is signed, changes nothing where it isn't",
    ),
    parameter(
        "dl",
        &[],
        "a file name of at most 200 bytes, without slashes and control characters",
        "saved under this name instead of shown; under the file's own where it is empty",
    ),
    parameter(
        "original",
        &[],
        "given alone",
        "the file as it was uploaded; goes with `v`, `dl`, `expires` and `s` alone",
    ),
    parameter(
        "expires",
        &[],
        "a time in seconds since 1970, a whole number from 1 to 4294967295",
        "until when a signed link is good",
    ),
    parameter("s", &[], "the signature of exactly this URL", "signs the link"),
];

impl Parameter {
    /// The name and the aliases.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.name].into_iter().chain(self.aliases.iter().copied())
    }
}

/// All names and aliases.
pub fn known_names() -> Vec<&'static str> {
    PARAMETERS.iter().flat_map(Parameter::names).collect()
}

/// The table of parameters in Markdown, for `docs/image-api.md`.
pub fn markdown() -> String {
    let mut table = String::from("| name | aliases | value | meaning |\n| --- | --- | --- | --- |\n");
    for Parameter { name, aliases, allowed, meaning } in PARAMETERS {
        let aliases: Vec<String> = aliases.iter().map(|alias| format!("`{alias}`")).collect();
        let _ = writeln!(table, "| `{name}` | {} | {allowed} | {meaning} |", aliases.join(", "));
    }
    table
}

const fn parameter(
    name: &'static str,
    aliases: &'static [&'static str],
    allowed: &'static str,
    meaning: &'static str,
) -> Parameter {
    Parameter { name, aliases, allowed, meaning }
}
