//! Conversion from luma and colour differences to RGB (ITU-T H.273, section 8.3).

use crate::error::Error;

/// A colour space as code points of ITU-T H.273.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cicp {
    /// `ColourPrimaries`: 1 for sRGB, 12 for Display P3, 2 if unspecified.
    pub primaries: u16,
    /// `TransferCharacteristics`: 13 for sRGB, 2 if unspecified.
    pub transfer: u16,
    /// `MatrixCoefficients`: 6 for BT.601, 0 if the planes are green, blue and red.
    pub matrix: u16,
    /// `true` if samples use all codes, `false` if only those of the limited video range.
    pub is_full_range: bool,
}

/// Number of fractional bits in [`Matrix`]: the most for which the sums of the widest matrix, below 1.5 × 2^30, fit in 32
/// bits. With 16 bits, 12-bit samples would be off by a fifth of an 8-bit step.
const FRACTION: u32 = 20;

/// The factor of the colour differences that [`Matrix::rgb`] takes. It allows interpolation between samples without
/// rounding.
pub(super) const CHROMA_SCALE: i32 = 16;

/// Converts code values to 8-bit RGB.
#[derive(Clone, Copy)]
pub(super) struct Matrix {
    /// For red, green and blue, the weights of luma and the two differences, with [`FRACTION`] bits.
    rows: [[i32; 3]; 3],
    /// A constant for red, green and blue, which includes one half for rounding.
    constants: [i32; 3],
}

impl Matrix {
    /// The matrix for planes of `depth` bits.
    pub(super) fn new(colors: Cicp, depth: u8) -> Result<Self, Error> {
        let differences = |red: f64, blue: f64| {
            let green = 1.0 - red - blue;
            let (to_red, to_blue) = (2.0 - 2.0 * red, 2.0 - 2.0 * blue);
            [[1.0, 0.0, to_red], [1.0, -to_blue * blue / green, -to_red * red / green], [1.0, to_blue, 0.0]]
        };
        let rows = match (colors.matrix, colors.primaries) {
            (0, _) => [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
            (1, _) => differences(0.2126, 0.0722),
            (4, _) => differences(0.30, 0.11),
            (7, _) => differences(0.212, 0.087),
            (8, _) => [[1.0, -1.0, 1.0], [1.0, 1.0, 0.0], [1.0, -1.0, -1.0]],
            (9, _) => differences(0.2627, 0.0593),
            // If the file specifies no matrix (2), decoders assume BT.601.
            (2 | 5 | 6, _) => differences(0.299, 0.114),
            // SMPTE ST 2085: green, and what remains of blue and red.
            (11, _) => [[0.991_902, 0.0, 2.0], [1.0, 0.0, 0.0], [1.0 / 0.986_566, 2.0 / 0.986_566, 0.0]],
            // The weights follow from the primaries. Those of sRGB are assumed if they aren't known.
            (12, primaries) => {
                let [red, _, blue] = luminances(primaries);
                differences(red, blue)
            }
            _ => return Err(Error::Unsupported("the picture's colour matrix is not supported")),
        };
        let is_rgb = colors.matrix == 0;
        let (luma, chroma) =
            (CodeRange::luma(colors.is_full_range, depth), CodeRange::chroma(colors.is_full_range, depth));
        let ranges = if is_rgb { [luma; 3] } else { [luma, chroma, chroma] };
        let one = f64::from(1 << FRACTION);
        let scales = [1.0, f64::from(CHROMA_SCALE), f64::from(CHROMA_SCALE)];
        let number = |row: [f64; 3]| {
            let mut numbers = [0; 3];
            let mut constant = 0.5;
            for (((number, weight), range), scale) in numbers.iter_mut().zip(row).zip(ranges).zip(scales) {
                *number = (weight * range.gain * one / scale).round() as i32;
                constant -= weight * range.zero * range.gain;
            }
            (numbers, (constant * one).round() as i32)
        };
        let rows = rows.map(number);
        Ok(Self { rows: rows.map(|(row, _)| row), constants: rows.map(|(_, constant)| constant) })
    }

    /// Converts one pixel. `blue` and `red` are colour differences times [`CHROMA_SCALE`].
    pub(super) fn rgb(&self, luma: i32, blue: i32, red: i32) -> [u8; 3] {
        let [for_red, for_green, for_blue] = self.rows;
        let [plus_red, plus_green, plus_blue] = self.constants;
        let sample = |[a, b, c]: [i32; 3], constant: i32| {
            ((a * luma + b * blue + c * red + constant) >> FRACTION).clamp(0, 255) as u8
        };
        [sample(for_red, plus_red), sample(for_green, plus_green), sample(for_blue, plus_blue)]
    }
}

/// The luminances of red, green and blue, which add up to 1, by the chromaticities of primaries (H.273, section 8.1 and
/// equations 39 to 44).
fn luminances(primaries: u16) -> [f64; 3] {
    const D65: [f64; 2] = [0.3127, 0.3290];
    const C: [f64; 2] = [0.310, 0.316];
    let ([red, green, blue], white) = match primaries {
        4 => ([[0.67, 0.33], [0.21, 0.71], [0.14, 0.08]], C),
        5 => ([[0.64, 0.33], [0.29, 0.60], [0.15, 0.06]], D65),
        6 | 7 => ([[0.630, 0.340], [0.310, 0.595], [0.155, 0.070]], D65),
        8 => ([[0.681, 0.319], [0.243, 0.692], [0.145, 0.049]], C),
        9 => ([[0.708, 0.292], [0.170, 0.797], [0.131, 0.046]], D65),
        11 => ([[0.680, 0.320], [0.265, 0.690], [0.150, 0.060]], [0.314, 0.351]),
        12 => ([[0.680, 0.320], [0.265, 0.690], [0.150, 0.060]], D65),
        22 => ([[0.630, 0.340], [0.295, 0.605], [0.155, 0.077]], D65),
        _ => ([[0.640, 0.330], [0.300, 0.600], [0.150, 0.060]], D65),
    };
    // The tristimulus values of a colour with a luminance of 1.
    let xyz = |[x, y]: [f64; 2]| [x / y, 1.0, (1.0 - x - y) / y];
    let [red, green, blue, white] = [red, green, blue, white].map(xyz);
    let determinant = |a: [f64; 3], b: [f64; 3], c: [f64; 3]| {
        let ([a0, a1, a2], [b0, b1, b2], [c0, c1, c2]) = (a, b, c);
        a0 * (b1 * c2 - b2 * c1) - b0 * (a1 * c2 - a2 * c1) + c0 * (a1 * b2 - a2 * b1)
    };
    let all = determinant(red, green, blue);
    [
        determinant(white, green, blue) / all,
        determinant(red, white, blue) / all,
        determinant(red, green, white) / all,
    ]
}

/// A linear map from code values to 0 to 255.
#[derive(Clone, Copy)]
pub(super) struct CodeRange {
    /// The code that maps to 0.
    zero: f64,
    /// The result's increase per code.
    gain: f64,
}

impl CodeRange {
    pub(super) fn luma(is_full: bool, depth: u8) -> Self {
        let step = f64::from(1_u32 << (depth - 8));
        if is_full {
            Self { zero: 0.0, gain: 255.0 / f64::from((1_u32 << depth) - 1) }
        } else {
            Self { zero: 16.0 * step, gain: 255.0 / (219.0 * step) }
        }
    }

