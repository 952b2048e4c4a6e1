//! AVIF: decodes still pictures of every bit depth and subsampling, and encodes lossy ones of 8 bits.

mod boxes;
mod color;
mod container;
mod encode;
mod file;
mod paint;
mod properties;
mod rewrite;
mod sequence;

#[cfg(test)]
mod tests;

pub use crate::view::Layout;
pub use color::Cicp;
pub use encode::{MAX_SIDE, encode, encode_planes, encode_sharp};
pub use file::{File, Header, is_avif, open};
pub use rewrite::rewrite;
