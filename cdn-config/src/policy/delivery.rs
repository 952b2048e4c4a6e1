//! What of the policy concerns delivery: who may read by script, what viewers are asked, what stands in.

use contract::key::{Area, Key};
use serde::Deserialize;

use super::PolicyError;

/// Pages of which origins may read what is served by script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cors {
    /// Every one.
    Any,
    /// These, such as `https://www.example.com`.
    Listed(Vec<String>),
}

impl Cors {
    /// `Access-Control-Allow-Origin` for a page of an origin; none where it may not read.
    pub fn allowed<'a>(&'a self, origin: Option<&str>) -> Option<&'a str> {
        match self {
            Self::Any => Some("*"),
            Self::Listed(listed) => listed.iter().map(String::as_str).find(|one| Some(*one) == origin),
        }
    }
}

/// As many as fit into a distribution's response headers policy with room to spare.
const MAX_ORIGINS: usize = 16;

/// The client hints that say something of a picture.
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
pub(super) struct Origins {
    origins: Vec<String>,
}

impl Default for Origins {
    fn default() -> Self {
        Self { origins: vec!["*".to_owned()] }
    }
}

impl Origins {
    pub(super) fn checked(self) -> Result<Cors, PolicyError> {
        if self.origins == ["*"] {
            return Ok(Cors::Any);
        }
        if self.origins.len() <= MAX_ORIGINS && self.origins.iter().all(|origin| is_origin(origin)) {
            return Ok(Cors::Listed(self.origins));
        }
        let allowed = format!("at most {MAX_ORIGINS} origins such as https://www.example.com, or * alone");
        Err(PolicyError::Value { field: "cors.origins", allowed })
    }
}

pub(super) fn hints(names: &[String]) -> Result<Vec<&'static str>, PolicyError> {
    let known: Option<Vec<&str>> =
        names.iter().map(|name| HINTS.into_iter().find(|hint| hint == name)).collect();
    known.ok_or_else(|| PolicyError::Value {
        field: "clientHints",
        allowed: format!("among {}", HINTS.join(", ")),
    })
}

pub(super) fn fallback_image(text: Option<&String>) -> Result<Option<Key>, PolicyError> {
    let Some(text) = text else { return Ok(None) };
    match Key::parse(text) {
        Ok(key) if key.area() == Area::Files => Ok(Some(key)),
        Ok(_) | Err(_) => Err(PolicyError::Value {
            field: "fallbackImage",
            allowed: "the key of a public file, such as files/missing.png, or null".to_owned(),
        }),
    }
}

/// A scheme and a host, with a port perhaps.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_taken = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-:[]".contains(&b);
    host.is_some_and(|host| !host.is_empty() && host.bytes().all(is_taken))
}
