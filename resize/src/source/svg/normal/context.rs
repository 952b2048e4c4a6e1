//! What an element inherits.

use kurbo::Affine;

use crate::source::svg::styles::variables::Variables;
use crate::source::svg::values::expression::Units;

/// The values that an element inherits and that the writer needs. The renderer inherits the others itself.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub(crate) variables: Variables,
    pub(crate) units: Units,
    /// From the element's user space to the drawing's own pixels. `None` where it isn't known.
    pub(crate) matrix: Option<Affine>,
    pub(crate) stroke: Stroke,
    pub(crate) showing: Showing,
    pub(crate) letters: Letters,
    pub(crate) parent: Parent,
    /// `true` in a copy, whose elements have no identifiers.
    pub(crate) is_copy: bool,
}

/// Whether an element is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Showing {
    /// `false` if the element isn't drawn where it is: in `defs`, or with `display: none`.
    pub(crate) is_drawn: bool,
    /// `false` by `visibility`.
    pub(crate) is_visible: bool,
}

/// The elements whose children are special.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parent {
    /// An element in `text`, or `text` itself.
    Text,
    /// `switch`, which shows one of its children.
    Switch,
    Other,
}

/// The properties of strokes that depend on scale and length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stroke {
    pub(crate) width: String,
    pub(crate) dashes: String,
    pub(crate) offset: String,
}

impl Default for Stroke {
    fn default() -> Self {
        Self { width: "1".to_owned(), dashes: "none".to_owned(), offset: "0".to_owned() }
    }
}

/// The property `text-transform`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Letters {
    #[default]
    Unchanged,
    Large,
    Small,
    Capitalised,
}

impl Letters {
    pub(crate) fn by_keyword(keyword: &str) -> Self {
        match keyword {
            "uppercase" => Self::Large,
            "lowercase" => Self::Small,
            "capitalize" => Self::Capitalised,
            _ => Self::Unchanged,
        }
    }

    pub(crate) fn apply(self, text: &str) -> String {
        match self {
            Self::Unchanged => text.to_owned(),
            Self::Large => text.to_uppercase(),
            Self::Small => text.to_lowercase(),
            Self::Capitalised => {
                let mut is_start = true;
                let mut capitalised = String::with_capacity(text.len());
                for letter in text.chars() {
                    if is_start && letter.is_alphanumeric() {
                        capitalised.extend(letter.to_uppercase());
                    } else {
                        capitalised.push(letter);
                    }
                    is_start = letter.is_whitespace() || letter == '-';
                }
                capitalised
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_change_by_keyword() {
        let check = |keyword, expected| assert_eq!(Letters::by_keyword(keyword).apply("éa b-c"), expected);
        check("none", "éa b-c");
        check("uppercase", "ÉA B-C");
        check("capitalize", "Éa B-C");
    }
}
