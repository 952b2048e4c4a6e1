//! What is known of an upload, as the tags of its object say it. Every upload is born [`UploadState::Pending`]; only the
//! finaliser changes that.

use std::fmt;

use contract::state::{CLEAN, STATE_TAG};

use crate::arrival::dimensions::Dimensions;
use crate::signing::pending::PENDING;

/// The tag that says why an object is refused.
const REASON_TAG: &str = "reason";

/// The tag that says how large a clean picture is.
const DIMENSIONS_TAG: &str = "dimensions";

/// The value of [`STATE_TAG`] of what is never served.
const REFUSED: &str = "refused";

/// How far an upload has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadState {
    /// It is stored and not yet checked.
    Pending,
    /// It was checked and is served. Pictures have their dimensions, where these are known.
    Clean(Option<Dimensions>),
    /// It was checked, and is never served.
    Refused(RefusalReason),
}

/// Why an upload is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefusalReason {
    /// It has no bytes.
    Empty,
    /// It is larger than any upload may be.
    TooLarge,
    /// Uploads of its declared type are not taken.
    TypeNotAllowed,
    /// Its first bytes are not those of its declared type, but of this one, where they are of any that is known.
    OtherContent(Option<String>),
    /// It has more pixels than a picture may have: these, where they are known.
    TooManyPixels(Option<Dimensions>),
    /// The scanner found something harmful.
    Harmful,
}

impl UploadState {
    /// The state's one word.
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
            Self::Refused(reason) => tags.push((REASON_TAG, reason.tag())),
        }
        tags
    }

    /// The state that an object's tags tell of. None where they tell of none: the object is no upload, and isn't
    /// served.
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

/// Whether an object's tag is one of those that tell of its state.
pub(crate) fn is_of_state(tag: &str) -> bool {
    matches!(tag, STATE_TAG | REASON_TAG | DIMENSIONS_TAG)
}

/// Between a reason's name and what was found, in a tag.
const SEPARATOR: char = ':';

impl RefusalReason {
    /// The reason's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too-large",
            Self::TypeNotAllowed => "type-not-allowed",
            Self::OtherContent(_) => "other-content",
            Self::TooManyPixels(_) => "too-many-pixels",
            Self::Harmful => "harmful",
        }
    }

    /// The value of the tag: of the characters that S3 takes in tags of any service.
    fn tag(&self) -> String {
        match self {
            Self::OtherContent(Some(found)) => format!("{}{SEPARATOR}{found}", self.name()),
            Self::TooManyPixels(Some(dimensions)) => format!("{}{SEPARATOR}{dimensions}", self.name()),
            Self::Empty
            | Self::TooLarge
            | Self::TypeNotAllowed
            | Self::OtherContent(None)
            | Self::TooManyPixels(None)
            | Self::Harmful => self.name().to_owned(),
        }
    }

    /// The reason that a tag tells of. One that isn't known, as another version may have written it, counts as
    /// content of no known type.
    fn from_tag(tag: &str) -> Self {
        let (name, found) =
            tag.split_once(SEPARATOR).map_or((tag, None), |(name, found)| (name, Some(found)));
        let dimensions = found.and_then(Dimensions::parse);
        [Self::Empty, Self::TooLarge, Self::TypeNotAllowed, Self::TooManyPixels(dimensions), Self::Harmful]
            .into_iter()
            .find(|reason| reason.name() == name)
            .unwrap_or_else(|| Self::OtherContent(found.map(str::to_owned)))
    }
}

/// A sentence for who uploaded the file.
impl fmt::Display for RefusalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::TooLarge => f.write_str("the file is larger than any that is taken"),
            Self::TypeNotAllowed => f.write_str("files of this type are not taken"),
            Self::OtherContent(Some(found)) => {
                write!(f, "the file's content is {found}, which is not the type that it was declared as")
            }
            Self::OtherContent(None) => {
                f.write_str("the file's content is not of the type that it was declared as")
            }
            Self::TooManyPixels(Some(dimensions)) => write!(
                f,
                "the picture is {}×{} pixels, more than are taken",
                dimensions.width(),
                dimensions.height()
            ),
            Self::TooManyPixels(None) => f.write_str("the picture has more pixels than are taken"),
            Self::Harmful => f.write_str("the file was found to be harmful"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_round_trips_through_its_tags() {
        let found = || Some("text/html".to_owned());
        for state in [
            UploadState::Pending,
            UploadState::Clean(None),
            UploadState::Clean(Dimensions::new(640, 480)),
            UploadState::Refused(RefusalReason::Empty),
            UploadState::Refused(RefusalReason::TooLarge),
            UploadState::Refused(RefusalReason::TypeNotAllowed),
            UploadState::Refused(RefusalReason::OtherContent(None)),
            UploadState::Refused(RefusalReason::OtherContent(found())),
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
    fn tags_of_other_meaning_are_no_state() {
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
