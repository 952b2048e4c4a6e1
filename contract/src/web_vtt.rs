//! Captions in WebVTT (<https://www.w3.org/TR/webvtt1/>): the cues of a file, as far as they have to be moved into segments.
//!
//! ```
//! use contract::web_vtt::parse;
//!
//! let cues = parse("WEBVTT\n\n00:01.000 --> 00:02.500\nHello\n")?;
//! assert_eq!((cues[0].start_ms, cues[0].end_ms, cues[0].text.as_str()), (1000, 2500, "Hello"));
//! # Ok::<(), contract::web_vtt::WebVttError>(())
//! ```

/// The text between the two times of a cue.
const ARROW: &str = "-->";

/// A cue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// The time at which it appears, in milliseconds.
    pub start_ms: u64,
    /// The time at which it disappears, in milliseconds; later than the start.
    pub end_ms: u64,
    /// The settings of its place, such as `line:0`; empty if it has none.
    pub settings: String,
    /// The lines of its text.
    pub text: String,
}

/// The reason why a text is no WebVTT. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebVttError {
    /// The first line is another one.
    #[error("the first line isn't WEBVTT")]
    Header,
    /// The times of a cue can't be read, or end before they begin.
    #[error("line {0} isn't the times of a cue, such as 00:00:01.000 --> 00:00:04.000")]
    Times(usize),
    /// There is no cue.
    #[error("there is no cue")]
    Empty,
}

/// The cues of a file in its order. Comments, styles and regions are left out.
pub fn parse(text: &str) -> Result<Vec<Cue>, WebVttError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().zip(1..);
    let header = lines.next().and_then(|(line, _)| line.strip_prefix("WEBVTT"));
    if !header.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return Err(WebVttError::Header);
    }
    let mut cues = Vec::new();
    while let Some((line, number)) = lines.next() {
        if is_other_block(line) {
            // It may contain anything up to the next blank line.
            lines.by_ref().take_while(|(line, _)| !line.trim().is_empty()).for_each(drop);
        } else if line.contains(ARROW) {
            let (start_ms, end_ms, settings) = times(line).ok_or(WebVttError::Times(number))?;
            let text = lines.by_ref().map(|(line, _)| line).take_while(|line| !line.trim().is_empty());
            let text = text.collect::<Vec<_>>().join("\n");
            cues.push(Cue { start_ms, end_ms, settings, text });
        }
    }
    if cues.is_empty() { Err(WebVttError::Empty) } else { Ok(cues) }
}

/// `true` for the first line of a comment, a style or a region.
fn is_other_block(line: &str) -> bool {
    ["NOTE", "STYLE", "REGION"].iter().any(|block| {
        let rest = line.strip_prefix(block);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    })
}

/// The start, the end and the settings of a line with the times of a cue.
fn times(line: &str) -> Option<(u64, u64, String)> {
    let (start, rest) = line.split_once(ARROW)?;
    let mut rest = rest.split_whitespace();
    let (start_ms, end_ms) = (milliseconds(start.trim())?, milliseconds(rest.next()?)?);
    (start_ms < end_ms).then(|| (start_ms, end_ms, rest.collect::<Vec<_>>().join(" ")))
}

/// A time such as `01:02:03.004`, or `02:03.004` without hours.
fn milliseconds(text: &str) -> Option<u64> {
    let (clock, fraction) = text.split_once('.')?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?;
    let parts: Vec<u64> = clock.split(':').map(digits).collect::<Option<_>>()?;
    let (hours, minutes, seconds) = match parts.as_slice() {
        [minutes, seconds] => (0, *minutes, *seconds),
        [hours, minutes, seconds] => (*hours, *minutes, *seconds),
        _ => return None,
    };
    let is_valid = minutes < 60 && seconds < 60 && fraction.len() == 3 && hours < 1_000_000;
    is_valid.then_some(((hours * 60 + minutes) * 60 + seconds) * 1000 + digits(fraction)?)
}

/// A time as WebVTT spells it: hours, minutes, seconds and milliseconds.
pub fn timestamp(ms: u64) -> String {
    let (seconds, ms) = (ms / 1000, ms % 1000);
    format!("{:02}:{:02}:{:02}.{ms:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_cues_between_its_other_blocks() {
        let cue = |start_ms, end_ms, settings: &str, text: &str| Cue {
            start_ms,
            end_ms,
            settings: settings.to_owned(),
            text: text.to_owned(),
        };
        let text = "\u{feff}WEBVTT - English\r\n\r\nNOTE no --> cue\r\nat all\r\n\r\nSTYLE\r\n::cue {}\r\n\r\n\
            intro\r\n00:01.000 --> 00:02.500 line:0 align:start\r\n<v Ann>Hello,\r\nworld\r\n\r\n\
            01:00:00.000 --> 01:00:01.000\r\nBye";
        let expected = [
            cue(1000, 2500, "line:0 align:start", "<v Ann>Hello,\nworld"),
            cue(3_600_000, 3_601_000, "", "Bye"),
        ];
        assert_eq!(parse(text), Ok(expected.to_vec()));
    }

    #[test]
    fn a_text_that_is_no_web_vtt_is_refused_with_the_line() {
        let check = |text: &str, expected: WebVttError| assert_eq!(parse(text), Err(expected), "{text}");
        check("", WebVttError::Header);
        check("1\n00:00:01,000 --> 00:00:02,000\nSRT", WebVttError::Header);
        check("WEBVTTX\n\n00:01.000 --> 00:02.000\n", WebVttError::Header);
        check("WEBVTT\n", WebVttError::Empty);
        check("WEBVTT\n\nNOTE 00:01.000 --> 00:02.000\n", WebVttError::Empty);
        for times in [
            "00:00:01,000 --> 00:00:02,000",
            "00:02.000 --> 00:01.000",
            "00:01.000 --> 00:01.000",
            "1.000 --> 2.000",
            "00:61.000 --> 00:62.000",
            "00:01.00 --> 00:02.00",
            "00:01.000 -->",
            "+0:01.000 --> 00:02.000",
            "99999999999999999999:00:00.000 --> 00:02.000",
        ] {
            check(&format!("WEBVTT\n\n{times}\nText\n"), WebVttError::Times(3));
        }
    }

    #[test]
    fn a_time_has_hours_and_milliseconds() {
        assert_eq!(timestamp(3_723_004), "01:02:03.004");
    }
}
