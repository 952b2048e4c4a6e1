//! Limits of a source: on its bytes before they are parsed, on its pixels and frames before they are decoded.

use contract::limits::Limits;

use crate::error::Error;
use crate::pixels::Size;

/// Refuses an empty file and one of more bytes than the limit. Call it before any byte is parsed.
pub(crate) fn admit_bytes(limits: &Limits, bytes: u64) -> Result<(), Error> {
    match bytes {
        0 => Err(Error::Empty),
        _ if bytes > limits.source_bytes => Err(Error::TooManyBytes { bytes, limit: limits.source_bytes }),
        _ => Ok(()),
    }
}

/// Refuses a picture of more pixels than the limit.
pub(crate) fn admit_pixels(limits: &Limits, size: Size) -> Result<(), Error> {
    if size.pixels() > limits.source_pixels {
        let (width, height) = (size.width(), size.height());
        return Err(Error::TooManyPixels { width, height, limit: limits.source_pixels });
    }
    Ok(())
}

/// Refuses an animation of more frames, or of more pixels in all frames together, than the limits.
pub(crate) fn admit_frames(limits: &Limits, size: Size, frames: u32) -> Result<(), Error> {
    let pixels = size.pixels().saturating_mul(u64::from(frames));
    if frames > limits.frames {
        return Err(Error::TooManyFrames { frames, limit: limits.frames });
    }
    if frames > 1 && pixels > limits.animation_pixels {
        return Err(Error::TooManyFramePixels { pixels, frames, limit: limits.animation_pixels });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(width: u32, height: u32) -> Size {
        Size::new(width, height).unwrap()
    }

    #[test]
    fn a_source_at_each_limit_of_animations_is_admitted_and_one_above_is_not() {
        let limits = Limits { frames: 5, animation_pixels: 48, ..Limits::default() };
        assert_eq!(admit_frames(&limits, size(4, 3), 4), Ok(()));
        let too_many = Error::TooManyFramePixels { pixels: 60, frames: 5, limit: 48 };
        assert_eq!(admit_frames(&limits, size(4, 3), 5), Err(too_many));
        assert_eq!(admit_frames(&limits, size(1, 1), 5), Ok(()));
        let too_many = Error::TooManyFrames { frames: 6, limit: 5 };
        assert_eq!(admit_frames(&limits, size(1, 1), 6), Err(too_many));
        assert_eq!(
            admit_frames(&limits, size(90, 90), 1),
            Ok(()),
            "the limit of animations doesn't apply to a still"
        );
    }

    #[test]
    fn a_source_at_each_limit_is_admitted_and_one_above_is_not() {
        let limits = Limits { source_bytes: 10, source_pixels: 12, ..Limits::default() };
        assert_eq!(admit_bytes(&limits, 10), Ok(()));
        assert_eq!(admit_bytes(&limits, 11), Err(Error::TooManyBytes { bytes: 11, limit: 10 }));
        assert_eq!(admit_bytes(&limits, 0), Err(Error::Empty));
        assert_eq!(admit_pixels(&limits, size(4, 3)), Ok(()));
        let too_many = Error::TooManyPixels { width: 13, height: 1, limit: 12 };
        assert_eq!(admit_pixels(&limits, size(13, 1)), Err(too_many));
        assert!(admit_pixels(&limits, size(u32::MAX, u32::MAX)).is_err());
    }
}
