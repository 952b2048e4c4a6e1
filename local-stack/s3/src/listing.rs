//! Listing keys in order, by prefix and delimiter.

use std::ops::Bound;

use redb::ReadableTable;

use super::error::StoreError;
use super::index;
use super::record::ObjectRecord;

/// What is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) bucket: String,
    pub(crate) prefix: String,
    /// Keys that have it after the prefix are listed once, as what they share.
    pub(crate) delimiter: Option<String>,
    /// Only what comes after it is listed: a key or a shared prefix.
    pub(crate) after: Option<String>,
    /// The most keys and shared prefixes together.
    pub(crate) limit: usize,
}

/// A page of a listing.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) objects: Vec<(String, ObjectRecord)>,
    pub(crate) common_prefixes: Vec<String>,
    /// What the next page comes after, where there is one.
    pub(crate) next: Option<String>,
}

/// One page.
pub(crate) fn list(
    objects: &impl ReadableTable<(&'static str, &'static str), &'static [u8]>,
    query: &Query,
) -> Result<Page, StoreError> {
    let mut page = Page::default();
    if query.limit == 0 {
        return Ok(page);
    }
    let mut last = String::new();
    let mut start = first_bound(query);
    loop {
        let from = match &start {
            Bound::Included(key) => Bound::Included((query.bucket.as_str(), key.as_str())),
            Bound::Excluded(key) => Bound::Excluded((query.bucket.as_str(), key.as_str())),
            Bound::Unbounded => return Ok(page),
        };
        let mut next = Bound::Unbounded;
        for row in objects.range::<(&str, &str)>((from, Bound::Unbounded))? {
            let (place, record) = row?;
            let (bucket, key) = place.value();
            if bucket != query.bucket || !key.starts_with(&query.prefix) {
                return Ok(page);
            }
            if page.objects.len() + page.common_prefixes.len() == query.limit {
                page.next = Some(last);
                return Ok(page);
            }
            if let Some(shared) = shared_prefix(query, key) {
                shared.clone_into(&mut last);
                page.common_prefixes.push(shared.to_owned());
                // Everything below the shared prefix is passed over in one step.
                next = successor(shared).map_or(Bound::Unbounded, Bound::Included);
                break;
            }
            key.clone_into(&mut last);
            page.objects.push((key.to_owned(), index::parse(record.value())?));
        }
        start = next;
    }
}

fn first_bound(query: &Query) -> Bound<String> {
    let Some(after) = query.after.as_deref().filter(|after| *after >= query.prefix.as_str()) else {
        return Bound::Included(query.prefix.clone());
    };
    if shared_prefix(query, after) == Some(after) {
        return successor(after).map_or(Bound::Unbounded, Bound::Included);
    }
    Bound::Excluded(after.to_owned())
}

/// The key up to its first delimiter after the prefix.
fn shared_prefix<'k>(query: &Query, key: &'k str) -> Option<&'k str> {
    let delimiter = query.delimiter.as_deref().filter(|delimiter| !delimiter.is_empty())?;
    let rest = key.strip_prefix(&query.prefix)?;
    let end = query.prefix.len() + rest.find(delimiter)? + delimiter.len();
    key.get(..end)
}

/// The first text after all that begin with a prefix. UTF-8 sorts as its characters do.
fn successor(prefix: &str) -> Option<String> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        let next = match last {
            '\u{D7FF}' => Some('\u{E000}'),
            last => char::from_u32(last as u32 + 1),
        };
        if let Some(next) = next {
            text.push(next);
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_successor_follows_every_text_that_begins_with_the_prefix() {
        for (prefix, expected) in [
            ("a/", Some("a0")),
            ("a", Some("b")),
            ("\u{D7FF}", Some("\u{E000}")),
            ("a\u{10FFFF}", Some("b")),
            ("\u{10FFFF}", None),
            ("", None),
        ] {
            assert_eq!(successor(prefix).as_deref(), expected);
        }
    }
}
