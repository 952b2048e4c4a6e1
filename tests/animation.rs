//! Pictures that move: GIF, APNG and animated WebP in, animated WebP and GIF out.
//!
//! Reading order: [`films`], what is fed in, made frame by frame with known colours; [`conversion`], what must
//! come out of it; [`composition`], a GIF's frames that are parts of a picture, and [`layers`], an APNG's;
//! [`limits`], what is refused.

mod films;

mod conversion;

mod composition;

mod layers;

mod limits;
