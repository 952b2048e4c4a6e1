//! The size that is decoded to, in eighths.

/// N/8 of the picture's size, for N from 1 to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scale(u8);

impl Scale {
    /// Every scale, ascending.
    pub const ALL: [Self; 8] = [Self(1), Self(2), Self(3), Self(4), Self(5), Self(6), Self(7), Self(8)];
    /// An eighth of the picture's size.
    pub const EIGHTH: Self = Self(1);
    /// A quarter of the picture's size.
    pub const QUARTER: Self = Self(2);
    /// The picture's own size.
    pub const FULL: Self = Self(8);

    /// `eighths` is 1 to 8; none otherwise.
    pub const fn new(eighths: u8) -> Option<Self> {
        if matches!(eighths, 1..=8) { Some(Self(eighths)) } else { None }
    }

    /// From 1 to 8.
    pub const fn eighths(self) -> u32 {
        self.0 as u32
    }

    /// The length that a side of `pixels` is decoded to, rounded up.
    pub const fn of(self, pixels: u32) -> u32 {
        (pixels as u64 * self.0 as u64).div_ceil(8) as u32
    }
}

/// How far each component is decoded: chroma may be decoded smaller than luma, where a coarser one is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scales {
    /// Of the first component, and of the fourth.
    pub luma: Scale,
    /// Of the second and the third component.
    pub chroma: Scale,
}

impl Scales {
    /// One scale for every component.
    pub const fn all(scale: Scale) -> Self {
        Self { luma: scale, chroma: scale }
    }

    /// The scale of a component by its place in the frame, from 0.
    pub const fn of_component(self, place: usize) -> Scale {
        if matches!(place, 1 | 2) { self.chroma } else { self.luma }
    }
}
