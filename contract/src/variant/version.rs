//! A version of a source.

/// A version of a source, as whoever signs a link names it: 1 to [`Version::MAX_BYTES`] letters, digits, dots,
/// colons, hyphens, underscores and tildes, which every part of a URL takes as they are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version(String);

impl Version {
    /// The longest, in bytes.
    pub const MAX_BYTES: usize = 32;

    /// A version; none where it is empty, too long or of other characters.
    pub fn new(text: &str) -> Option<Self> {
        let is_taken = |b: u8| b.is_ascii_alphanumeric() || b"._:~-".contains(&b);
        let is_version = (1..=Self::MAX_BYTES).contains(&text.len()) && text.bytes().all(is_taken);
        is_version.then(|| Self(text.to_owned()))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
