//! Tags of objects: their rules, and the format of `x-amz-tagging`.

use percent_encoding::percent_decode_str;

use super::error::ClientError;
use super::record::Tag;

/// Maximum number of tags of an object.
const MAX_TAGS: usize = 10;
/// Maximum length of a tag's key, in characters.
const MAX_KEY_CHARACTERS: usize = 128;
/// Maximum length of a tag's value, in characters.
const MAX_VALUE_CHARACTERS: usize = 256;

/// Reads `x-amz-tagging`: `key=value` pairs, form-encoded and separated by `&`.
pub(crate) fn parse(header: &str) -> Result<Vec<Tag>, ClientError> {
    const BAD: ClientError = ClientError::InvalidArgument(String::new());
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| BAD)
    };
    let tags = header
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok(Tag { key: decode(key)?, value: decode(value)? })
        })
        .collect::<Result<Vec<_>, ClientError>>()
        .map_err(|_| {
            ClientError::InvalidArgument(
                "the header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded".to_owned(),
            )
        })?;
    check(tags)
}

/// Refuses tags that break the rules.
pub(crate) fn check(tags: Vec<Tag>) -> Result<Vec<Tag>, ClientError> {
    if tags.len() > MAX_TAGS {
        return Err(ClientError::InvalidTag("an object has at most 10 tags"));
    }
    for (index, tag) in tags.iter().enumerate() {
        if tag.key.is_empty() || tag.key.chars().count() > MAX_KEY_CHARACTERS {
            return Err(ClientError::InvalidTag("a tag's key has 1 to 128 characters"));
        }
        if tag.value.chars().count() > MAX_VALUE_CHARACTERS {
            return Err(ClientError::InvalidTag("a tag's value has at most 256 characters"));
        }
        if tags.iter().take(index).any(|other| other.key == tag.key) {
            return Err(ClientError::InvalidTag("a tag's key is given twice"));
        }
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_gives_tags_and_an_invalid_header_is_refused() {
        let check = |header: &str, expected: Option<&[(&str, &str)]>| {
            let tags = parse(header).ok();
            let tags = tags.as_ref().map(|tags| {
                tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())).collect::<Vec<_>>()
            });
            assert_eq!(tags.as_deref(), expected, "{header:?}");
        };
        check("", Some(&[]));
        check("state=pending", Some(&[("state", "pending")]));
        check("a=1&b=x+y%26%C3%A4", Some(&[("a", "1"), ("b", "x y&ä")]));
        check("a", Some(&[("a", "")]));
        check("a=1&a=2", None);
        check("=1", None);
        check("a=%FF", None);
        check(
            "a=&b=&c=&d=&e=&f=&g=&h=&i=&j=",
            Some(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].map(|k| (k, ""))),
        );
        check("a=&b=&c=&d=&e=&f=&g=&h=&i=&j=&k=", None);
        check(&format!("{}=", "k".repeat(129)), None);
        check(&format!("k={}", "v".repeat(257)), None);
    }
}
