//! The steps from pixels to pixels, one file each.

pub mod scale;

pub mod row_means;

pub mod color;

pub mod deep;

pub mod orient;

pub mod flatten;

pub mod blur;

pub mod sharpen;

pub mod pad;
