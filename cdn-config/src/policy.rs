//! What an operator decides: `policy.json`, read and checked.

use contract::key::Key;
use contract::policy::{DefaultQualities, Rules};
use contract::variant::Side;

use crate::video::VideoPolicy;

mod delivery;

mod document;

mod video;

pub use delivery::Cors;

/// The policy that the product ships with.
const BUILT_IN: &str = include_str!("../policy.json");

/// An operator's decisions, each within its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The grammar's rules: what unsigned requests may ask for.
    pub rules: Rules,
    /// The encoder's quality where a request names none.
    pub default_qualities: DefaultQualities,
    /// How long making an AVIF may take, as predicted, to be the choice for viewers that read it, in
    /// milliseconds; 0 never chooses it.
    pub avif_budget_milliseconds: u32,
    /// The presets whose variants are made of every new picture before anyone asks for them; each is one of the
    /// rules' presets.
    pub prewarm: Vec<String>,
    /// How long answers to keys that the signer didn't make may be kept.
    pub max_age: MaxAge,
    /// Whether variants keep the artist and the copyright notice of their source. All other metadata goes.
    pub keeps_credit: bool,
    /// Pages of which origins may read what is served by script.
    pub cors: Cors,
    /// The client hints that viewers are asked to send, as `Accept-CH` names them.
    pub client_hints: Vec<&'static str>,
    /// The public file that is shown, under the status of the failure, instead of a variant that can't be made.
    pub fallback_image: Option<Key>,
    /// What a source and a variant may be.
    pub limits: Limits,
    /// Which renditions are made of a video.
    pub video: VideoPolicy,
}

/// How long caches may keep what may change, each 0 to 31,536,000 seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxAge {
    /// An original, in seconds.
    pub originals_seconds: u32,
    /// A variant, in seconds.
    pub variants_seconds: u32,
}

/// Bounds on the work that one request can cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest source, in bytes; at least 1.
    pub source_bytes: u64,
    /// The largest source, in pixels; at least 1.
    pub source_pixels: u64,
    /// The most frames of an animation; at least 1.
    pub frames: u32,
    /// The largest animation, in pixels of all its frames; at least 1.
    pub animation_pixels: u64,
    /// The longest side of a variant.
    pub output_side: Side,
    /// The most memory that a variant may be predicted to need, in bytes; at least 1.
    pub memory_bytes: u64,
}

/// Why a text is no policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Not JSON, or a member is missing, unknown or of another type.
    #[error("policy: {field}: {problem}")]
    Structure {
        /// The path of the member, such as `limits.sourceBytes`; `.` is the whole.
        field: String,
        /// What is wrong and what would be allowed.
        problem: String,
    },
    /// A preset isn't a request that the grammar allows.
    #[error("policy: presets.{name}: {problem}")]
    Preset {
        /// Its name.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A preset that is to be made ready doesn't exist.
    #[error("policy: prewarm: there is no preset '{name}'")]
    Prewarm {
        /// The name.
        name: String,
    },
    /// A member's value is out of its bounds.
    #[error("policy: {field}: must be {allowed}")]
    Value {
        /// The path of the member, such as `ladder`.
        field: &'static str,
        /// What would be allowed.
        allowed: String,
    },
}

impl Policy {
    /// Reads a policy. Every member must be there but `unknownParameters`, `presets`, `prewarm`, `metadata`,
    /// `cors`, `clientHints`, `fallbackImage` and `video`, and no other.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        document::read(text)
    }

    /// The policy that the product ships with.
    #[expect(clippy::missing_panics_doc, reason = "the text is part of the program, and a test reads it")]
    pub fn built_in() -> Self {
        #[expect(clippy::expect_used, reason = "the text is part of the program, and a test reads it")]
        Self::parse(BUILT_IN).expect("the built-in policy is valid")
    }
}

#[cfg(test)]
mod tests {
    use contract::color::Color;
    use contract::policy::{Unsigned, variants_per_source};

    use super::*;

