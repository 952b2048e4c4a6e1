//! Named sets of parameters, which an operator writes into the policy.

use std::collections::BTreeMap;

use crate::error::RequestError;
use crate::policy::UnknownParameters;
use crate::request::{bad, bad_value, given::Given, variant_of};

/// A set of parameters, such as `w=200&h=200&fit=crop`, by canonical name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset(BTreeMap<&'static str, String>);

impl Preset {
    /// Reads a set, spelled as a query. Refused with the parameter at fault: each must be known and allowed,
    /// and none may name a preset, an explanation, a version, a download, the original or a signature.
    pub fn parse(query: &str) -> Result<Self, RequestError> {
        let given = Given::read(query, UnknownParameters::Reject)?;
        for name in ["preset", "explain", "v", "dl", "original", "expires", "s"] {
            if given.text(name).is_some() {
                return Err(bad(name, format!("'{name}' is no part of a preset")));
            }
        }
        match variant_of(&given, "")? {
            Some(_) => Ok(Self(given.into_values())),
            None => Err(bad_value("preset")),
        }
    }

    /// Whether this is a preset's name: 1 to 32 lower case letters, digits and hyphens.
    pub fn is_name(text: &str) -> bool {
        let is_letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        (1..=32).contains(&text.len()) && text.bytes().all(is_letter)
    }

    /// Each parameter's canonical name and its value as it was written.
    pub fn values(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preset_is_held_to_the_grammar() {
        let check = |query: &str, expected: Result<&[(&str, &str)], &str>| {
            let read = Preset::parse(query);
            let read = read.as_ref().map(|preset| preset.values().collect::<Vec<_>>());
            let read = read.map_err(|refusal| refusal.parameter.as_deref().unwrap_or_default());
            assert_eq!(read.as_deref().map_err(|name| *name), expected, "{query}");
        };
        check("width=200&h=200&fit=crop", Ok(&[("fit", "crop"), ("h", "200"), ("w", "200")]));
        check("blur=20", Ok(&[("blur", "20")]));
        check("w=0", Err("w"));
        check("w=1&width=1", Err("w"));
        check("ar=1:1", Err("ar"));
        check("colour=red", Err("colour"));
        check("preset=a", Err("preset"));
        check("original", Err("original"));
        check("v=1", Err("v"));
        check("w=1&s=1", Err("s"));
        check("w=1&expires=1", Err("expires"));
        check("", Err("preset"));
    }
}
