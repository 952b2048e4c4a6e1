//! Generated pictures.

use std::fmt;

use crate::{Plane, Planes, Range};

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// One colour.
    Flat,
    /// A soft gradient.
    Gradient,
    /// A gradient with noise of this amplitude.
    Noise(u8),
    /// Black and white in every other pixel.
    Checks,
    /// Stripes and blocks of saturated colours with hard edges.
    Shapes,
}

impl Content {
    pub(super) const ALL: [Self; 7] = [
        Self::Flat,
        Self::Gradient,
        Self::Noise(3),
        Self::Noise(40),
        Self::Noise(255),
        Self::Checks,
        Self::Shapes,
    ];
}

/// A picture in planes.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) planes: [Vec<u8>; 3],
    pub(super) range: Range,
    content: Content,
}

impl fmt::Display for Picture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}×{} {:?}", self.width, self.height, self.content)
    }
}

impl Picture {
    pub(super) fn new(width: u32, height: u32, content: Content) -> Self {
        let mut seed = width * 7919 + height;
        let mut plane = |width: u32, height: u32, number: u32| -> Vec<u8> {
            let mut samples = Vec::with_capacity((width * height) as usize);
            for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let random = seed >> 16;
                samples.push(match content {
                    Content::Flat => 90 + number as u8 * 40,
                    Content::Gradient => (16 + x / 2 + y * (1 + number) / 3) as u8,
                    Content::Noise(amplitude) => (x * number + y + random % (u32::from(amplitude) + 1)) as u8,
                    Content::Checks => (x + y) as u8 % 2 * 255,
                    Content::Shapes if (x / 9 + y / 13) % 3 == number => 255,
                    Content::Shapes if x % 23 < 2 || y % 17 == 0 => 0,
                    Content::Shapes => (x / 20 * 31 + y / 20 * 57 + number * 80) as u8,
                });
            }
            samples
        };
        let (across, down) = (width.div_ceil(2), height.div_ceil(2));
        let planes = [plane(width, height, 0), plane(across, down, 1), plane(across, down, 2)];
        Self { width, height, planes, range: Range::Limited, content }
    }

    pub(super) fn borrow(&self) -> Planes<'_> {
        let [luma, cb, cr] = &self.planes;
        let half =
            |samples| Plane { samples, width: self.width.div_ceil(2), height: self.height.div_ceil(2) };
        let luma = Plane { samples: luma, width: self.width, height: self.height };
        Planes { luma, cb: half(cb), cr: half(cr), range: self.range }
    }
}
