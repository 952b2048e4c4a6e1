//! The operator's scanner, a command or an HTTP endpoint, which checks every upload before it is served.

mod command;

mod http;

pub mod result;

use std::time::Duration;

use bucket::{ByteStream, ObjectVersion};

use self::result::{ScanError, ScanResult};

/// A scanner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanner {
    /// A program that reads the file from standard input. It exits with 0 for a clean file, 1 for a harmful one and any
    /// other status if it can't decide.
    Command {
        /// The program and its arguments; not empty.
        command_line: Vec<String>,
        /// The time limit of a scan.
        time_limit: Duration,
    },
    /// An `http://` endpoint that receives the file by POST. It answers 200 for a clean file, 406 for a harmful one and any
    /// other status if it can't decide.
    Http {
        /// The URL.
        url: String,
        /// The time limit of a scan.
        time_limit: Duration,
    },
}

impl Scanner {
    /// Scans the content of an object, which is read once.
    pub async fn scan(&self, object: &ObjectVersion, content: ByteStream) -> Result<ScanResult, ScanError> {
        let (time_limit, scan) = match self {
            Self::Command { command_line, time_limit } => {
                (*time_limit, tokio::time::timeout(*time_limit, command::scan(command_line, content)).await)
            }
            Self::Http { url, time_limit } => {
                (*time_limit, tokio::time::timeout(*time_limit, http::scan(url, object, content)).await)
            }
        };
        scan.unwrap_or(Err(ScanError::TimedOut(time_limit)))
    }
}

#[cfg(test)]
mod tests;
