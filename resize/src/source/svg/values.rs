//! Values of properties in CSS, as the values that the renderer reads.
//!
//! - [`expression`]: numbers with units, and `calc()`;
//! - [`color`]: the notations of colours;
//! - [`transform`]: functions that move elements;
//! - [`shape`]: basic shapes of `clip-path`.

pub(crate) mod color;

pub(crate) mod expression;

pub(crate) mod shape;

pub(crate) mod transform;
