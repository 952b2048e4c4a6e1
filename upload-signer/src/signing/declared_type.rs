//! The media type that a client declares for a file.

use crate::error::Cause;
use crate::signing::media_type::MediaType;

/// The longest `Content-Type` that is signed as the client spells it, in bytes.
const MAX_HEADER_BYTES: usize = 255;

/// The media type that a client declares, and the client's spelling of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredType {
    /// The type under its canonical name.
    pub media_type: MediaType,
    content_type: String,
}

impl DeclaredType {
    /// Parses a declared type such as `image/jpg` or `video/webm;codecs=vp9`. An error is a sentence for the client.
    pub fn parse(text: &str) -> Result<Self, Cause> {
        let media_type =
            MediaType::parse(text).ok_or(Cause::Invalid("it must be a media type such as image/png"))?;
        let text = text.trim();
        // HTTP clients change other spaces and characters, and then the signature doesn't match.
        let is_sent_unchanged = text.len() <= MAX_HEADER_BYTES
            && text.bytes().all(|b| matches!(b, b' '..=b'~'))
            && !text.contains("  ");
        let content_type = if is_sent_unchanged { text.to_owned() } else { media_type.to_string() };
        Ok(Self { media_type, content_type })
    }

    /// The header `Content-Type` of a PUT. Clients send the file's own type, so it has the client's spelling.
    pub fn content_type(&self) -> &str {
        &self.content_type
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_has_the_spelling_of_the_client_if_http_keeps_it() {
        let check = |text: &str, name: &str, content_type: &str| {
            let declared = DeclaredType::parse(text).unwrap();
            assert_eq!((declared.media_type.as_str(), declared.content_type()), (name, content_type));
        };
        check("image/png", "image/png", "image/png");
        check("image/jpg", "image/jpeg", "image/jpg");
        check(" video/webm;codecs=\"vp9,opus\" ", "video/webm", "video/webm;codecs=\"vp9,opus\"");
        check("text/plain; a=é", "text/plain", "text/plain");
        check("text/plain;  charset=utf-8", "text/plain", "text/plain");
        check("text/plain;\r\nx-evil: 1", "text/plain", "text/plain");
        check(&format!("image/x-png;a={}", "a".repeat(255)), "image/png", "image/png");
        assert!(DeclaredType::parse("png").is_err());
    }
}
