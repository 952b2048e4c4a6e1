//! The parameters of a list.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use library::cursor::Cursor;
use library::filter::Filter;
use library::name::Position;
use library::record::State;
use library::store::Range;

use crate::error::{Cause, SignError};

/// The number of files of a page, if the request doesn't say one.
const DEFAULT_LIMIT: usize = 100;

/// The largest number of files of a page.
const MAX_LIMIT: usize = 1000;

/// A request for a page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ListQuery {
    pub(super) filter: Filter,
    pub(super) range: Range,
    /// The name of the only owner, such as `session:alice`; empty for files without one.
    pub(super) owner: Option<String>,
    /// 1 to [`MAX_LIMIT`].
    pub(super) limit: usize,
}

impl ListQuery {
    /// Reads names and values of parameters. Each name may occur once.
    pub(super) fn parse(parameters: Vec<(String, String)>) -> Result<Self, SignError> {
        let mut query =
            Self { filter: Filter::default(), range: Range::default(), owner: None, limit: DEFAULT_LIMIT };
        let (mut until, mut cursor, mut seen) = (None, None, Vec::new());
        for (name, value) in parameters {
            if seen.contains(&name) {
                return Err(SignError::at(name, Cause::Invalid("it occurs twice")));
            }
            let invalid = |sentence| SignError::at(&name, Cause::Invalid(sentence));
            match name.as_str() {
                "limit" => {
                    let read = limit(&value);
                    query.limit = read.ok_or_else(|| invalid("it must be a number from 1 to 1000"))?;
                }
                "cursor" => {
                    let read = Cursor::parse(&value);
                    cursor = Some(read.ok_or_else(|| invalid("it must be the cursor of an answer"))?.0);
                }
                "prefix" => query.filter.prefix = Some(value),
                "folder" => query.filter.folder = Some(value),
                "type" => query.filter.media_type = Some(media_type(&value).ok_or_else(|| invalid(TYPE))?),
                "state" => query.filter.state = Some(state(&value).ok_or_else(|| invalid(STATE))?),
                "tag" => query.filter.tag = Some(value),
                "q" => query.filter.words = Filter::words(&value),
                "owner" => query.owner = Some(value),
                "since" => query.range.from = Some(time(&value).ok_or_else(|| invalid(TIME))?),
                "until" => until = Some(time(&value).ok_or_else(|| invalid(TIME))?),
                _ => return Err(invalid(UNKNOWN)),
            }
            seen.push(name);
        }
        query.range.before = [until, cursor].into_iter().flatten().min();
        Ok(query)
    }
}

const TYPE: &str = "it must be a media type such as image/png, or a family such as image/*";
const STATE: &str = "it must be one of pending, clean, refused, unchecked";
const TIME: &str = "it must be a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z";
const UNKNOWN: &str = "there is no such parameter; there are limit, cursor, prefix, folder, type, state, tag, q, owner, \
                       since, until";

fn limit(value: &str) -> Option<usize> {
    value.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit))
}

fn media_type(value: &str) -> Option<String> {
    let (family, name) = value.split_once('/')?;
    let is_text = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.+".contains(&byte))
    };
    (is_text(family) && (name == "*" || is_text(name))).then(|| value.to_ascii_lowercase())
}

fn state(value: &str) -> Option<State> {
    State::ALL.into_iter().find(|state| state.name() == value)
}

/// The position before all files of a time or later. A date is its beginning in UTC.
fn time(value: &str) -> Option<Position> {
    let of_date = |date: Date| date.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let time = match value.parse::<Timestamp>() {
        Ok(time) => time,
        Err(_) => of_date(value.parse().ok()?)?,
    };
    Some(Position::start_of(u64::try_from(time.as_millisecond()).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &[(&str, &str)]) -> Result<ListQuery, SignError> {
        ListQuery::parse(
            query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        )
    }

    #[test]
    fn a_wrong_parameter_is_named() {
        let check = |name: &str, value: &str| {
            let error = parse(&[(name, value)]).unwrap_err();
            assert_eq!(error.field.as_deref(), Some(name), "{value}");
        };
        for value in ["0", "1001", "-1", "", "x"] {
            check("limit", value);
        }
        for value in ["png", "image/", "/png", "image/p*", "*/*", "image /png"] {
            check("type", value);
        }
        check("state", "CLEAN");
        check("since", "yesterday");
        check("until", "2026-13-01");
        check("cursor", "abc");
        check("sort", "name");
        let twice = parse(&[("q", "a"), ("q", "b")]).unwrap_err();
        assert_eq!(twice.to_string(), "q: it occurs twice");
    }

    #[test]
    fn dates_and_times_become_a_range_that_a_cursor_narrows() {
        let query = parse(&[("since", "2026-01-31"), ("until", "2026-02-01T00:00:00+01:00")]).unwrap();
        let start = Position::start_of(1_769_817_600_000);
        assert_eq!(query.range.from.as_ref(), Some(&start));
        assert_eq!(
            query.range.before.as_ref(),
            Some(&Position::start_of(1_769_817_600_000 + 23 * 3_600_000))
        );
        let key = contract::key::Key::parse("files/a").unwrap();
        let inside = Cursor(Position::new(1_769_817_600_001, &key));
        let query = parse(&[("until", "2026-02-01"), ("cursor", &inside.to_text())]).unwrap();
        assert_eq!(query.range.before, Some(inside.0));
    }

    #[test]
    fn types_are_read_in_any_case() {
        assert_eq!(
            parse(&[("type", "Image/SVG+xml")]).unwrap().filter.media_type.as_deref(),
            Some("image/svg+xml")
        );
        assert_eq!(parse(&[("type", "video/*")]).unwrap().filter.media_type.as_deref(), Some("video/*"));
        assert_eq!(parse(&[]).unwrap().limit, 100);
    }
}
