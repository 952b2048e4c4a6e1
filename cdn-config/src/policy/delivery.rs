//! The JSON form of the policy's members about delivery, and their validation.

use contract::key::{Area, Key};
use serde::Deserialize;

use super::lists::at;
use super::values::MAX_BUDGET_MILLISECONDS;
use super::{Cors, Keep, PolicyError};

/// The maximum number of origins, well below the limit of a distribution's response headers policy.
const MAX_ORIGINS: usize = 16;

/// The client hints that concern pictures.
const HINTS: [&str; 8] = [
    "Sec-CH-DPR",
    "Sec-CH-Width",
    "Sec-CH-Viewport-Width",
    "Sec-CH-Viewport-Height",
    "DPR",
    "Width",
    "Viewport-Width",
    "Save-Data",
];

/// The time from which storing a variant costs less than rendering it at its later misses (docs/cost.md, "When storing
/// pays").
const KEEP_FROM_MILLISECONDS: u32 = 180;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct DeliveryJson {
    #[serde(default)]
    keep: KeepJson,
    #[serde(default = "keep_from_milliseconds")]
    keep_from_milliseconds: u32,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum KeepJson {
    #[default]
    Dear,
    Always,
    Never,
}

const fn keep_from_milliseconds() -> u32 {
    KEEP_FROM_MILLISECONDS
}

impl Default for DeliveryJson {
    fn default() -> Self {
        Self { keep: KeepJson::default(), keep_from_milliseconds: KEEP_FROM_MILLISECONDS }
    }
}

impl DeliveryJson {
    pub(super) fn validate(&self) -> Result<Keep, PolicyError> {
        let from_milliseconds = self.keep_from_milliseconds;
        if from_milliseconds > MAX_BUDGET_MILLISECONDS {
            let allowed = format!("a whole number from 0 to {MAX_BUDGET_MILLISECONDS}");
            return Err(PolicyError::value("delivery.keepFromMilliseconds", allowed));
        }
        Ok(match self.keep {
            KeepJson::Dear => Keep::Dear { from_milliseconds },
            KeepJson::Always => Keep::Always,
            KeepJson::Never => Keep::Never,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CorsJson {
    origins: Vec<String>,
}

impl Default for CorsJson {
    fn default() -> Self {
        Self { origins: vec!["*".to_owned()] }
    }
}

impl CorsJson {
    pub(super) fn validate(self) -> Result<Cors, PolicyError> {
        if self.origins == ["*"] {
            return Ok(Cors::Any);
        }
        if self.origins.len() > MAX_ORIGINS {
            let allowed = format!("at most {MAX_ORIGINS} origins such as https://www.example.com, or only *");
            return Err(PolicyError::value("cors.origins", allowed));
        }
        match self.origins.iter().position(|origin| !is_origin(origin)) {
            Some(number) => Err(PolicyError::value(
                at("cors.origins", number),
                "an origin such as https://www.example.com; * must be the only entry",
            )),
            None => Ok(Cors::Listed(self.origins)),
        }
    }
}

pub(super) fn hints(names: &[String]) -> Result<Vec<&'static str>, PolicyError> {
    let known = |(number, name)| {
        let hint = HINTS.into_iter().find(|hint| hint == name);
        hint.ok_or_else(|| {
            PolicyError::value(at("clientHints", number), format!("one of {}", HINTS.join(", ")))
        })
    };
    names.iter().enumerate().map(known).collect()
}

pub(super) fn fallback_image(text: Option<&String>) -> Result<Option<Key>, PolicyError> {
    let Some(text) = text else { return Ok(None) };
    match Key::parse(text) {
        Ok(key) if key.area() == Area::Files => Ok(Some(key)),
        Ok(_) | Err(_) => Err(PolicyError::value(
            "fallbackImage",
            "the key of a public file, such as files/missing.png, or null",
        )),
    }
}

/// `true` for a scheme and a host with an optional port.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-:[]".contains(&b);
    host.is_some_and(|host| !host.is_empty() && host.bytes().all(is_allowed))
}
