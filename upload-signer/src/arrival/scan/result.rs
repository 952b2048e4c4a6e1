//! The result of a scan, or the reason why there is none.

use std::time::Duration;

/// What a scanner says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanResult {
    /// Nothing was found.
    Clean,
    /// Something was.
    Harmful,
}

/// Why there is no finding: the upload stays pending, and is scanned again.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The program can't be started, or its file not be written.
    #[error("the scanner can't be run: {0}")]
    Run(#[from] std::io::Error),
    /// The endpoint can't be asked.
    #[error("the scanner can't be asked: {0}")]
    Ask(#[from] reqwest::Error),
    /// It answered with something else than clean or harmful.
    #[error("the scanner can't tell: {0}")]
    CantTell(String),
    /// It took too long.
    #[error("the scanner took longer than {} s", .0.as_secs())]
    TimedOut(Duration),
}
