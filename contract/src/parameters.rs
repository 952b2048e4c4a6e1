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
pub const PARAMETERS: [Parameter; 31] = [
    parameter(
        "preset",
        &["p"],
        "the name of a preset of the policy",
        "uses a preset of the policy; parameters of the request replace those of the preset",
    ),
    parameter("w", &["width"], "a number from 1 to 8192", "width in CSS pixels"),
    parameter("h", &["height"], "a number from 1 to 8192", "height in CSS pixels"),
    parameter(
        "dpr",
        &[],
        "a number from 0.5 to 5",
        "device pixels per CSS pixel, in thousandths; multiplies `w` and `h`",
    ),
    parameter(
        "fit",
        &[],
        "one of max, clip, crop, min, fill, fillmax, scale",
        "how the picture fits `w` and `h`; default `max`",
    ),
    parameter(
        "enlarge",
        &[],
        "1",
        "permits `fit=crop` to enlarge; `max` becomes `clip`, `fillmax` becomes `fill`",
    ),
    parameter(
        "crop",
        &["gravity"],
        "center, top, bottom, left, right, a corner such as top,left, entropy, attention, faces, or focalpoint, the \
         only one with fp-x and fp-y",
        "the part that `fit=crop` keeps; default `center`",
    ),
    parameter(
        "fp-x",
        &[],
        "a number from 0 to 1",
        "the focal point's distance from the left edge as a fraction of the width, rounded to thousandths; implies `crop=focalpoint` and excludes other values of `crop`",
    ),
    parameter(
        "fp-y",
        &[],
        "a number from 0 to 1",
        "the focal point's distance from the upper edge as a fraction of the height",
    ),
    parameter(
        "ar",
        &[],
        "a ratio such as 16:9, given with fit=crop and one of w and h",
        "computes the missing one of `w` and `h`",
    ),
    parameter(
        "rect",
        &[],
        "four numbers x,y,w,h in pixels of the source, w and h from 1",
        "the part of the upright source to use, in pixels, clipped to the source",
    ),
    parameter(
        "rot",
        &[],
        "one of 0, 90, 180, 270",
        "rotates counter-clockwise by degrees, as imgix does, after `flip`",
    ),
    parameter("flip", &[], "one of h, v, hv", "flips horizontally, vertically or both"),
    parameter(
        "trim",
        &[],
        "auto, or a colour as for bg",
        "removes a border in the colour of the upper left pixel, or in this colour",
    ),
    parameter(
        "light",
        &[],
        "linear",
        "averages light instead of samples where the picture is made smaller, so that fine patterns keep their brightness",
    ),
    parameter(
        "blur",
        &[],
        "a number from 0 to 2000",
        "Gaussian blur with a standard deviation of `blur` / 20 pixels of the result",
    ),
    parameter(
        "sharp",
        &[],
        "a number from 0 to 100",
        "unsharp mask with a radius of one pixel; 50 adds the full difference, 100 twice the difference",
    ),
    parameter(
        "mark",
        &[],
        "the name of a mark of the policy",
        "lays a picture of the policy's `marks`, such as a logo, over the result",
    ),
    parameter(
        "bg",
        &["background"],
        "hexadecimal RGB, ARGB, RRGGBB or AARRGGBB, or the name of a CSS colour",
        "the colour under transparency and around a filled picture; with four or eight digits, alpha comes first; letters in upper or lower case",
    ),
    parameter(
        "q",
        &["quality"],
        "a number from 1 to 100, or auto",
        "the encoder's quality for JPEG, WebP and AVIF; `auto` chooses it by the picture; default: the policy's quality for the format",
    ),
    parameter("lossless", &[], "1", "lossless WebP, which ignores `q`; no effect on other formats"),
    parameter(
        "frame",
        &["page"],
        "a number from 1 to 65535",
        "this frame of an animation as a still picture, or this page of a document; the first one is 1",
    ),
    parameter(
        "t",
        &[],
        "a number of seconds from 0 to 172800",
        "the moment of a video, for `/videos/<id>/frame.jpg`; no effect on other files",
    ),
    parameter(
        "explain",
        &[],
        "1",
        "describes the variant and its rendering as JSON instead of sending the picture; needs a signature",
    ),
    parameter(
        "v",
        &[],
        "at most 32 letters, digits, dots, colons, hyphens, underscores and tildes",
        "a version of your own; a signed request gets a separate variant for each version, an unsigned request ignores it",
    ),
    parameter(
        "fm",
        &["format", "f"],
        "one of jpeg, jpg, png, webp, avif, gif, json, auto",
        "the output format; default `auto`; `json` describes the source",
    ),
    parameter(
        "auto",
        &[],
        "format, compress or both, joined by a comma",
        "accepted without effect: both values are the default",
    ),
    parameter(
        "dl",
        &[],
        "a file name of at most 200 bytes, without slashes, control characters and marks of direction",
        "the response is saved under this name with the extension of its format instead of shown; if empty, under the file's own name",
    ),
    parameter(
        "original",
        &[],
        "given alone",
        "the file as it was uploaded; only `v`, `dl`, `expires` and `s` may be given with it",
    ),
    parameter(
        "expires",
        &[],
        "a time in seconds since 1970, a whole number from 1000000000 to 4294967295",
        "the expiry time of a signed link",
    ),
    parameter("s", &[], "the signature of exactly this URL", "the signature of a signed link"),
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
