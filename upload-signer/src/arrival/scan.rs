//! A scanner of the operator's own, asked about every upload before it is served: a command or an HTTP endpoint.

mod command;

mod http;

pub mod result;

use std::time::Duration;

use bucket::{ByteStream, ObjectVersion};

use self::result::{ScanError, ScanResult};

/// Who is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanner {
    /// A program and its arguments. It reads the file from standard input and ends with 0 for a clean file, 1 for
    /// a harmful one, anything else where it can't tell.
    Command {
        /// The program, then its arguments. Never empty.
        words: Vec<String>,
        /// How long it may take.
        limit: Duration,
    },
    /// An `http://` URL that the file is posted to. It answers 200 for a clean file, 406 for a harmful one,
    /// anything else where it can't tell.
    Http {
        /// The URL.
        url: String,
        /// How long it may take.
        limit: Duration,
    },
}

impl Scanner {
    /// Asks about an object, whose content is read once.
    pub async fn scan(&self, object: &ObjectVersion, content: ByteStream) -> Result<ScanResult, ScanError> {
        let (limit, scan) = match self {
            Self::Command { words, limit } => {
                (*limit, tokio::time::timeout(*limit, command::scan(words, content)).await)
            }
            Self::Http { url, limit } => {
                (*limit, tokio::time::timeout(*limit, http::scan(url, object, content)).await)
            }
        };
        scan.unwrap_or(Err(ScanError::TimedOut(limit)))
    }
}

#[cfg(test)]
mod tests;
