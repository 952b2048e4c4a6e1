//! The scanner that the environment describes.

use std::time::Duration;

use service::env::{self, EnvError};

use crate::arrival::scan::Scanner;

/// The longest that a scan may be allowed to take: a Lambda's longest life.
const MAX_SECONDS: u64 = 900;

/// Why the environment describes no scanner.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScannerConfigError {
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

/// The scanner of the environment; none where it names none.
pub fn from_env() -> Result<Option<Scanner>, ScannerConfigError> {
    parse(&env::read(env::SCAN_COMMAND)?, &env::read(env::SCAN_URL)?, &env::read(env::SCAN_TIMEOUT)?)
}

fn parse(command: &str, url: &str, seconds: &str) -> Result<Option<Scanner>, ScannerConfigError> {
    let limit = match seconds.parse() {
        Ok(number @ 1..=MAX_SECONDS) => Duration::from_secs(number),
        _ => return Err(ScannerConfigError::Timeout(seconds.to_owned())),
    };
    let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
    match (words.is_empty(), url.is_empty()) {
        (true, true) => Ok(None),
        (false, false) => Err(ScannerConfigError::Both),
        (false, true) => Ok(Some(Scanner::Command { words, limit })),
        (true, false) => match reqwest::Url::parse(url) {
            Ok(parsed) if parsed.scheme() == "http" && parsed.has_host() => {
                Ok(Some(Scanner::Http { url: url.to_owned(), limit }))
            }
            _ => Err(ScannerConfigError::Url(url.to_owned())),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_scanner_is_configured_or_none() {
        let check = |command: &str,
                     url: &str,
                     seconds: &str,
                     expected: Result<Option<Scanner>, ScannerConfigError>| {
            assert_eq!(parse(command, url, seconds), expected, "{command:?} {url:?} {seconds:?}");
        };
        let limit = Duration::from_mins(1);
        let url = "http://127.0.0.1:3310/scan";
        check("", "", "60", Ok(None));
        check(" ", "", "60", Ok(None));
        let words = ["clamdscan", "--no-summary", "-"].map(str::to_owned).to_vec();
        check("clamdscan --no-summary  -", "", "60", Ok(Some(Scanner::Command { words, limit })));
        check("", url, "60", Ok(Some(Scanner::Http { url: url.to_owned(), limit })));
        check("a", url, "60", Err(ScannerConfigError::Both));
        for url in ["https://scanner", "scanner:3310", "http://", "file:///a"] {
            check("", url, "60", Err(ScannerConfigError::Url(url.to_owned())));
        }
        for seconds in ["0", "901", "-1", "x", ""] {
            check("", "", seconds, Err(ScannerConfigError::Timeout(seconds.to_owned())));
        }
    }
}