    #[test]
    fn the_built_in_policy_is_read_as_it_is_written() {
        let policy = Policy::built_in();
        assert_eq!(policy.rules.ladder.len(), 19);
        assert_eq!(policy.rules.backgrounds, [Color::WHITE, Color::opaque(0)]);
        assert!(policy.rules.presets.is_empty());
        assert_eq!(policy.default_qualities.webp.get(), 76);
        assert_eq!((policy.default_qualities.avif.get(), policy.avif_budget_milliseconds), (76, 100));
        assert_eq!(policy.max_age.variants_seconds, 86_400);
        assert_eq!((policy.cors, policy.fallback_image), (Cors::Any, None));
        assert!(policy.client_hints.is_empty());
        assert_eq!(policy.limits.source_bytes, 100 * 1024 * 1024);
        assert_eq!(policy.limits.memory_bytes, 1536 * 1024 * 1024);
    }

    #[test]
    fn an_error_names_the_member_and_says_what_is_allowed() {
        let check = |from: &str, to: &str, expected: &str| {
            assert!(BUILT_IN.contains(from), "{from}");
            let error =
                Policy::parse(&BUILT_IN.replacen(from, to, 1)).map(|_| "read").map_err(|e| e.to_string());
            assert_eq!(error, Err(expected.to_owned()));
        };
        check(
            r#""unsigned": "sizes""#,
            r#""unsigned": "all""#,
            "policy: unsigned: unknown variant `all`, expected one of `presets`, `widths`, `sizes`, `open` at line 2 column 19",
        );
        check(
            r#""unknownParameters": "ignored","#,
            r#""unknownParameter": "ignored","#,
            "policy: unknownParameter: unknown field `unknownParameter`, expected one of `unsigned`, \
             `unknownParameters`, `ladder`, `qualities`, `defaultQualities`, `formats`, `backgrounds`, `presets`, \
             `prewarm`, `maxAgeSeconds`, `metadata`, `cors`, `clientHints`, \
             `fallbackImage`, `limits`, `video` at line 3 column 20",
        );
        check(
            "104857600",
            "-1",
            "policy: limits.sourceBytes: invalid value: integer `-1`, expected u64 at line 17 column 21",
        );
        let ladder = "policy: ladder: must be 1 to 64 whole numbers from 1 to 8192, ascending";
        check("16, 32,", "32, 16,", ladder);
        check("16, 32,", "16, 16,", ladder);
        check("16, 32,", "0, 32,", ladder);
        check("3840", "8193", ladder);
        let qualities = "policy: qualities: must be 1 to 16 whole numbers from 1 to 100, ascending";
        check("80, 90]", "80, 101]", qualities);
        check("[40, 50, 60, 70, 75, 80, 90]", "[]", qualities);
        check(
            r#""jpeg": 80"#,
            r#""jpeg": 0"#,
            "policy: defaultQualities.jpeg: must be a whole number from 1 to 100",
        );
        check(
            r#""budgetMilliseconds": 100"#,
            r#""budgetMilliseconds": 60001"#,
            "policy: formats.avif.budgetMilliseconds: must be a whole number from 0 to 60000",
        );
        check(
            r#"["white","#,
            r#"["White","#,
            "policy: backgrounds: must be at most 16 colours, each hexadecimal RGB, ARGB, RRGGBB or AARRGGBB or the \
             name of a CSS colour",
        );
        let backgrounds = r#""backgrounds": ["white", "black"],"#;
        let with = |presets: &str| format!(r#"{backgrounds} "presets": {presets},"#);
        check(
            backgrounds,
            &with(r#"{"Card": "w=200"}"#),
            "policy: presets: must be at most 256 sets, each name 1 to 32 lower case letters, digits and hyphens",
        );
        check(
            backgrounds,
            &with(r#"{"card": "w=200&h=0"}"#),
            "policy: presets.card: 'h' must be a whole number from 1 to 8192",
        );
        check(
            backgrounds,
            &format!(r#"{backgrounds} "presets": {{"card": "w=200"}}, "prewarm": ["card", "hero"],"#),
            "policy: prewarm: there is no preset 'hero'",
        );
        check(
            r#""variants": 86400"#,
            r#""variants": 31536001"#,
            "policy: maxAgeSeconds.variants: must be a whole number from 0 to 31536000",
        );
        let origins =
            "policy: cors.origins: must be at most 16 origins such as https://www.example.com, or * alone";
        for bad in [r#"["*", "https://a.example"]"#, r#"["a.example"]"#, r#"["https://a.example/"]"#] {
            check(r#"["*"]"#, bad, origins);
        }
        check(
            r#""clientHints": []"#,
            r#""clientHints": ["dpr"]"#,
            "policy: clientHints: must be among Sec-CH-DPR, Sec-CH-Width, Sec-CH-Viewport-Width, \
             Sec-CH-Viewport-Height, DPR, Width, Viewport-Width, Save-Data",
        );
        for bad in ["private/a.png", "files/", "https://cdn.example.com/files/a.png"] {
            check(
                r#""fallbackImage": null"#,
                &format!(r#""fallbackImage": "{bad}""#),
                "policy: fallbackImage: must be the key of a public file, such as files/missing.png, or null",
            );
        }
        check("100000000", "0", "policy: limits.sourcePixels: must be a whole number from 1");
        check(r#""frames": 1000"#, r#""frames": 0"#, "policy: limits.frames: must be a whole number from 1");
        check("400000000", "0", "policy: limits.animationPixels: must be a whole number from 1");
        check(
            r#""outputSide": 8192"#,
            r#""outputSide": 0"#,
            "policy: limits.outputSide: must be a whole number from 1 to 8192",
        );
    }

    #[test]
    fn the_documentation_says_how_many_variants_each_level_allows() {
        let documented = include_str!("../../docs/image-api.md");
        let check = |level: Unsigned, expected: &str| {
            let mut rules = Policy::built_in().rules;
            rules.unsigned = level;
            assert_eq!(
                variants_per_source(&rules).map(|count| count.to_string()),
                Some(expected.replace(',', ""))
            );
            let row = format!("| `{}`", level.name());
            let row = documented.lines().find(|line| line.starts_with(&row)).unwrap_or_default();
            assert!(row.ends_with(&format!("| {expected} |")), "{row}");
        };
        check(Unsigned::Widths, "1,121");
        check(Unsigned::Sizes, "4,904,257");
    }

    #[test]
    fn what_is_served_where_is_read_as_it_is_written() {
        let text = BUILT_IN
            .replace(r#"["*"]"#, r#"["https://a.example", "http://localhost:3000"]"#)
            .replace(r#""clientHints": []"#, r#""clientHints": ["Sec-CH-DPR", "Save-Data"]"#)
            .replace(r#""fallbackImage": null"#, r#""fallbackImage": "files/missing.png""#);
        let policy = Policy::parse(&text).unwrap();
        let origins = ["https://a.example", "http://localhost:3000"].map(str::to_owned).to_vec();
        assert_eq!(policy.cors, Cors::Listed(origins));
        assert_eq!(policy.client_hints, ["Sec-CH-DPR", "Save-Data"]);
        assert_eq!(policy.fallback_image.unwrap().as_str(), "files/missing.png");
    }

    #[test]
    fn the_documentation_tells_of_every_member() {
        fn members(value: &serde_json::Value, path: &str, found: &mut Vec<String>) {
            match value {
                serde_json::Value::Object(object) if path != "presets" => {
                    for (name, value) in object {
                        members(value, &format!("{path}.{name}"), found);
                    }
                }
                _ => found.push(path.trim_start_matches('.').to_owned()),
            }
        }
        let mut found = vec!["presets".to_owned()];
        members(&serde_json::from_str(BUILT_IN).unwrap(), "", &mut found);
        let documented = include_str!("../../docs/policy.md");
        for member in found {
            assert!(
                documented.contains(&format!("| `{member}` |")),
                "docs/policy.md has no row for `{member}`"
            );
        }
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        assert_eq!(
            Policy::parse("{").map_err(|error| error.to_string()),
            Err("policy: .: EOF while parsing an object at line 1 column 1".to_owned())
        );
    }
}
