//! Changes that people make to a record.

use crate::record::{Edits, FocalPoint};

/// The longest name and the longest segment of a folder, in characters.
const MAX_NAME_CHARS: usize = 255;

/// The longest folder, in characters.
const MAX_FOLDER_CHARS: usize = 1000;

/// The longest tag, in characters.
const MAX_TAG_CHARS: usize = 100;

/// The largest number of tags of a file.
const MAX_TAGS: usize = 50;

/// The longest alternative text, in characters.
const MAX_ALT_CHARS: usize = 2000;

/// A change of one member.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Change<T> {
    /// The member stays as it is.
    #[default]
    Keep,
    /// The member becomes empty.
    Clear,
    /// The member gets a value.
    Set(T),
}

/// A change of what people have written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EditChange {
    /// The name that people see.
    pub name: Change<String>,
    /// The folder.
    pub folder: Change<String>,
    /// All tags.
    pub tags: Change<Vec<String>>,
    /// The alternative text.
    pub alt: Change<String>,
    /// The focal point.
    pub focal_point: Change<FocalPoint>,
}

/// A value that a record can't have: the member, and a sentence for the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{member}: {sentence}")]
pub struct EditError {
    /// The name of the member in the API.
    pub member: &'static str,
    /// What is allowed.
    pub sentence: &'static str,
}

impl EditChange {
    /// Edits with this change. Fails if a value is not allowed.
    pub fn apply(self, edits: Edits) -> Result<Edits, EditError> {
        let invalid = |member, sentence| EditError { member, sentence };
        Ok(Edits {
            name: match self.name {
                Change::Keep => edits.name,
                Change::Clear => None,
                Change::Set(name) => Some(name_of(&name).ok_or_else(|| invalid("name", NAME))?),
            },
            folder: match self.folder {
                Change::Keep => edits.folder,
                Change::Clear => String::new(),
                Change::Set(folder) => folder_of(&folder).ok_or_else(|| invalid("folder", FOLDER))?,
            },
            tags: match self.tags {
                Change::Keep => edits.tags,
                Change::Clear => Vec::new(),
                Change::Set(tags) => tags_of(&tags).ok_or_else(|| invalid("tags", TAGS))?,
            },
            alt: match self.alt {
                Change::Keep => edits.alt,
                Change::Clear => None,
                Change::Set(alt) if alt.trim().chars().count() > MAX_ALT_CHARS => {
                    return Err(invalid("alt", ALT));
                }
                Change::Set(alt) => Some(alt.trim().to_owned()).filter(|alt| !alt.is_empty()),
            },
            focal_point: match self.focal_point {
                Change::Keep => edits.focal_point,
                Change::Clear => None,
                Change::Set(point) if is_inside(point) => Some(point),
                Change::Set(_) => return Err(invalid("focalPoint", FOCAL_POINT)),
            },
        })
    }
}

const NAME: &str = "it must have 1 to 255 characters, without slashes and control characters";
const FOLDER: &str =
    "it must be names with a slash between them, such as press/2026, at most 1000 characters";
const TAGS: &str = "there may be 50 tags of 1 to 100 characters, without control characters";
const ALT: &str = "it may have 2000 characters";
const FOCAL_POINT: &str = "x and y must be fractions from 0 to 1";

fn name_of(name: &str) -> Option<String> {
    let name = name.trim();
    let is_allowed = |c: char| c != '/' && !c.is_control();
    ((1..=MAX_NAME_CHARS).contains(&name.chars().count()) && name.chars().all(is_allowed))
        .then(|| name.to_owned())
}

fn folder_of(folder: &str) -> Option<String> {
    let folder = folder.trim().trim_matches('/');
    if folder.is_empty() {
        return Some(String::new());
    }
    let names: Option<Vec<String>> =
        folder.split('/').map(|name| name_of(name).filter(|name| name != "." && name != "..")).collect();
    names.map(|names| names.join("/")).filter(|folder| folder.chars().count() <= MAX_FOLDER_CHARS)
}

/// Tags without repetitions in any case, sorted.
fn tags_of(tags: &[String]) -> Option<Vec<String>> {
    let is_allowed =
        |tag: &str| (1..=MAX_TAG_CHARS).contains(&tag.chars().count()) && !tag.chars().any(char::is_control);
    let mut all: Vec<&str> = tags.iter().map(|tag| tag.trim()).collect();
    if all.len() > MAX_TAGS || !all.iter().copied().all(is_allowed) {
        return None;
    }
    all.sort_by_key(|tag| tag.to_lowercase());
    all.dedup_by_key(|tag| tag.to_lowercase());
    Some(all.into_iter().map(str::to_owned).collect())
}

fn is_inside(FocalPoint { x, y }: FocalPoint) -> bool {
    [x, y].iter().all(|fraction| (0.0..=1.0).contains(fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits() -> Edits {
        Edits {
            name: Some("Cat".to_owned()),
            folder: "press".to_owned(),
            tags: vec!["pet".to_owned()],
            alt: Some("A cat".to_owned()),
            focal_point: Some(FocalPoint { x: 0.5, y: 0.5 }),
        }
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name_and_clears_what_it_names_as_nothing() {
        assert_eq!(EditChange::default().apply(edits()), Ok(edits()));
        let nothing = EditChange {
            name: Change::Clear,
            folder: Change::Clear,
            tags: Change::Clear,
            alt: Change::Clear,
            focal_point: Change::Clear,
        };
        assert_eq!(nothing.apply(edits()), Ok(Edits::default()));
        let renamed = EditChange { name: Change::Set(" Dog ".to_owned()), ..EditChange::default() };
        assert_eq!(renamed.apply(edits()), Ok(Edits { name: Some("Dog".to_owned()), ..edits() }));
    }

    #[test]
    fn tags_are_sorted_and_each_is_there_once() {
        let tags = ["b", "A", " a ", "\u{c4}", "\u{e4}"].map(str::to_owned).to_vec();
        let change = EditChange { tags: Change::Set(tags), ..EditChange::default() };
        assert_eq!(change.apply(edits()).unwrap().tags, ["A", "b", "\u{c4}"]);
    }

    #[test]
    fn a_value_that_is_not_allowed_is_named() {
        let text = |text: &str| Change::Set(text.to_owned());
        let check = |change: EditChange, member: &str| {
            assert_eq!(change.clone().apply(edits()).unwrap_err().member, member, "{change:?}");
        };
        for name in ["", " ", "a/b", "a\nb", &"n".repeat(256)] {
            check(EditChange { name: text(name), ..EditChange::default() }, "name");
        }
        for folder in ["a//b", "a/../b", ".", "a/\u{0}", &"f/".repeat(600)] {
            check(EditChange { folder: text(folder), ..EditChange::default() }, "folder");
        }
        for tags in [vec![String::new()], vec!["t".repeat(101)], (0..51).map(|n| n.to_string()).collect()] {
            check(EditChange { tags: Change::Set(tags), ..EditChange::default() }, "tags");
        }
        check(EditChange { alt: text(&"a".repeat(2001)), ..EditChange::default() }, "alt");
        for (x, y) in [(-0.1, 0.0), (0.0, 1.1), (f64::NAN, 0.0)] {
            check(
                EditChange { focal_point: Change::Set(FocalPoint { x, y }), ..EditChange::default() },
                "focalPoint",
            );
        }
        let slashes = EditChange { folder: text("/press/2026/"), ..EditChange::default() };
        assert_eq!(slashes.apply(edits()).unwrap().folder, "press/2026");
    }
}
