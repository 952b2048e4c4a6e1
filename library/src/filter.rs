//! The filters of a list.

use crate::record::{FileRecord, State};

/// The files that a list contains. Every member that is set must match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The beginning of the key.
    pub prefix: Option<String>,
    /// The folder: files in it and in folders below it. Empty for files without a folder.
    pub folder: Option<String>,
    /// The media type, such as `image/png`, or a family such as `image/*`.
    pub media_type: Option<String>,
    /// The state.
    pub state: Option<State>,
    /// One of the tags, in any case.
    pub tag: Option<String>,
    /// Words that must all occur in the name, the tags, the alternative text or the folder, in any case.
    pub words: Vec<String>,
}

impl Filter {
    /// The words of a text that people search for.
    pub fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_lowercase).collect()
    }

    /// `true` if a list with this filter contains a file.
    pub fn matches(&self, record: &FileRecord) -> bool {
        self.prefix.as_ref().is_none_or(|prefix| record.key.starts_with(prefix))
            && self.folder.as_ref().is_none_or(|folder| is_in_folder(&record.edits.folder, folder))
            && self.media_type.as_ref().is_none_or(|wanted| is_of_type(&record.facts.media_type, wanted))
            && self.state.is_none_or(|state| record.facts.state == state)
            && self.tag.as_ref().is_none_or(|tag| has_tag(record, tag))
            && (self.words.is_empty() || has_words(record, &self.words))
    }
}

fn is_in_folder(actual: &str, wanted: &str) -> bool {
    match actual.strip_prefix(wanted) {
        Some("") => true,
        Some(rest) => !wanted.is_empty() && rest.starts_with('/'),
        None => false,
    }
}

fn is_of_type(actual: &str, wanted: &str) -> bool {
    let essence = actual.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match wanted.strip_suffix('*') {
        Some(family) => essence.starts_with(family),
        None => essence == wanted,
    }
}

fn has_tag(record: &FileRecord, tag: &str) -> bool {
    let tag = tag.to_lowercase();
    record.edits.tags.iter().any(|one| one.to_lowercase() == tag)
}

fn has_words(record: &FileRecord, words: &[String]) -> bool {
    let edits = &record.edits;
    let texts = [record.name(), &edits.folder, edits.alt.as_deref().unwrap_or_default()];
    let text = texts
        .into_iter()
        .chain(edits.tags.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("\n")
        .to_lowercase();
    words.iter().all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use contract::key::Key;

    use super::*;
    use crate::record::tests::facts;
    use crate::record::{Edits, Facts};

    fn record() -> FileRecord {
        let key = Key::parse("files/0190163d-8694-739b-aea5-966c26f8ad91/Cat-on-a-mat.JPG").unwrap();
        let edits = Edits {
            folder: "press/2026".to_owned(),
            tags: vec!["Zo\u{eb}".to_owned(), "pets".to_owned()],
            alt: Some("A tabby".to_owned()),
            ..Edits::default()
        };
        FileRecord { edits, ..FileRecord::new(&key, facts("a")) }
    }

    fn check(filter: &Filter, expected: bool) {
        assert_eq!(filter.matches(&record()), expected, "{filter:?}");
    }

    #[test]
    fn words_are_found_in_names_tags_texts_and_folders_in_any_case() {
        let words = |text: &str| Filter { words: Filter::words(text), ..Filter::default() };
        for text in ["", "cat", "CAT mat", "ZO\u{cb}", "pet", "tabby", "2026 cat", ".jpg"] {
            check(&words(text), true);
        }
        for text in ["dog", "cat dog", "files/", "0190163d"] {
            check(&words(text), false);
        }
    }

    #[test]
    fn a_folder_contains_the_folders_below_it() {
        let folder = |text: &str| Filter { folder: Some(text.to_owned()), ..Filter::default() };
        for text in ["press", "press/2026"] {
            check(&folder(text), true);
        }
        for text in ["", "pre", "press/20", "press/2026/may"] {
            check(&folder(text), false);
        }
        assert!(folder("").matches(&FileRecord { edits: Edits::default(), ..record() }));
    }

    #[test]
    fn types_are_named_completely_or_by_family() {
        let media_type = |text: &str| Filter { media_type: Some(text.to_owned()), ..Filter::default() };
        check(&media_type("image/jpeg"), true);
        check(&media_type("image/*"), true);
        check(&media_type("image/png"), false);
        check(&media_type("video/*"), false);
        let mut other = record();
        other.facts.media_type = "Video/MP4; codecs=avc1".to_owned();
        assert!(media_type("video/mp4").matches(&other) && media_type("video/*").matches(&other));
    }

    #[test]
    fn prefix_state_and_tag_must_match() {
        check(&Filter { prefix: Some("files/0190163d".to_owned()), ..Filter::default() }, true);
        check(&Filter { prefix: Some("private/".to_owned()), ..Filter::default() }, false);
        check(&Filter { state: Some(State::Clean), ..Filter::default() }, true);
        check(&Filter { state: Some(State::Refused), ..Filter::default() }, false);
        check(&Filter { tag: Some("PETS".to_owned()), ..Filter::default() }, true);
        check(&Filter { tag: Some("pet".to_owned()), ..Filter::default() }, false);
        let pending = record().with_facts(Facts { state: State::Pending, ..facts("a") });
        assert!(Filter { state: Some(State::Pending), ..Filter::default() }.matches(&pending));
    }
}