    fn chroma(is_full: bool, depth: u8) -> Self {
        let step = f64::from(1_u32 << (depth - 8));
        let gain = if is_full { 255.0 / f64::from((1_u32 << depth) - 1) } else { 255.0 / (224.0 * step) };
        Self { zero: 128.0 * step, gain }
    }

    /// Converts one sample.
    pub(super) fn sample(self, code: u16) -> u8 {
        ((f64::from(code) - self.zero) * self.gain).round() as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colours_are_converted_by_every_matrix_range_and_depth() {
        let check = |matrix, is_full_range, depth, [y, b, r]: [i32; 3], expected: [u8; 3]| {
            let colors = Cicp { primaries: 1, transfer: 13, matrix, is_full_range };
            let got = Matrix::new(colors, depth).unwrap().rgb(y, b * CHROMA_SCALE, r * CHROMA_SCALE);
            let is_near = got.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1);
            assert!(is_near, "matrix {matrix}, {depth} bit: {got:?}, not {expected:?}");
        };
        // Black, white and red, by the equations of H.273, section 8.3.
        check(6, true, 8, [0, 128, 128], [0, 0, 0]);
        check(6, true, 8, [255, 128, 128], [255, 255, 255]);
        check(6, true, 8, [76, 85, 255], [254, 0, 0]);
        check(1, true, 8, [54, 99, 255], [254, 0, 0]);
        check(1, false, 8, [16, 128, 128], [0, 0, 0]);
        check(1, false, 8, [235, 128, 128], [255, 255, 255]);
        check(1, false, 8, [63, 102, 240], [255, 1, 0]);
        check(6, true, 10, [1023, 512, 512], [255, 255, 255]);
        check(9, false, 10, [940, 512, 512], [255, 255, 255]);
        check(9, false, 12, [3760, 2048, 2048], [255, 255, 255]);
        check(6, true, 12, [2048, 2048, 2048], [128, 128, 128]);
        check(0, true, 8, [20, 30, 10], [10, 20, 30]);
        check(8, true, 8, [64, 128, 192], [128, 64, 0]);
        // Display P3 has red of 0.2290 and blue of 0.0793 (SMPTE EG 432-1), and the conversion of black, white and green by
        // SMPTE ST 2085.
        let [red, green, blue] = luminances(12);
        assert!((red - 0.2290).abs() < 1e-3 && (green - 0.6917).abs() < 1e-3 && (blue - 0.0793).abs() < 1e-3);
        check(12, true, 8, [255, 128, 128], [255, 255, 255]);
        check(11, true, 8, [0, 128, 128], [0, 0, 0]);
        check(11, true, 8, [255, 126, 129], [255, 255, 255]);
        check(11, true, 8, [255, 0, 1], [0, 255, 0]);
        let unsupported = Cicp { primaries: 9, transfer: 16, matrix: 14, is_full_range: true };
        assert!(Matrix::new(unsupported, 10).is_err());
    }
}
