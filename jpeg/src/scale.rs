/// A scale of N/8, for N from 1 to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scale(u8);

impl Scale {
    /// Every scale, ascending.
    pub const ALL: [Self; 8] = [Self(1), Self(2), Self(3), Self(4), Self(5), Self(6), Self(7), Self(8)];
    /// 1/8.
    pub const EIGHTH: Self = Self(1);
    /// 1/4.
    pub const QUARTER: Self = Self(2);
    /// The picture's own size.
    pub const FULL: Self = Self(8);

    /// `None` unless `eighths` is 1 to 8.
    pub const fn new(eighths: u8) -> Option<Self> {
        if matches!(eighths, 1..=8) { Some(Self(eighths)) } else { None }
    }

    /// N, 1 to 8.
    pub const fn eighths(self) -> u32 {
        self.0 as u32
    }

    /// The scaled length of a side of `pixels` pixels, rounded up.
    pub const fn of(self, pixels: u32) -> u32 {
        (pixels as u64 * self.0 as u64).div_ceil(8) as u32
    }
}

/// The scales of the components: chroma may have a smaller scale than luma.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scales {
    /// Scale of the first and the fourth component.
    pub luma: Scale,
    /// Scale of the second and the third component.
    pub chroma: Scale,
}

impl Scales {
    /// The same scale for every component.
    pub const fn all(scale: Scale) -> Self {
        Self { luma: scale, chroma: scale }
    }

    /// The scale of a component. `index` is its position in the frame, from 0.
    pub const fn of_component(self, index: usize) -> Scale {
        if matches!(index, 1 | 2) { self.chroma } else { self.luma }
    }
}
