//! The captions of a video: WebVTT files that were uploaded before it, and that entries of its metadata name.

use std::collections::BTreeMap;

use contract::key::Key;
use contract::web_vtt::{self, WebVttError};

/// The beginning of an entry's name. The language of the captions follows: `captions-en`, `captions-pt-br`.
const ENTRY: &str = "captions-";

/// Most bytes of a file of captions: ten hours of dense speech.
pub const MAX_BYTES: u64 = 1 << 20;

/// Most files of captions of a video. A job of `MediaConvert` takes more, but its players list them all.
const MAX_FILES: usize = 20;

/// Most characters of a language tag (RFC 5646, section 4.4.1).
const MAX_TAG_CHARS: usize = 35;

/// Captions of one language in the outputs of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captions {
    /// The language's tag (RFC 5646), in lower case: `en` or `pt-br`.
    pub language: String,
    /// The key of the file.
    pub key: String,
}

/// The reason why captions are refused. The sentence names the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaptionsError {
    /// The name of an entry has no tag of a language.
    #[error("the metadata '{ENTRY}{0}' doesn't name a language, as '{ENTRY}en' does")]
    Language(String),
    /// There are too many files.
    #[error("a video has at most {MAX_FILES} files of captions")]
    TooMany,
    /// The value is no key of an upload with the same visibility, or the file isn't clean, or another owner's.
    #[error(
        "there are no captions '{0}' for this video: upload the file first, with the video's visibility and by its owner, and \
         name its key"
    )]
    Missing(String),
    /// The file is too large.
    #[error("the captions '{0}' have more than {MAX_BYTES} bytes")]
    TooLarge(String),
    /// The file is no WebVTT.
    #[error("the captions '{0}' aren't WebVTT: {1}; correct the file, and upload it and the video again")]
    Malformed(String, WebVttError),
}

/// The entries of an object's metadata that name captions: keys by language.
pub fn named(metadata: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let entries = metadata.iter().filter_map(|(name, key)| Some((name.strip_prefix(ENTRY)?, key)));
    entries.map(|(language, key)| (language.to_ascii_lowercase(), key.clone())).collect()
}

/// The captions of a video with a key. Fails if an entry can't be right.
pub fn of_video(video: &str, named: &BTreeMap<String, String>) -> Result<Vec<Captions>, CaptionsError> {
    if named.len() > MAX_FILES {
        return Err(CaptionsError::TooMany);
    }
    let area = Key::parse(video).ok().map(|key| key.area());
    let checked = named.iter().map(|(language, key)| {
        if !is_language(language) {
            return Err(CaptionsError::Language(language.clone()));
        }
        if area.is_none() || Key::parse(key).ok().map(|key| key.area()) != area {
            return Err(CaptionsError::Missing(key.clone()));
        }
        Ok(Captions { language: language.clone(), key: key.clone() })
    });
    checked.collect()
}

/// Checks the content of a file of captions.
pub fn check(key: &str, content: &[u8]) -> Result<(), CaptionsError> {
    let text = String::from_utf8_lossy(content);
    web_vtt::parse(&text).map(drop).map_err(|error| CaptionsError::Malformed(key.to_owned(), error))
}

/// `true` for a tag of two or three letters, and parts of letters and digits after hyphens.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_primary = |part: &str| matches!(part.len(), 2 | 3) && part.bytes().all(|b| b.is_ascii_lowercase());
    let is_part =
        |part: &str| matches!(part.len(), 1..=8) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    tag.len() <= MAX_TAG_CHARS && parts.next().is_some_and(is_primary) && parts.all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(list: &[(&str, &str)]) -> BTreeMap<String, String> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn entries_of_the_metadata_name_captions_by_language() {
        let metadata =
            entries(&[("album", "1"), ("captions-en", "files/1/a.vtt"), ("captions-PT-BR", "files/2/b.vtt")]);
        let named = named(&metadata);
        assert_eq!(named, entries(&[("en", "files/1/a.vtt"), ("pt-br", "files/2/b.vtt")]));
        let found = of_video("files/3/clip.mp4", &named).unwrap();
        let found: Vec<_> = found.iter().map(|one| (one.language.as_str(), one.key.as_str())).collect();
        assert_eq!(found, [("en", "files/1/a.vtt"), ("pt-br", "files/2/b.vtt")]);
    }

    #[test]
    fn captions_that_cannot_belong_to_a_video_are_refused_with_a_sentence() {
        let check = |language: &str, key: &str, expected: &str| {
            let error = of_video("files/3/clip.mp4", &entries(&[(language, key)])).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        };
        check("", "files/1/a.vtt", "the metadata 'captions-' doesn't name a language");
        check("english", "files/1/a.vtt", "the metadata 'captions-english' doesn't name a language");
        check("en-", "files/1/a.vtt", "the metadata 'captions-en-' doesn't");
        check(
            "en",
            "private/1/a.vtt",
            "there are no captions 'private/1/a.vtt' for this video: upload the file first",
        );
        check("en", "claims/1.json", "there are no captions 'claims/1.json'");
        let many = (0..=MAX_FILES).map(|n| (format!("en-{n}"), "files/1/a.vtt".to_owned())).collect();
        assert_eq!(of_video("files/3/clip.mp4", &many), Err(CaptionsError::TooMany));
        let error = super::check("files/1/a.vtt", b"1\n00:00:01,000 --> 00:00:02,000\n").unwrap_err();
        assert!(
            error.to_string().starts_with("the captions 'files/1/a.vtt' aren't WebVTT: the first line"),
            "{error}"
        );
    }
}
