//! What a source may cost, checked at three doors: bytes before parsing, header before decoding, plan before
//! allocating.

use contract::variant::Side;

use crate::error::Error;
use crate::pixels::Size;

/// The limits of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest source, in bytes.
    pub source_bytes: u64,
    /// The most pixels of a source, width × height.
    pub source_pixels: u64,
    /// The most frames of an animation.
    pub frames: u32,
    /// The most pixels of an animation, width × height × frames.
    pub animation_pixels: u64,
    /// The longest side of a variant.
    pub output_side: Side,
    /// The most memory that making one variant may take, in bytes, the source's own included.
    pub memory_bytes: u64,
}

impl Default for Limits {
    /// 100 MiB, 100 megapixels, 1000 frames of 400 megapixels together, the grammar's longest side, 1.5 GiB.
    fn default() -> Self {
        let output_side = Side::MAX;
        Self {
            source_bytes: 100 << 20,
            source_pixels: 100_000_000,
            frames: 1000,
            animation_pixels: 400_000_000,
            output_side,
            memory_bytes: 1536 << 20,
        }
    }
}

impl Limits {
    /// The first door: before any byte is parsed.
    pub fn admit_bytes(&self, bytes: u64) -> Result<(), Error> {
        match bytes {
            0 => Err(Error::Empty),
            _ if bytes > self.source_bytes => Err(Error::TooManyBytes { bytes, limit: self.source_bytes }),
            _ => Ok(()),
        }
    }

    /// The second door: before any pixel is decoded.
    pub fn admit_pixels(&self, width: u32, height: u32) -> Result<(), Error> {
        if u64::from(width) * u64::from(height) > self.source_pixels {
            return Err(Error::TooManyPixels { width, height, limit: self.source_pixels });
        }
        Ok(())
    }

    /// The second door, for an animation.
    pub fn admit_frames(&self, size: Size, frames: u32) -> Result<(), Error> {
        let pixels = size.pixels().saturating_mul(u64::from(frames));
        if frames > self.frames {
            return Err(Error::TooManyFrames { frames, limit: self.frames });
        }
        if frames > 1 && pixels > self.animation_pixels {
            return Err(Error::TooManyFramePixels { pixels, frames, limit: self.animation_pixels });
        }
        Ok(())
    }

    /// The third door: before anything is allocated.
    pub fn admit_memory(&self, bytes: u64) -> Result<(), Error> {
        if bytes > self.memory_bytes {
            return Err(Error::TooMuchMemory { bytes, limit: self.memory_bytes });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_of_animations_has_a_twin_that_just_passes() {
        let limits = Limits { frames: 5, animation_pixels: 48, ..Limits::default() };
        let size = Size::new(4, 3).unwrap();
        assert_eq!(limits.admit_frames(size, 4), Ok(()));
        let too_many = Error::TooManyFramePixels { pixels: 60, frames: 5, limit: 48 };
        assert_eq!(limits.admit_frames(size, 5), Err(too_many));
        assert_eq!(limits.admit_frames(Size::new(1, 1).unwrap(), 5), Ok(()));
        let too_many = Error::TooManyFrames { frames: 6, limit: 5 };
        assert_eq!(limits.admit_frames(Size::new(1, 1).unwrap(), 6), Err(too_many));
        assert_eq!(
            limits.admit_frames(Size::new(90, 90).unwrap(), 1),
            Ok(()),
            "a still has a limit of its own"
        );
    }

    #[test]
    fn each_limit_has_a_twin_that_just_passes() {
        let limits = Limits { source_bytes: 10, source_pixels: 12, memory_bytes: 14, ..Limits::default() };
        assert_eq!(limits.admit_bytes(10), Ok(()));
        assert_eq!(limits.admit_bytes(11), Err(Error::TooManyBytes { bytes: 11, limit: 10 }));
        assert_eq!(limits.admit_bytes(0), Err(Error::Empty));
        assert_eq!(limits.admit_pixels(4, 3), Ok(()));
        assert_eq!(limits.admit_pixels(13, 1), Err(Error::TooManyPixels { width: 13, height: 1, limit: 12 }));
        assert!(limits.admit_pixels(u32::MAX, u32::MAX).is_err());
        assert_eq!(limits.admit_memory(14), Ok(()));
        assert_eq!(limits.admit_memory(15), Err(Error::TooMuchMemory { bytes: 15, limit: 14 }));
    }
}
