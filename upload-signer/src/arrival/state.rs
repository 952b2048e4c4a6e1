//! The state of an upload, stored in the tags of its object. Every upload starts as [`UploadState::Pending`]; only the
//! finaliser changes the state.

use std::fmt;

use contract::state::{CLEAN, DIMENSIONS_TAG, NEVER_SERVED_TAG, REASON_TAG, STATE_TAG};

use crate::arrival::dimensions::Dimensions;
use crate::signing::pending::PENDING;

/// The value of [`STATE_TAG`] of an object that is never served.
const REFUSED: &str = "refused";

/// The state of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadState {
    /// The upload is stored but not checked.
    Pending,
    /// The upload passed the check and may be served. Contains the dimensions of a picture if they are known.
    Clean(Option<Dimensions>),
    /// The upload failed the check and is never served.
    Refused(RefusalReason),
}

/// The reason of a refusal. The text is a sentence for the uploader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefusalReason {
    /// The file has no bytes.
    Empty,
    /// The file exceeds the size limit.
    TooLarge,
    /// The policy doesn't allow the declared type.
    TypeNotAllowed,
    /// The content is not of the declared type. Contains the detected type, if there is one.
    OtherContent(Option<String>),
    /// The file was stored with a header that the signature doesn't grant. Contains the header's name, if the tag has it.
    OtherHeader(Option<String>),
    /// The picture has too many pixels. Contains its dimensions, if the tag has them.
    TooManyPixels(Option<Dimensions>),
    /// The scanner found harmful content.
    Harmful,
}

impl UploadState {
    /// The value of the state tag.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pending => PENDING,
            Self::Clean(_) => CLEAN,
            Self::Refused(_) => REFUSED,
        }
    }

    /// The tags of an object in this state.
    pub fn tags(&self) -> Vec<(&'static str, String)> {
        let mut tags = vec![(STATE_TAG, self.name().to_owned())];
        match self {
            Self::Pending | Self::Clean(None) => {}
            Self::Clean(Some(dimensions)) => tags.push((DIMENSIONS_TAG, dimensions.to_string())),
            Self::Refused(reason) => {
                tags.push((REASON_TAG, reason.tag()));
                tags.push((NEVER_SERVED_TAG, "yes".to_owned()));
            }
        }
        tags
    }

    /// Reads the state from the tags of an object. `None` if there is no state tag: the object is not an upload and is not
    /// served.
    ///
    /// ```
    /// use upload_signer::arrival::state::{RefusalReason, UploadState};
    ///
    /// let tags = [("state", "refused"), ("reason", "too-large")];
    /// assert_eq!(UploadState::from_tags(tags), Some(UploadState::Refused(RefusalReason::TooLarge)));
    /// ```
    pub fn from_tags<'a>(tags: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<Self> {
        let (mut state, mut reason, mut dimensions) = (None, "", None);
        for (key, value) in tags {
            match key {
                STATE_TAG => state = Some(value),
                REASON_TAG => reason = value,
                DIMENSIONS_TAG => dimensions = Dimensions::parse(value),
                _ => {}
            }
        }
        match state? {
            PENDING => Some(Self::Pending),
            CLEAN => Some(Self::Clean(dimensions)),
            REFUSED => Some(Self::Refused(RefusalReason::from_tag(reason))),
            _ => None,
        }
    }
}

/// `true` for the tags that store the state.
#[cfg(feature = "edge")]
pub(crate) fn is_of_state(tag: &str) -> bool {
    matches!(tag, STATE_TAG | REASON_TAG | DIMENSIONS_TAG | NEVER_SERVED_TAG)
}

/// Separates the name of a reason from the detected value in a tag.
const SEPARATOR: char = ':';

