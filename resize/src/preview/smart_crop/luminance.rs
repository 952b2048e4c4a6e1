//! Luminance of pixels.

/// Red, green, blue and straight alpha.
pub(super) type Rgba = [u8; 4];

/// Luminance by Rec. 709, as in sRGB, of channels from 0 to 1.
pub(super) fn luminance(red: f64, green: f64, blue: f64) -> f64 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
