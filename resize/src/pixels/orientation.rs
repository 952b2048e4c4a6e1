//! The orientation of a stored picture.

use contract::variant::Turn;

use super::Size;
use super::rect::Rect;

/// The transformation from a stored picture to the upright one: `EXIF`'s tag 0x0112 (EXIF 2.32, section 4.6.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Orientation {
    /// `true` if rows become columns. This is the first step.
    pub(crate) is_transposed: bool,
    /// `true` if left and right are exchanged. This is the second step.
    pub(crate) is_mirrored: bool,
    /// `true` if top and bottom are exchanged. This is the last step.
    pub(crate) is_flipped: bool,
}

impl Orientation {
    /// The picture is stored upright.
    pub const UPRIGHT: Self = Self { is_transposed: false, is_mirrored: false, is_flipped: false };

    /// The orientation of the tag's values 1 to 8. `None` for other values.
    pub const fn from_exif(value: u8) -> Option<Self> {
        let (is_transposed, is_mirrored, is_flipped) = match value {
            1 => (false, false, false),
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, true, false),
            7 => (true, true, true),
            8 => (true, false, true),
            _ => return None,
        };
        Some(Self { is_transposed, is_mirrored, is_flipped })
    }

    /// The value of the tag, 1 to 8.
    pub const fn to_exif(self) -> u8 {
        match (self.is_transposed, self.is_mirrored, self.is_flipped) {
            (false, false, false) => 1,
            (false, true, false) => 2,
            (false, true, true) => 3,
            (false, false, true) => 4,
            (true, false, false) => 5,
            (true, true, false) => 6,
            (true, true, true) => 7,
            (true, false, true) => 8,
        }
    }

    /// The orientation in an EXIF block, with or without the prefix `Exif\0\0`. `None` if the block has no valid one.
    pub fn from_exif_block(block: &[u8]) -> Option<Self> {
        let tiff = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
        Self::from_exif(image::metadata::Orientation::from_exif_chunk(tiff)?.to_exif())
    }

    /// The orientation of a requested turn: mirrored or not, then turned counter-clockwise.
    pub fn from_turn(turn: Turn) -> Self {
        let upright = Self { is_mirrored: turn.is_mirrored(), ..Self::UPRIGHT };
        let quarter = Self { is_transposed: true, is_mirrored: false, is_flipped: true };
        (0..turn.quarters()).fold(upright, |orientation, _| orientation.then(quarter))
    }

    /// This orientation followed by `other`.
    #[must_use]
    pub const fn then(self, other: Self) -> Self {
        let (is_mirrored, is_flipped) = if other.is_transposed {
            (self.is_flipped, self.is_mirrored)
        } else {
            (self.is_mirrored, self.is_flipped)
        };
        Self {
            is_transposed: self.is_transposed != other.is_transposed,
            is_mirrored: is_mirrored != other.is_mirrored,
            is_flipped: is_flipped != other.is_flipped,
        }
    }

    /// The upright size of a picture of the size `stored`. Applied twice, it gives `stored` again.
    pub const fn upright_size(self, stored: Size) -> Size {
        if self.is_transposed { stored.transposed() } else { stored }
    }

    /// The part of the stored picture that becomes the part `upright` of the upright picture.
    pub fn stored_rect(self, upright: Rect, upright_size: Size) -> Rect {
        let (width, height) = (f64::from(upright_size.width()), f64::from(upright_size.height()));
        let left = if self.is_mirrored { width - upright.left - upright.width } else { upright.left };
        let top = if self.is_flipped { height - upright.top - upright.height } else { upright.top };
        let rect = Rect { left, top, ..upright };
        if self.is_transposed {
            Rect { left: rect.top, top: rect.left, width: rect.height, height: rect.width }
        } else {
            rect
        }
    }
}
