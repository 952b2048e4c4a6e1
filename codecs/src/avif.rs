//! AVIF: decodes still pictures of every bit depth and subsampling, and encodes lossy ones of 8 bits.

mod encode;
mod metadata;
mod rewrite;

#[cfg(test)]
mod tests;

pub use crate::heif::{Cicp, File, Header, is_avif, open};
pub use crate::view::Layout;
pub use encode::{MAX_SIDE, encode, encode_planes, encode_sharp};
pub use metadata::with_metadata;
pub use rewrite::rewrite;
