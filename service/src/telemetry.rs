//! The log: JSON lines on Lambda, readable ones in a terminal.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One JSON object a line, for a machine.
    Json,
    /// For a person.
    Pretty,
}

/// Starts the log on standard error. `filter` is a `tracing` directive list such as `info,resize=debug`; one
/// that can't be read counts as `info`. A second start is ignored.
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
        tracing::debug!("the log was started already");
    }
}
