//! Listings of keys in order, by prefix and delimiter.

use std::ops::Bound;

use redb::ReadableTable;

use super::error::StoreError;
use super::index;
use super::record::ObjectRecord;

/// A request for a page of a listing.
#[derive(Clone, Debug)]
pub(crate) struct ListQuery {
    pub(crate) bucket: String,
    pub(crate) prefix: String,
    /// Keys that contain the delimiter after the prefix are listed as one common prefix.
    pub(crate) delimiter: Option<String>,
    /// The key or common prefix before the page.
    pub(crate) after: Option<String>,
    /// Maximum number of keys and common prefixes together.
    pub(crate) limit: usize,
}

/// A page of a listing.
#[derive(Debug, Default)]
pub(crate) struct ListPage {
    pub(crate) objects: Vec<(String, ObjectRecord)>,
    pub(crate) common_prefixes: Vec<String>,
    /// The last key or common prefix of the page. `None` if there is no next page.
    pub(crate) next: Option<String>,
}

/// Lists one page.
pub(crate) fn list(
    objects: &impl ReadableTable<(&'static str, &'static str), &'static [u8]>,
    query: &ListQuery,
) -> Result<ListPage, StoreError> {
    let mut page = ListPage::default();
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
            let (row_key, record) = row?;
            let (bucket, key) = row_key.value();
            if bucket != query.bucket || !key.starts_with(&query.prefix) {
                return Ok(page);
            }
            if page.objects.len() + page.common_prefixes.len() == query.limit {
                page.next = Some(last);
                return Ok(page);
            }
            if let Some(common) = common_prefix(query, key) {
                common.clone_into(&mut last);
                page.common_prefixes.push(common.to_owned());
                // One step skips all keys with the common prefix.
                next = successor(common).map_or(Bound::Unbounded, Bound::Included);
                break;
            }
            key.clone_into(&mut last);
            page.objects.push((key.to_owned(), index::parse(record.value())?));
        }
        start = next;
    }
}

fn first_bound(query: &ListQuery) -> Bound<String> {
    let Some(after) = query.after.as_deref().filter(|after| *after >= query.prefix.as_str()) else {
        return Bound::Included(query.prefix.clone());
    };
    if common_prefix(query, after) == Some(after) {
        return successor(after).map_or(Bound::Unbounded, Bound::Included);
    }
    Bound::Excluded(after.to_owned())
}

/// The common prefix of a key: the key up to its first delimiter after the prefix.
fn common_prefix<'k>(query: &ListQuery, key: &'k str) -> Option<&'k str> {
    let delimiter = query.delimiter.as_deref().filter(|delimiter| !delimiter.is_empty())?;
    let rest = key.strip_prefix(&query.prefix)?;
    let end = query.prefix.len() + rest.find(delimiter)? + delimiter.len();
    key.get(..end)
}

/// The first text after all texts with a prefix. The order of UTF-8 is the order of its characters.
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
    fn the_successor_follows_every_text_with_the_prefix() {
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