impl RefusalReason {
    /// The name of the reason, as in tags and API responses.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too-large",
            Self::TypeNotAllowed => "type-not-allowed",
            Self::OtherContent(_) => "other-content",
            Self::OtherHeader(_) => "other-header",
            Self::TooManyPixels(_) => "too-many-pixels",
            Self::Harmful => "harmful",
        }
    }

    /// The value of the tag. It has only characters that tags of all AWS services accept.
    fn tag(&self) -> String {
        match self {
            Self::OtherContent(Some(detail)) | Self::OtherHeader(Some(detail)) => {
                format!("{}{SEPARATOR}{detail}", self.name())
            }
            Self::TooManyPixels(Some(dimensions)) => format!("{}{SEPARATOR}{dimensions}", self.name()),
            Self::Empty
            | Self::TooLarge
            | Self::TypeNotAllowed
            | Self::OtherContent(None)
            | Self::OtherHeader(None)
            | Self::TooManyPixels(None)
            | Self::Harmful => self.name().to_owned(),
        }
    }

    /// Parses a tag. An unknown reason, which another version may have written, counts as content of unknown type.
    fn from_tag(tag: &str) -> Self {
        let (name, detail) =
            tag.split_once(SEPARATOR).map_or((tag, None), |(name, detail)| (name, Some(detail)));
        let text = || detail.map(str::to_owned);
        [
            Self::Empty,
            Self::TooLarge,
            Self::TypeNotAllowed,
            Self::OtherHeader(text()),
            Self::TooManyPixels(detail.and_then(Dimensions::parse)),
            Self::Harmful,
        ]
        .into_iter()
        .find(|reason| reason.name() == name)
        .unwrap_or_else(|| Self::OtherContent(text()))
    }
}

impl fmt::Display for RefusalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::TooLarge => f.write_str("the file is larger than allowed"),
            Self::TypeNotAllowed => f.write_str("files of this type are not accepted"),
            Self::OtherContent(Some(detected)) => {
                write!(f, "the file's content is {detected}, which is not the type that it was declared as")
            }
            Self::OtherContent(None) => {
                f.write_str("the file's content is not of the type that it was declared as")
            }
            Self::OtherHeader(Some(header)) => write!(
                f,
                "the file was sent with a header {header} that its signature doesn't contain; send only the signed headers"
            ),
            Self::OtherHeader(None) => f.write_str(
                "the file was sent with a header that its signature doesn't contain; send only the signed headers",
            ),
            Self::TooManyPixels(Some(dimensions)) => write!(
                f,
                "the picture is {}×{} pixels, more than are allowed",
                dimensions.width(),
                dimensions.height()
            ),
            Self::TooManyPixels(None) => f.write_str("the picture has more pixels than are allowed"),
            Self::Harmful => f.write_str("the file was found to be harmful"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_round_trips_through_its_tags() {
        let detected = || Some("text/html".to_owned());
        for state in [
            UploadState::Pending,
            UploadState::Clean(None),
            UploadState::Clean(Dimensions::new(640, 480)),
            UploadState::Refused(RefusalReason::Empty),
            UploadState::Refused(RefusalReason::TooLarge),
            UploadState::Refused(RefusalReason::TypeNotAllowed),
            UploadState::Refused(RefusalReason::OtherContent(None)),
            UploadState::Refused(RefusalReason::OtherContent(detected())),
            UploadState::Refused(RefusalReason::OtherHeader(None)),
            UploadState::Refused(RefusalReason::OtherHeader(Some("content-encoding".to_owned()))),
            UploadState::Refused(RefusalReason::TooManyPixels(None)),
            UploadState::Refused(RefusalReason::TooManyPixels(Dimensions::new(60_000, 60_000))),
            UploadState::Refused(RefusalReason::Harmful),
        ] {
            let tags = state.tags();
            let pairs = || tags.iter().map(|(key, value)| (*key, value.as_str()));
            assert_eq!(UploadState::from_tags(pairs()).as_ref(), Some(&state));
            let is_taken = |c: char| c.is_ascii_alphanumeric() || " +-=._:/@".contains(c);
            assert!(pairs().all(|(_, value)| value.chars().all(is_taken)), "{tags:?}");
        }
    }

    #[test]
    fn other_tags_contain_no_state() {
        assert_eq!(UploadState::from_tags([]), None);
        assert_eq!(UploadState::from_tags([("reason", "empty"), ("album", "clean")]), None);
        assert_eq!(UploadState::from_tags([("state", "Clean")]), None);
        assert_eq!(
            UploadState::from_tags([("dimensions", "?"), ("state", "clean")]),
            Some(UploadState::Clean(None))
        );
        let unknown = UploadState::Refused(RefusalReason::OtherContent(None));
        assert_eq!(UploadState::from_tags([("reason", "?"), ("state", "refused")]), Some(unknown));
    }
}
