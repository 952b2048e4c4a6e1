//! A JPEG decoder for pictures that are made smaller: baseline and progressive files to planes of samples, at N/8 of
//! their size for N from 1 to 8.
//!
//! Nearly all of the time of a scaled decode goes into the entropy code, and nearly all of what it holds is thrown away
//! afterwards. So the decoder passes, rather than reads, what a scale doesn't need: several symbols a look-up, whole
//! scans unread, only the N×N corner of a block kept. The README has the numbers.
//!
//! Read in this order: [`Header`] (what a file says of itself), `markers` and `segments` (how it is cut up), `tables`
//! and `scan` (what its segments define), `feed` and `bits` (entropy-coded bytes to bits), `huffman` (bits to
//! coefficients, by look-ups of several kinds), `geometry` and `slots` (where coefficients go), `sequential` and
//! `progressive` (blocks in the order of a file), `schedule` (the scans that are needed), `idct` (coefficients to
//! samples), and [`decode()`], which puts it together.

mod error;

mod header;

mod scale;

mod options;

mod markers;

mod segments;

mod tables;

mod scan;

mod feed;

mod bits;

mod restarts;

mod huffman;

mod masked;

mod geometry;

mod slots;

mod context;

mod derived;

mod sequential;

mod progressive;

mod schedule;

mod idct;

mod planes;

mod damage;

mod decoder;

pub use damage::Damage;
pub use decoder::decode;
pub use error::Error;
pub use header::{Coding, ColorModel, Component, Header, Refusal};
pub use options::{LastBits, Options};
pub use planes::{Plane, Planes};
pub use scale::{Scale, Scales};
