//! The log: JSON lines on Lambda, readable lines in a terminal.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::env;

/// The format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One JSON object per line, for machines.
    Json,
    /// Text for people.
    Pretty,
}

/// The error for a filter that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: '{filter}' is not a list of directives such as info,resize=debug: {reason}", env::LOG.name)]
pub struct FilterError {
    filter: String,
    reason: String,
}

/// Starts the log on standard error. `filter` is a list of `tracing` directives such as `info,resize=debug`. A second call has
/// no effect. Fails if the filter can't be parsed.
pub fn start(style: Style, filter: &str) -> Result<(), FilterError> {
    start_with(style, filter, None)
}

/// A receiver of spans and events beside the log.
pub type Exporter = Box<dyn Layer<Registry> + Send + Sync>;

/// Like [`start`], with an exporter, which has a filter of its own.
pub fn start_with(style: Style, filter: &str, exporter: Option<Exporter>) -> Result<(), FilterError> {
    let filter = parse(filter)?;
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let log = match style {
        Style::Json => lines.json().flatten_event(true).boxed(),
        Style::Pretty => lines.compact().with_target(false).with_ansi(io::stderr().is_terminal()).boxed(),
    };
    if Registry::default().with(exporter).with(log.with_filter(filter)).try_init().is_err() {
        tracing::debug!("the log is already started");
    }
    Ok(())
}

/// Parses a filter. A directive of one word must be a level: `tracing` would interpret a misspelt level as the name of
/// a module, and log nothing.
fn parse(filter: &str) -> Result<EnvFilter, FilterError> {
    let error = |reason: String| FilterError { filter: filter.to_owned(), reason };
    let is_word = |directive: &&str| !directive.is_empty() && !directive.contains(['=', '[', ':']);
    let words = filter.split(',').map(str::trim).filter(is_word);
    if let Some(word) = words.into_iter().find(|word| word.parse::<LevelFilter>().is_err()) {
        return Err(error(format!("'{word}' is none of the levels error, warn, info, debug, trace and off")));
    }
    EnvFilter::try_new(filter).map_err(|cause| error(cause.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_with_a_misspelt_level_is_refused() {
        let check = |filter: &str, expected: Option<&str>| {
            let reason = parse(filter).err().map(|error| error.to_string());
            assert_eq!(reason.is_some(), expected.is_some(), "{filter}: {reason:?}");
            assert!(reason.unwrap_or_default().contains(expected.unwrap_or_default()), "{filter}");
        };
        check(env::LOG.default.unwrap(), None);
        check("debug", None);
        check("OFF", None);
        check("info,resize=debug,s3s=off", None);
        check("resize::edge=trace", None);
        check(
            "verbose",
            Some("TINTYPE_LOG: 'verbose' is not a list of directives such as info,resize=debug"),
        );
        check("info,warning", Some("'warning' is none of the levels"));
        check("resize=loud", Some("TINTYPE_LOG: 'resize=loud' is not a list"));
    }
}
