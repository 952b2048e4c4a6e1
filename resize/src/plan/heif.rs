//! The scale at which a HEIC is decoded, and the tiles that are needed.

use codecs::heif::{Header, Part, Reading};

use super::density::Density;
use super::geometry::Target;
use crate::pixels::Size;
use crate::pixels::rect::Rect;

/// The part of a HEIC that is decoded, and its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeifPlan {
    /// The part, and its scale.
    pub reading: Reading,
    /// The size of the decoded picture.
    pub(super) size: Size,
}

impl HeifPlan {
    /// The thumbnail if it is large enough. Otherwise the picture, halved as often as enough samples remain, and those of its
    /// tiles that are needed.
    pub(super) fn new(header: &Header, stored: Size, target: &Target, density: Density) -> Self {
        let is_enough = |(across, down): (f64, f64)| {
            across.min(down) >= density.least
                && target.shown.width * across >= f64::from(target.resampled.width()) * density.luma
                && target.shown.height * down >= f64::from(target.resampled.height()) * density.luma
        };
        let thumbnail = header.thumbnail.and_then(|(width, height)| Size::new(width, height));
        if let Some(size) = thumbnail.filter(|size| is_enough(scale(*size, stored))) {
            return Self { reading: Reading { is_thumbnail: true, ..Reading::default() }, size };
        }
        let is_enough_halved = |halvings: &u32| {
            let factor = share(*halvings);
            is_enough((factor, factor))
        };
        let halvings = (1..=header.max_halvings).rev().find(is_enough_halved).unwrap_or(0);
        let size = halved(stored, halvings);
        let part = (target.shown != Rect::whole(stored)).then(|| part(target.shown, halvings));
        Self { reading: Reading { is_thumbnail: false, halvings, part }, size }
    }

    /// Memory in bytes of the picture itself, which is decoded if the thumbnail is damaged: it, and its resampled copies.
    pub(super) fn spare_bytes(&self, header: &Header, stored: Size) -> u64 {
        const COPIES: u64 = 2 * 3;
        if self.reading.is_thumbnail { halved(stored, header.max_halvings).pixels() * COPIES } else { 0 }
    }

    /// The size of the decoded picture as a share of the stored one, across and down.
    pub(super) fn scale(&self, stored: Size) -> (f64, f64) {
        if self.reading.is_thumbnail {
            return scale(self.size, stored);
        }
        let factor = share(self.reading.halvings);
        (factor, factor)
    }
}

/// The side of a picture that is halved some times, as a share of the whole one's.
fn share(halvings: u32) -> f64 {
    1.0 / f64::from(1_u32 << halvings)
}

/// The size of a picture that is halved some times, rounded up.
pub(crate) fn halved(size: Size, halvings: u32) -> Size {
    let halve = |side: u32| side.div_ceil(1 << halvings);
    Size::new(halve(size.width()), halve(size.height())).unwrap_or(size)
}

fn scale(size: Size, stored: Size) -> (f64, f64) {
    (
        f64::from(size.width()) / f64::from(stored.width()),
        f64::from(size.height()) / f64::from(stored.height()),
    )
}

/// The pixels of which a part is resampled: whole means, and some around them that a filter may touch.
fn part(shown: Rect, halvings: u32) -> Part {
    let margin = f64::from(4 << halvings);
    Part {
        left: (shown.left - margin).max(0.0) as u32,
        top: (shown.top - margin).max(0.0) as u32,
        right: (shown.left + shown.width + margin).ceil() as u32,
        bottom: (shown.top + shown.height + margin).ceil() as u32,
    }
}
