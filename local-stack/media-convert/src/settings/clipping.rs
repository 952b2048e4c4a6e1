//! The part of an input that a job transcodes.

use serde::Deserialize;

/// A part of an input, from its beginning. Parts that begin later are not implemented.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct InputClipping {
    /// The timecode of the last frame of the part.
    pub(crate) end_timecode: Timecode,
}

/// A timecode `HH:MM:SS:FF` without dropped numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Timecode {
    /// The whole seconds, less than 25 hours.
    pub(crate) seconds: u32,
    /// The number of the frame within the second, 0 to 99.
    pub(crate) frame: u32,
}

impl TryFrom<String> for Timecode {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a timecode is HH:MM:SS:FF; HH:MM:SS;FF is not implemented")
    }
}

impl Timecode {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':').map(|part| {
            let is_number = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| part.parse::<u32>().ok()).flatten()
        });
        let mut part = |max: u32| parts.next()?.filter(|number| *number <= max);
        let seconds = part(24)? * 3600 + part(59)? * 60 + part(59)?;
        let frame = part(99)?;
        parts.next().is_none().then_some(Self { seconds, frame })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timecode_has_four_numbers_of_two_digits() {
        let check = |text: &str, expected: Option<(u32, u32)>| {
            let found = Timecode::parse(text).map(|timecode| (timecode.seconds, timecode.frame));
            assert_eq!(found, expected, "{text:?}");
        };
        check("00:00:00:00", Some((0, 0)));
        check("01:02:03:24", Some((3_723, 24)));
        check("24:59:59:99", Some((89_999, 99)));
        check("25:00:00:00", None);
        check("00:60:00:00", None);
        check("00:00:60:00", None);
        check("00:00:00;00", None);
        check("00:00:00", None);
        check("00:00:00:00:00", None);
        check("0:00:00:00", None);
        check("00:00:00:+1", None);
        check("", None);
    }
}
