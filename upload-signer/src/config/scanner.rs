//! The configuration of the scanner in the environment.

use std::time::Duration;

use service::env::{self, EnvError};

use crate::arrival::scan::Scanner;

/// The largest time limit of a scan in seconds: the longest run of a Lambda function.
const MAX_SECONDS: u64 = 900;

/// The configuration of the scanner is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScannerConfigError {
    /// A variable is not Unicode.
    #[error(transparent)]
    Env(#[from] EnvError),
    /// Both a command and a URL are set.
    #[error("only one of {} and {} can be set", env::SCAN_COMMAND.name, env::SCAN_URL.name)]
    Both,
    /// There is no such program.
    #[error("{name}: there is no program '{0}'; install it, or write its whole path", name = env::SCAN_COMMAND.name)]
    Program(String),
    /// The URL is not an `http://` URL.
    #[error("{name}: '{0}' is not an http:// URL", name = env::SCAN_URL.name)]
    Url(String),
    /// The time limit is not a whole number of seconds from 1 to 900.
    #[error("{name}: '{0}' is not a whole number from 1 to {MAX_SECONDS}", name = env::SCAN_TIMEOUT.name)]
    Timeout(String),
}

/// The scanner of the environment; `None` if no scanner is configured.
pub fn from_env() -> Result<Option<Scanner>, ScannerConfigError> {
    parse(&env::read(env::SCAN_COMMAND)?, &env::read(env::SCAN_URL)?, &env::read(env::SCAN_TIMEOUT)?)
}

fn parse(command: &str, url: &str, seconds: &str) -> Result<Option<Scanner>, ScannerConfigError> {
    let time_limit = match seconds.parse() {
        Ok(number @ 1..=MAX_SECONDS) => Duration::from_secs(number),
        _ => return Err(ScannerConfigError::Timeout(seconds.to_owned())),
    };
    let command_line: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
    match (command_line.is_empty(), url.is_empty()) {
        (true, true) => Ok(None),
        (false, false) => Err(ScannerConfigError::Both),
        (false, true) => match command_line.first() {
            Some(program) if !env::has_program(program) => Err(ScannerConfigError::Program(program.clone())),
            _ => Ok(Some(Scanner::Command { command_line, time_limit })),
        },
        (true, false) => match reqwest::Url::parse(url) {
            Ok(parsed) if parsed.scheme() == "http" && parsed.has_host() => {
                Ok(Some(Scanner::Http { url: url.to_owned(), time_limit }))
            }
            _ => Err(ScannerConfigError::Url(url.to_owned())),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_one_scanner_is_configured() {
        let check = |command: &str,
                     url: &str,
                     seconds: &str,
                     expected: Result<Option<Scanner>, ScannerConfigError>| {
            assert_eq!(parse(command, url, seconds), expected, "{command:?} {url:?} {seconds:?}");
        };
        let time_limit = Duration::from_mins(1);
        let url = "http://127.0.0.1:3310/scan";
        check("", "", "60", Ok(None));
        check(" ", "", "60", Ok(None));
        let command_line = ["sh", "-c", "true"].map(str::to_owned).to_vec();
        check("sh -c  true", "", "60", Ok(Some(Scanner::Command { command_line, time_limit })));
        let missing = "scanner-that-nobody-has";
        check(missing, "", "60", Err(ScannerConfigError::Program(missing.to_owned())));
        check("", url, "60", Ok(Some(Scanner::Http { url: url.to_owned(), time_limit })));
        check("a", url, "60", Err(ScannerConfigError::Both));
        for url in ["https://scanner", "scanner:3310", "http://", "file:///a"] {
            check("", url, "60", Err(ScannerConfigError::Url(url.to_owned())));
        }
        for seconds in ["0", "901", "-1", "x", ""] {
            check("", "", seconds, Err(ScannerConfigError::Timeout(seconds.to_owned())));
        }
    }
}
