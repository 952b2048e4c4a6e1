//! A scanner of the operator's own, asked about every upload before it is served: a command or an HTTP endpoint.

mod command;

mod http;

use std::time::Duration;

use service::env::{self, EnvError};

use crate::arrival::store::{ByteStream, Object};

/// The longest that a scan may be allowed to take: a Lambda's longest life.
const MAX_SECONDS: u64 = 900;

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

/// What a scanner says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
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

/// Why the environment describes no scanner.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScannerError {
    /// A variable is no text.
    #[error(transparent)]
    Env(#[from] EnvError),
    /// Both are set.
    #[error("of {} and {} only one can be set", env::SCAN_COMMAND.name, env::SCAN_URL.name)]
    Both,
    /// Not a URL that can be posted to.
    #[error("{name}: '{0}' is no http:// URL", name = env::SCAN_URL.name)]
    Url(String),
    /// Not a number of seconds, or out of range.
    #[error("{name}: '{0}' is no whole number from 1 to {MAX_SECONDS}", name = env::SCAN_TIMEOUT.name)]
    Timeout(String),
}

impl Scanner {
    /// The scanner of the environment; none where it names none.
    pub fn from_env() -> Result<Option<Self>, ScannerError> {
        Self::read(&env::read(env::SCAN_COMMAND)?, &env::read(env::SCAN_URL)?, &env::read(env::SCAN_TIMEOUT)?)
    }

    fn read(command: &str, url: &str, seconds: &str) -> Result<Option<Self>, ScannerError> {
        let limit = match seconds.parse() {
            Ok(number @ 1..=MAX_SECONDS) => Duration::from_secs(number),
            _ => return Err(ScannerError::Timeout(seconds.to_owned())),
        };
        let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        match (words.is_empty(), url.is_empty()) {
            (true, true) => Ok(None),
            (false, false) => Err(ScannerError::Both),
            (false, true) => Ok(Some(Self::Command { words, limit })),
            (true, false) => match reqwest::Url::parse(url) {
                Ok(parsed) if parsed.scheme() == "http" && parsed.has_host() => {
                    Ok(Some(Self::Http { url: url.to_owned(), limit }))
                }
                _ => Err(ScannerError::Url(url.to_owned())),
            },
        }
    }

    /// Asks about an object, whose content is read once.
    pub async fn scan(&self, object: &Object, content: ByteStream) -> Result<Finding, ScanError> {
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
