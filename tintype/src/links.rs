//! Signed links of a local stack, made without it: `tintype sign`.

use std::path::Path;
use std::str::FromStr;

use cdn_config::policy::Policy;
use contract::link::{self, LinkError};
use jiff::Timestamp;

use crate::secrets::{self, SecretError};

/// When a link ends, as the command line spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// At a time, in seconds since 1970.
    At(u32),
    /// After some seconds from now.
    In(u32),
}

/// A text is no end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither a time in seconds since 1970, such as 1800000000, nor seconds from now, such as +3600")]
pub struct NoEnd;

/// Why a link wasn't signed.
#[derive(Debug, thiserror::Error)]
pub enum SignLinkError {
    /// The data folder has no usable secret.
    #[error("the link secret can't be used: {0}")]
    Secret(#[from] SecretError),
    /// The link would be refused.
    #[error("the URL can't be signed: {0}")]
    Link(#[from] LinkError),
}

impl FromStr for End {
    type Err = NoEnd;

    fn from_str(text: &str) -> Result<Self, NoEnd> {
        let read = |digits: &str| digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()));
        match text.strip_prefix('+') {
            Some(seconds) => read(seconds).map(Self::In),
            None => read(text).map(Self::At),
        }
        .ok_or(NoEnd)
    }
}

impl End {
    /// In seconds since 1970, at most [`u32::MAX`].
    fn seconds(self, now: Timestamp) -> u32 {
        match self {
            Self::At(seconds) => seconds,
            Self::In(seconds) => {
                u32::try_from(now.as_second().saturating_add(seconds.into())).unwrap_or(u32::MAX)
            }
        }
    }
}

/// The URL signed with the secret of a data folder, which is made where there is none yet.
pub fn sign(
    url: &str,
    end: Option<End>,
    policy: &Policy,
    data: &Path,
    now: Timestamp,
) -> Result<String, SignLinkError> {
    let secrets = secrets::open(data)?;
    let expires = end.map(|end| end.seconds(now));
    Ok(link::sign(url, expires, &policy.rules, &secrets.links)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_a_time_or_some_seconds_from_now() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let check = |text: &str, expected: Option<u32>| {
            assert_eq!(text.parse::<End>().ok().map(|end| end.seconds(now)), expected, "{text:?}");
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
    fn a_link_is_signed_with_the_secret_of_its_folder() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
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
        assert_eq!(refused, "the URL can't be signed: 'w' must be a whole number from 1 to 8192");
    }
}
