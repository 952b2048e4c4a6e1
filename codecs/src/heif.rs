//! Files of the HEIF family (ISO/IEC 23008-12): boxes and items, and the pictures in them. AVIF and HEIC are such files.

pub(crate) mod boxes;

mod bits;

mod color;

pub(crate) mod container;

mod picture;

pub(crate) mod av1;

mod hevc;

mod layers;

mod coded;

mod properties;

mod means;

mod paint;

mod reading;

mod file;

#[cfg(test)]
#[cfg(feature = "heic")]
mod tests;

pub use crate::view::Layout;
pub use coded::Codec;
pub use color::Cicp;
pub use file::{File, Header, is_avif, is_heif, open};
pub use reading::{Part, Reading};
