use crate::error::Error;
use crate::range::Range;

/// The longest side of a picture in pixels.
pub const MAX_SIDE: u32 = 16_383;

/// A plane of samples, row by row without gaps.
#[derive(Clone, Copy, Debug)]
pub struct Plane<'a> {
    /// `width` × `height` samples.
    pub samples: &'a [u8],
    /// Width in samples.
    pub width: u32,
    /// Height in samples.
    pub height: u32,
}

/// A picture of luma and of chroma at half the width and height, rounded up. Colours are coded by ITU-R BT.601.
#[derive(Clone, Copy, Debug)]
pub struct Planes<'a> {
    /// Luma, of the picture's size.
    pub luma: Plane<'a>,
    /// The blue difference.
    pub cb: Plane<'a>,
    /// The red difference.
    pub cr: Plane<'a>,
    /// The range of all samples.
    pub range: Range,
}

impl Planes<'_> {
    /// Fails unless the planes have sizes that fit each other, their samples and the format.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let Self { luma, cb, cr, range: _ } = self;
        let sides = 1..=MAX_SIDE;
        let half = (luma.width.div_ceil(2), luma.height.div_ceil(2));
        let is_right = sides.contains(&luma.width)
            && sides.contains(&luma.height)
            && [cb, cr].iter().all(|plane| (plane.width, plane.height) == half)
            && [luma, cb, cr].iter().all(|plane| plane.is_whole());
        if is_right { Ok(()) } else { Err(Error::Size) }
    }

    /// Columns and rows of macroblocks.
    pub(crate) fn macroblocks(&self) -> (usize, usize) {
        (self.luma.width.div_ceil(16) as usize, self.luma.height.div_ceil(16) as usize)
    }
}

impl<'a> Plane<'a> {
    fn is_whole(&self) -> bool {
        u64::from(self.width) * u64::from(self.height) == self.samples.len() as u64
    }

    /// A row; below the plane the last one.
    pub(crate) fn row(&self, y: usize) -> &'a [u8] {
        let (width, height) = (self.width as usize, self.height as usize);
        let start = y.min(height.saturating_sub(1)) * width;
        self.samples.get(start..start + width).unwrap_or_default()
    }
}

/// `N` samples of a row from column `x` on. Beyond the row its last sample is repeated.
#[inline]
pub(crate) fn line<const N: usize>(row: &[u8], x: usize) -> [u8; N] {
    let rest = row.get(x..).unwrap_or_default();
    if let Some(line) = rest.first_chunk() {
        return *line;
    }
    let mut line = [row.last().copied().unwrap_or_default(); N];
    line.iter_mut().zip(rest).for_each(|(target, sample)| *target = *sample);
    line
}
