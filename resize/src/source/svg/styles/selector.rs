//! Selectors of CSS, levels 3 and 4.

/// A selector such as `g > rect:not(.a)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selector {
    /// The compounds from right to left, each with the combinator in front of it. The last one has none.
    pub(crate) compounds: Vec<(Compound, Option<Combinator>)>,
    pub(crate) specificity: Specificity,
}

/// Numbers of identifiers, of classes and the like, and of element names.
pub(crate) type Specificity = [u32; 3];

/// The conditions on one element.
pub(crate) type Compound = Vec<Condition>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Combinator {
    Descendant,
    Child,
    Next,
    Later,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Element(String),
    Id(String),
    Class(String),
    Attribute {
        name: String,
        test: Test,
        value: String,
        ignores_case: bool,
    },
    Is(Vec<Selector>),
    Not(Vec<Selector>),
    Has(Vec<(Combinator, Selector)>),
    Root,
    Empty,
    Link,
    /// The element's place among its siblings, counted from one, is `step` × n + `start`. Only siblings that one of the selectors of
    /// `of` selects are counted, if there are any.
    Place {
        step: i32,
        start: i32,
        is_from_end: bool,
        is_of_type: bool,
        of: Vec<Selector>,
    },
    /// A state that a picture never has, such as `:hover`.
    Never,
}

/// How the value of an attribute is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    Present,
    Equal,
    Word,
    Language,
    Start,
    End,
    Part,
}
