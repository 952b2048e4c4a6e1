//! A JPEG decoder.

mod error;
mod header;
mod scale;
mod markers;
mod masked;
mod geometry;
mod huffman;
mod bits;
mod feed;
mod planes;
mod tables;
mod scan;
mod damage;
mod slots;
mod restarts;
mod progressive;
mod schedule;
mod sequential;
mod derived;
mod decoder;
mod idct;

pub use error::Error;
pub use header::{Coding, ColorModel, Component, Header, Refusal};
pub use scale::{Scale, Scales};
pub use planes::{Plane, Planes};
pub use damage::Damage;
pub use decoder::{Options, decode};
