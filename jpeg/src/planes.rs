use crate::file::header::Header;
use crate::scale::Scales;

/// The value of samples for which the file has no data: the middle of the range.
pub(crate) const MID_GRAY: u8 = 128;

/// The decoded planes of a picture, one for each component in the frame's order. Decoding into the same value again
/// reuses its memory.
#[derive(Clone, Debug, Default)]
pub struct Planes {
    planes: Vec<Plane>,
}

/// Planes with their scales.
pub(crate) type ScaledPlanes<'a> = (Scales, &'a mut Planes);

/// The samples of one component, each 0 to 255.
#[derive(Clone, Debug, Default)]
pub struct Plane {
    samples: Vec<u8>,
    stride: usize,
    width: u32,
    height: u32,
    exact_width: f64,
    exact_height: f64,
}

impl Planes {
    /// One plane for each component of the header.
    pub fn as_slice(&self) -> &[Plane] {
        &self.planes
    }

    /// Returns the planes.
    pub fn into_planes(self) -> Vec<Plane> {
        self.planes
    }

    /// Sets the number and the sizes of the planes. Samples of reused memory keep their old values.
    pub(crate) fn prepare(&mut self, header: &Header, scales: Scales) {
        self.planes.resize_with(header.components().len(), Plane::default);
        for (index, (plane, component)) in self.planes.iter_mut().zip(header.components()).enumerate() {
            let scale = scales.of_component(index);
            let (across, down) = header.blocks(*component);
            let side = scale.eighths() as usize;
            plane.stride = across as usize * side;
            plane.samples.resize(plane.stride * down as usize * side, MID_GRAY);
            (plane.width, plane.height) = header.plane_size(*component, scale);
            (plane.exact_width, plane.exact_height) = header.exact_plane_size(*component, scale);
        }
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Plane> {
        self.planes.iter_mut()
    }
}

impl Plane {
    /// Rows of [`Self::stride`] bytes. The first [`Self::width`] bytes of each row belong to the picture.
    pub fn samples(&self) -> &[u8] {
        &self.samples
    }

    /// The samples of the picture in rows of [`Self::width`] bytes.
    pub fn into_packed(mut self) -> Vec<u8> {
        let (width, height) = (self.width as usize, self.height as usize);
        if width < self.stride {
            for row in 1..height {
                let start = row * self.stride;
                self.samples.copy_within(start..start + width, row * width);
            }
        }
        self.samples.truncate(width * height);
        self.samples
    }

    /// Distance from one row to the next in bytes: whole blocks.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// Width in samples, rounded up.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in samples, rounded up.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Width and height of the plane's part that the picture covers, in fractional samples. The picture may cover the
    /// last column and row in part only; a resampler that ignores this shifts the picture.
    pub fn exact_size(&self) -> (f64, f64) {
        (self.exact_width, self.exact_height)
    }

    /// The rows of the picture, from the top.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        let width = self.width as usize;
        let rows = self.samples.chunks_exact(self.stride.max(1)).take(self.height as usize);
        rows.map(move |row| row.get(..width).unwrap_or(row))
    }

    pub(crate) fn parts_mut(&mut self) -> (&mut [u8], usize) {
        (&mut self.samples, self.stride)
    }

    /// Makes all samples gray.
    pub(crate) fn clear(&mut self) {
        self.samples.fill(MID_GRAY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_samples_are_those_of_the_rows() {
        let check = |width: u32, height: u32| {
            let samples = (0..8 * 16).collect();
            let plane = Plane { samples, stride: 8, width, height, exact_width: 0.0, exact_height: 0.0 };
            let rows = plane.rows().collect::<Vec<_>>().concat();
            assert_eq!(rows.len(), (width * height) as usize);
            assert_eq!(plane.into_packed(), rows);
        };
        check(5, 11);
        check(8, 16);
        check(8, 9);
        check(1, 1);
    }
}
