//! Animations: GIF, APNG and animated WebP are read, and animated WebP and GIF are written.
//!
//! In reading order:
//! - `files`: encodes and decodes animations of known colours;
//! - `conversion`: converts every input format to every output format;
//! - `composition`, `layers`: partial frames of GIF and of APNG;
//! - `limits`: limits, truncated and damaged files, deadlines.

mod files;

mod conversion;

mod composition;

mod layers;

mod limits;
