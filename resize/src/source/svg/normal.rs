//! Writes a drawing anew, with everything in the notation that the renderer knows: style sheets become attributes,
//! variables and units become values.
//!
//! - [`entry`]: the steps;
//! - [`references`]: what elements refer to;
//! - [`writer`]: elements, in the order of the file;
//! - [`cascade`]: the values that an element has; [`context`]: what it inherits; [`inheritance`]: what it leaves;
//! - [`placement`]: its matrix; [`stroke`]: strokes that the renderer doesn't know; [`masks`]; [`views`]: view boxes;
//! - [`properties`]: the values of properties; [`font`]; [`paint`]: colours, lengths, filters;
//! - [`size`]: the drawing's own size, and view boxes;
//! - [`output`]: the text.

pub(crate) mod entry;

mod references;

mod writer;

mod cascade;

mod context;

mod inheritance;

mod placement;

mod stroke;

mod masks;

mod views;

mod properties;

mod font;

mod paint;

mod size;

mod output;
