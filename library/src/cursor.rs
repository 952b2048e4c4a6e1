//! The cursor of a list: the place where the next page begins, opaque for clients.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::name::Position;

/// The position of the last file of a page. It says nothing about the caller or the filters, so it can't widen a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub Position);

impl Cursor {
    /// The text for clients.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.as_str())
    }

    /// Reads the text of a cursor. `None` if it isn't one.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        Position::parse(std::str::from_utf8(&bytes).ok()?).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use contract::key::Key;

    use super::*;

    #[test]
    fn only_the_text_of_a_cursor_is_read() {
        let cursor = Cursor(Position::new(1_700_000_000_000, &Key::parse("files/a").unwrap()));
        let text = cursor.to_text();
        assert_eq!(Cursor::parse(&text), Some(cursor));
        for text in ["", "a", "0", &text[1..], &format!("{text}="), "\u{e9}"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
