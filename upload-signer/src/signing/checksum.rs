//! The SHA-256 checksum that a client may bind to its upload.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A SHA-256 of the file's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// Parses 64 hexadecimal digits or 44 characters of base64.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = if text.len() == 64 { hex::decode(text).ok()? } else { STANDARD.decode(text).ok()? };
        bytes.try_into().ok().map(Self)
    }

    /// The checksum in base64, as S3 expects it.
    pub fn base64(self) -> String {
        STANDARD.encode(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_parses_from_hexadecimal_and_from_base64() {
        let empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Sha256::parse(text).map(Sha256::base64).as_deref(), expected, "{text:?}");
        };
        check("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Some(empty));
        check("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", Some(empty));
        check(empty, Some(empty));
        check("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", None);
        check("3q2+7w==", None);
        check("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85g", None);
        check("", None);
    }
}
