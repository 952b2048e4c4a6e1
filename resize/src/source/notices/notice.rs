//! The notices, whatever they are read from.

/// Maximum length of a notice in characters. Longer ones are truncated.
pub(super) const MAX_NOTICE_CHARS: usize = 1000;

/// The notices of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notices {
    /// The authors' names.
    pub(crate) artist: Option<String>,
    pub(crate) copyright: Option<String>,
    /// The line that is to be shown with the picture.
    pub(crate) credit: Option<String>,
    /// How the picture was made: a term of IPTC's vocabulary, such as `trainedAlgorithmicMedia` for pictures by AI.
    pub(crate) source_type: Option<&'static str>,
}

/// A notice in one line of plain text. `None` if nothing remains.
pub(super) fn one_line(text: &str) -> Option<String> {
    let text: String =
        text.trim().chars().filter(|letter| !letter.is_control()).take(MAX_NOTICE_CHARS).collect();
    (!text.is_empty()).then_some(text)
}
