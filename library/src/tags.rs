//! The tags of an object that its record repeats.

use contract::state::{CLEAN, DIMENSIONS_TAG, OWNER_TAG, REASON_TAG, STATE_TAG};

use crate::record::State;

/// The values of an object's tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileTags {
    /// The state.
    pub state: State,
    /// The reason of a refusal.
    pub reason: Option<String>,
    /// The dimensions of a picture.
    pub dimensions: Option<String>,
    /// The owner.
    pub owner: Option<String>,
}

impl FileTags {
    /// Reads keys and values of tags.
    pub fn read<'a>(tags: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut read = Self { state: State::Unchecked, reason: None, dimensions: None, owner: None };
        for (key, value) in tags {
            match key {
                STATE_TAG => read.state = state(value),
                REASON_TAG => read.reason = Some(value.to_owned()),
                DIMENSIONS_TAG => read.dimensions = Some(value.to_owned()),
                OWNER_TAG => read.owner = Some(value.to_owned()),
                _ => {}
            }
        }
        read
    }
}

fn state(value: &str) -> State {
    match value {
        CLEAN => State::Clean,
        "pending" => State::Pending,
        "refused" => State::Refused,
        _ => State::Unchecked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_without_a_known_state_is_unchecked() {
        let state = |tags: &[(&str, &str)]| FileTags::read(tags.iter().copied()).state;
        assert_eq!(state(&[]), State::Unchecked);
        assert_eq!(state(&[("state", "other")]), State::Unchecked);
        for one in [State::Pending, State::Clean, State::Refused] {
            assert_eq!(state(&[("x", "y"), ("state", one.name())]), one);
        }
    }

    #[test]
    fn owner_reason_and_dimensions_are_read() {
        let tags = [("owner", "o"), ("reason", "too-large"), ("dimensions", "640x480")];
        let read = FileTags::read(tags);
        assert_eq!(read.owner.as_deref(), Some("o"));
        assert_eq!(
            (read.reason.as_deref(), read.dimensions.as_deref()),
            (Some("too-large"), Some("640x480"))
        );
    }
}
