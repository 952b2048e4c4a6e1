//! Signed links of a local stack. The stack doesn't have to run.

use std::path::Path;
use std::str::FromStr;

use cdn_config::policy::Policy;
use contract::link::{self, LinkError};
use jiff::Timestamp;

use crate::secrets::{self, SecretError};

/// The time at which a link expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// A time, in seconds since 1970.
    At(u32),
    /// A time relative to now, in seconds.
    After(u32),
}

/// The error for a text that isn't an expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither a time in seconds since 1970, such as 1800000000, nor seconds from now, such as +3600")]
pub struct InvalidExpiry;

/// The reason why a link can't be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignLinkError {
    /// The data folder has no usable secret.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The link would never be valid.
    #[error("--expires {0} is {1}, which is in the past; write +{0} for {0} seconds from now")]
    Over(u32, Timestamp),
    /// The link would expire at once.
    #[error("--expires +0 is now, when the link would be over; write +3600 for an hour from now")]
    AtOnce,
    /// The edge would refuse the link.
    #[error("the URL can't be signed: {0}")]
    Link(#[from] LinkError),
}

impl FromStr for Expiry {
    type Err = InvalidExpiry;

    fn from_str(text: &str) -> Result<Self, InvalidExpiry> {
        let read = |digits: &str| digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()));
        match text.strip_prefix('+') {
            Some(seconds) => read(seconds).map(Self::After),
            None => read(text).map(Self::At),
        }
        .ok_or(InvalidExpiry)
    }
}

impl Expiry {
    /// The time in seconds since 1970, at most [`u32::MAX`]. Fails if it is in the past.
    fn seconds(self, now: Timestamp) -> Result<u32, SignLinkError> {
        match self {
            Self::At(seconds) if i64::from(seconds) <= now.as_second() => {
                let time = Timestamp::from_second(seconds.into()).unwrap_or_default();
                Err(SignLinkError::Over(seconds, time))
            }
            Self::At(seconds) => Ok(seconds),
            Self::After(0) => Err(SignLinkError::AtOnce),
            Self::After(seconds) => {
                Ok(u32::try_from(now.as_second().saturating_add(seconds.into())).unwrap_or(u32::MAX))
            }
        }
    }
}

/// Signs a URL with the link secret of a stack's data folder.
pub fn sign(
    url: &str,
    expiry: Option<Expiry>,
    policy: &Policy,
    data: &Path,
    now: Timestamp,
) -> Result<String, SignLinkError> {
    let keys = secrets::read_links(data)?;
    let expires = expiry.map(|expiry| expiry.seconds(now)).transpose()?;
    Ok(link::sign(url, expires, &policy.rules, &keys)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_a_time_or_a_number_of_seconds_from_now() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let check = |text: &str, expected: Option<u32>| {
            let seconds = text.parse::<Expiry>().ok().map(|expiry| expiry.seconds(now).unwrap());
            assert_eq!(seconds, expected, "{text:?}");
        };
        check("1800000001", Some(1_800_000_001));
        check("+3600", Some(1_800_003_600));
        check("+4294967295", Some(u32::MAX));
        check("4294967296", None);
        check("++1", None);
        check("-1", None);
        check("1h", None);
        check("", None);
        check("+", None);
    }

    #[test]
    fn a_time_in_the_past_is_refused_with_a_valid_example() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let error = "5".parse::<Expiry>().unwrap().seconds(now).unwrap_err().to_string();
        assert_eq!(
            error,
            "--expires 5 is 1970-01-01T00:00:05Z, which is in the past; write +5 for 5 seconds from now"
        );
        assert!("1800000000".parse::<Expiry>().unwrap().seconds(now).is_err());
        let error = "+0".parse::<Expiry>().unwrap().seconds(now).unwrap_err().to_string();
        assert!(error.ends_with("write +3600 for an hour from now"), "{error}");
    }

    #[test]
    fn a_link_is_signed_with_the_secret_of_its_data_folder() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for folder in [&one, &other] {
            secrets::open(folder.path()).unwrap();
        }
        let policy = Policy::built_in();
        let sign = |url: &str, data: &tempfile::TempDir| {
            sign(url, None, &policy, data.path(), Timestamp::UNIX_EPOCH)
        };
        let url = "http://127.0.0.1:8080/private/1/a.jpg?w=641";
        let signed = sign(url, &one).unwrap();
        assert!(signed.starts_with(&format!("{url}&s=")), "{signed}");
        assert_eq!(sign(url, &one).unwrap(), signed);
        assert_ne!(sign(url, &other).unwrap(), signed);
        let refused = sign("/private/1/a.jpg?w=0", &one).unwrap_err().to_string();
        assert_eq!(refused, "the URL can't be signed: 'w' must be a number from 1 to 8192");
    }
}
