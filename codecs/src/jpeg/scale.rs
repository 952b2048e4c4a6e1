/// A scale for which libjpeg-turbo has a fast inverse transform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scale {
    /// 1/8.
    Eighth,
    /// 1/4.
    Quarter,
    /// 1/2.
    Half,
    /// 1/1.
    Full,
}

impl Scale {
    /// Every scale, ascending.
    pub const ALL: [Self; 4] = [Self::Eighth, Self::Quarter, Self::Half, Self::Full];

    /// The scale in eighths: 1, 2, 4 or 8.
    pub const fn eighths(self) -> u32 {
        match self {
            Self::Eighth => 1,
            Self::Quarter => 2,
            Self::Half => 4,
            Self::Full => 8,
        }
    }

    /// The scaled length of a side of `pixels` pixels, rounded up.
    pub const fn of(self, pixels: u32) -> u32 {
        (pixels as u64 * self.eighths() as u64).div_ceil(8) as u32
    }
}
