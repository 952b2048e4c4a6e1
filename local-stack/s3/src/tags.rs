//! Tags of objects: the rules, and the text of `x-amz-tagging`.

use percent_encoding::percent_decode_str;

use super::error::Refusal;
use super::record::Tag;

/// The most tags of an object.
const MOST_TAGS: usize = 10;
/// The most characters of a tag's key.
const MOST_KEY_CHARACTERS: usize = 128;
/// The most characters of a tag's value.
const MOST_VALUE_CHARACTERS: usize = 256;

/// Reads `x-amz-tagging`: `key=value` pairs, form-encoded, with `&` between.
pub(crate) fn parse(header: &str) -> Result<Vec<Tag>, Refusal> {
    const BAD: Refusal = Refusal::InvalidArgument(String::new());
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
        .collect::<Result<Vec<_>, Refusal>>()
        .map_err(|_| {
            Refusal::InvalidArgument(
                "the header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded".to_owned(),
            )
        })?;
    check(tags)
}

/// Refuses tags that break the rules.
pub(crate) fn check(tags: Vec<Tag>) -> Result<Vec<Tag>, Refusal> {
    if tags.len() > MOST_TAGS {
        return Err(Refusal::InvalidTag("an object has at most 10 tags"));
    }
    for (index, tag) in tags.iter().enumerate() {
        if tag.key.is_empty() || tag.key.chars().count() > MOST_KEY_CHARACTERS {
            return Err(Refusal::InvalidTag("a tag's key has 1 to 128 characters"));
        }
        if tag.value.chars().count() > MOST_VALUE_CHARACTERS {
            return Err(Refusal::InvalidTag("a tag's value has at most 256 characters"));
        }
        if tags.iter().take(index).any(|other| other.key == tag.key) {
            return Err(Refusal::InvalidTag("a tag's key is given twice"));
        }
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_becomes_tags_and_bad_ones_are_refused() {
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
