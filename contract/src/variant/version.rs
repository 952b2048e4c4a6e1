//! A version of a source.

/// A version of a source, chosen by the signer of a link: 1 to [`Version::MAX_BYTES`] letters, digits, dots, colons,
/// hyphens, underscores and tildes. These characters need no escape in a query.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version(String);

impl Version {
    /// The maximum length in bytes.
    pub const MAX_BYTES: usize = 32;

    /// A version. `None` if the text is empty, too long or has other characters.
    pub fn new(text: &str) -> Option<Self> {
        let is_allowed = |b: u8| b.is_ascii_alphanumeric() || b"._:~-".contains(&b);
        let is_version = (1..=Self::MAX_BYTES).contains(&text.len()) && text.bytes().all(is_allowed);
        is_version.then(|| Self(text.to_owned()))
    }

    /// The version as the link has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
