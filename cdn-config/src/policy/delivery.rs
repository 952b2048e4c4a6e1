//! The JSON form of the policy's members about delivery, and their validation.

use contract::key::{Area, Key};
use serde::Deserialize;

use super::{Cors, PolicyError};

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
        if self.origins.len() <= MAX_ORIGINS && self.origins.iter().all(|origin| is_origin(origin)) {
            return Ok(Cors::Listed(self.origins));
        }
        let allowed = format!("at most {MAX_ORIGINS} origins such as https://www.example.com, or only *");
        Err(PolicyError::value("cors.origins", allowed))
    }
}

pub(super) fn hints(names: &[String]) -> Result<Vec<&'static str>, PolicyError> {
    let known: Option<Vec<&str>> =
        names.iter().map(|name| HINTS.into_iter().find(|hint| hint == name)).collect();
    known.ok_or_else(|| PolicyError::value("clientHints", format!("among {}", HINTS.join(", "))))
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
