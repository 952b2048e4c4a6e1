//! The mark that a variant has.

use std::fmt;

/// The name of a mark, as a variant has it. The version is absent in a request, and present in a path: [`Mark::version`](crate::mark::Mark::version).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VariantMark {
    name: String,
    version: Option<String>,
}

impl VariantMark {
    /// The length of a version, in hexadecimal digits.
    pub const VERSION_DIGITS: usize = 8;

    /// The longest name, in bytes.
    const MAX_NAME_BYTES: usize = 32;

    /// A name: 1 to 32 lower case letters, digits and hyphens. `None` for another text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::is_name(text).then(|| Self { name: text.to_owned(), version: None })
    }

    /// A name, and maybe a version after a dot, as a canonical path has them.
    pub(crate) fn from_canonical(text: &str) -> Option<Self> {
        let Some((name, version)) = text.split_once('.') else { return Self::parse(text) };
        let is_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        let is_version = version.len() == Self::VERSION_DIGITS && version.bytes().all(is_digit);
        Self::parse(name).filter(|_| is_version).map(|mark| mark.with_version(version.to_owned()))
    }

    /// `true` if a text may be the name of a mark: 1 to 32 lower case letters, digits and hyphens.
    pub fn is_name(text: &str) -> bool {
        let is_allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        (1..=Self::MAX_NAME_BYTES).contains(&text.len()) && text.bytes().all(is_allowed)
    }

    /// The name in the policy.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version of the mark that is meant. `None` if the variant doesn't say.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The same mark in a version.
    pub(crate) fn with_version(self, version: String) -> Self {
        Self { version: Some(version), ..self }
    }
}

impl fmt::Display for VariantMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "{}.{version}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_with_its_version_only_from_a_path() {
        let canonical = |text| VariantMark::from_canonical(text).map(|mark| mark.to_string());
        for text in ["logo", "a-1", "logo.0123abcd"] {
            assert_eq!(canonical(text).as_deref(), Some(text));
        }
        for text in ["", "Logo", "logo.", "logo.0123ABCD", "logo.0123abc", "logo.0123abcd0", "a.b.01234567"] {
            assert_eq!(canonical(text), None, "{text}");
        }
        assert_eq!(VariantMark::parse("logo.0123abcd"), None);
        assert_eq!(VariantMark::parse(&"a".repeat(33)), None);
    }
}
