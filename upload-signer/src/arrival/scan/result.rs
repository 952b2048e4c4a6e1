//! The result of a scan, and the errors of a scan.

use std::time::Duration;

/// The result of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanResult {
    /// The scanner found nothing.
    Clean,
    /// The scanner found harmful content.
    Harmful,
}

/// The errors of a scan. The upload stays pending and is scanned again.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The program can't be started, or its input file can't be written.
    #[error("the scanner can't be run: {0}")]
    Run(#[from] std::io::Error),
    /// The request to the endpoint fails.
    #[error("the request to the scanner failed: {0}")]
    Request(#[from] reqwest::Error),
    /// The scanner answers neither clean nor harmful.
    #[error("the scanner can't decide: {0}")]
    Undecided(String),
    /// The scan exceeds its time limit.
    #[error("the scanner took longer than {} s", .0.as_secs())]
    TimedOut(Duration),
}
