//! A page of a list, with filters.

use crate::cursor::Cursor;
use crate::filter::Filter;
use crate::record::FileRecord;
use crate::store::{LibraryError, LibraryStore, Range, Scope};

/// The number of records that are read at once for a filter.
const CHUNK: usize = 1000;

/// The maximum number of records that are read for one page. A page that reaches it has fewer files than were asked for.
const MAX_READ: usize = 10_000;

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The files, newest first.
    pub files: Vec<FileRecord>,
    /// The place of the next page; `None` at the end of the list.
    pub next: Option<Cursor>,
}

/// The newest files that match a filter, at most `limit`, which is 1 or more. A page may have fewer, and even none, and still
/// have a next page: the filter has then left out all records that were read.
pub async fn list(
    store: &dyn LibraryStore,
    scope: &Scope,
    filter: &Filter,
    mut range: Range,
    limit: usize,
) -> Result<Page, LibraryError> {
    // One more record than the page has says whether there is a next page.
    let at_once = if *filter == Filter::default() { limit + 1 } else { CHUNK };
    let mut files = Vec::new();
    let mut read = 0;
    while read < MAX_READ {
        let chunk = store.newest(scope, &range, at_once).await?;
        let is_last = chunk.len() < at_once;
        read += chunk.len();
        let mut rest = chunk.into_iter();
        while let Some(record) = rest.next() {
            range.before = record.position().or(range.before);
            if filter.matches(&record) {
                files.push(record);
            }
            if files.len() == limit {
                let is_end = is_last && !rest.any(|record| filter.matches(&record));
                return Ok(Page { files, next: range.before.filter(|_| !is_end).map(Cursor) });
            }
        }
        if is_last {
            return Ok(Page { files, next: None });
        }
    }
    Ok(Page { files, next: range.before.map(Cursor) })
}
