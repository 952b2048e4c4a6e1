//! The cascade: which declarations of style sheets and attributes an element has.
//!
//! - [`scan`]: the ends of strings, brackets and identifiers;
//! - [`selector`]: a selector; [`notation`]: how it is written; [`matching`]: which elements it selects;
//! - [`sheet`]: the rules of style sheets; [`media`]: which of them are for a screen;
//! - [`variables`]: custom properties.

pub(crate) mod scan;

pub(crate) mod selector;

pub(crate) mod notation;

pub(crate) mod matching;

pub(crate) mod media;

pub(crate) mod sheet;

pub(crate) mod variables;
