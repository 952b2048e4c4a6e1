//! The log: JSON lines on Lambda, readable lines in a terminal.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

/// The format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One JSON object per line, for machines.
    Json,
    /// Text for people.
    Pretty,
}

/// Starts the log on standard error. `filter` is a list of `tracing` directives such as `info,resize=debug`; a filter that
/// can't be parsed counts as `info`. A second call has no effect.
pub fn start(style: Style, filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = match style {
        Style::Json => builder.json().flatten_event(true).try_init(),
        Style::Pretty => {
            builder.compact().with_target(false).with_ansi(io::stderr().is_terminal()).try_init()
        }
    };
    if started.is_err() {
        tracing::debug!("the log is already started");
    }
}
