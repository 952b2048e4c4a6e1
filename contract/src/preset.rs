//! Presets: named sets of parameters that an operator writes into the policy.

use crate::error::RequestError;
use crate::query::variant::requested_variant;
use crate::query::{QueryValues, reject_misspelt, reject_unknown};

/// A set of parameters by canonical name, such as `w=200&h=200&fit=crop`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset(QueryValues);

impl Preset {
    /// Reads a preset that is written as a query.
    ///
    /// # Errors
    /// A parameter is unknown, has a value that isn't allowed, or is one that no preset may set: a preset, a
    /// moment, an explanation, a version, a download, the original, or a signature. The error names the parameter.
    pub fn parse(query: &str) -> Result<Self, RequestError> {
        reject_misspelt(query)?;
        reject_unknown(query)?;
        let values = QueryValues::parse(query)?;
        for name in ["preset", "t", "explain", "v", "dl", "original", "expires", "s"] {
            if values.text(name).is_some() {
                return Err(RequestError::bad_request(name, format!("'{name}' can't be part of a preset")));
            }
        }
        match requested_variant(&values, "")? {
            Some(_) => Ok(Self(values)),
            None => Err(RequestError::invalid_value("preset")),
        }
    }

    /// `true` if a text may be the name of a preset: 1 to 32 lower case letters, digits and hyphens.
    pub fn is_name(text: &str) -> bool {
        let is_allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        (1..=32).contains(&text.len()) && text.bytes().all(is_allowed)
    }

    /// Each parameter's canonical name, with the value that the preset gives it.
    pub fn values(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter()
    }

    /// The values as defaults of a query.
    pub(crate) fn query_values(&self) -> &QueryValues {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preset_must_be_allowed_by_the_grammar() {
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
        check("widht=1", Err("widht"));
        check("preset=a", Err("preset"));
        check("original", Err("original"));
        check("v=1", Err("v"));
        check("w=1&s=1", Err("s"));
        check("w=1&expires=1", Err("expires"));
        check("", Err("preset"));
    }
}
