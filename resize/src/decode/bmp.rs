//! Decodes Windows bitmaps.

use std::io::{Cursor, ErrorKind};

use image::codecs::bmp::BmpDecoder;
use image::{ImageDecoder, ImageError};

use super::truncated;
use crate::error::Error;
use crate::pixels::{Channels, Pixels};
use crate::source::bmp::unreadable;
use crate::source::bmp_rows::Bitmap;
use crate::source::info::SourceInfo;

/// Decodes the picture. Of a file that is cut, it is black where rows are missing, or transparent if it has alpha.
pub(super) fn decode(bytes: &[u8], source: &SourceInfo) -> Result<Pixels, Error> {
    let mut pixels = Pixels::black(source.size, source.channels);
    let decoder = BmpDecoder::new(Cursor::new(bytes)).map_err(unreadable)?;
    match read(decoder, &mut pixels)? {
        Err(ImageError::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => {
            let rows = Bitmap::of_file(bytes).map_or(0, |bitmap| bitmap.rows());
            truncated::admit_rows(rows as u32, source.size.height())?;
        }
        result => result.map_err(unreadable)?,
    }
    show_where_all_is_transparent(&mut pixels);
    Ok(pixels)
}

/// Reads the pixels from a decoder of the crate `image`. The inner error is the decoder's, which may have read a part.
pub(super) fn read(decoder: impl ImageDecoder, pixels: &mut Pixels) -> Result<Result<(), ImageError>, Error> {
    if decoder.total_bytes() != pixels.samples.len() as u64 {
        return Err(Error::Internal("the picture changed its size".to_owned()));
    }
    Ok(decoder.read_image(&mut pixels.samples))
}

/// Makes a picture opaque if every pixel is transparent. Writers without alpha leave those bytes 0, and browsers show
/// such files as opaque.
fn show_where_all_is_transparent(pixels: &mut Pixels) {
    if pixels.channels == Channels::Rgba {
        let (rgba, _) = pixels.samples.as_chunks_mut::<4>();
        if rgba.iter().all(|[.., alpha]| *alpha == 0) {
            for [.., alpha] in rgba {
                *alpha = u8::MAX;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use image::codecs::bmp::BmpEncoder;
    use image::{ExtendedColorType, ImageEncoder};

    use super::*;
    use crate::pixels::Size;
    use crate::source::completeness::is_complete;
    use crate::source::probe::probe;

    const SIDE: usize = 64;

    /// Samples of which none is 0, so that a missing row is told from a dark one.
    fn samples(channels: usize) -> Vec<u8> {
        (0..SIDE * SIDE * channels).map(|index| (index * 7919 % 251) as u8 + 1).collect()
    }

    fn written(channels: usize, color: ExtendedColorType) -> Vec<u8> {
        let mut file = Vec::new();
        BmpEncoder::new(&mut file).write_image(&samples(channels), SIDE as u32, SIDE as u32, color).unwrap();
        file
    }

    /// A file with rows from the top.
    fn top_down() -> Vec<u8> {
        let mut file = written(3, ExtendedColorType::Rgb8);
        file[22..26].copy_from_slice(&(-64_i32).to_le_bytes());
        file
    }

    /// A file of 256 grays in runs of one pixel, with or without the mark of its end.
    fn in_runs(end: &[u8]) -> Vec<u8> {
        let mut file = written(1, ExtendedColorType::L8);
        let start = u32::from_le_bytes(*file[10..].first_chunk().unwrap()) as usize;
        let rows = file.split_off(start);
        file[30] = 1;
        for row in rows.chunks(SIDE) {
            file.extend(row.iter().flat_map(|gray| [1, *gray]));
            file.extend([0, 0]);
        }
        file.extend(end);
        file
    }

    #[test]
    fn a_file_that_is_cut_off_shows_the_rows_that_are_there() {
        let files = [
            ("RGB", written(3, ExtendedColorType::Rgb8)),
            ("RGBA", written(4, ExtendedColorType::Rgba8)),
            ("palette", written(1, ExtendedColorType::L8)),
            ("from the top", top_down()),
            ("runs", in_runs(&[0, 1])),
            ("runs without an end", in_runs(&[])),
        ];
        for (name, file) in files {
            let info = probe(&file).unwrap();
            let whole = decode(&file, &info).unwrap().samples;
            assert!(is_complete(&file, &info), "{name}");
            let part = &file[..file.len() - file.len() / 3];
            assert!(!is_complete(part, &info), "{name}");
            let shown = decode(part, &info).unwrap().samples;
            let row_bytes = whole.len() / SIDE;
            let is_row = |row: usize, of: &[u8]| {
                shown[row * row_bytes..][..row_bytes] == of[row * row_bytes..][..row_bytes]
            };
            let (present, missing) = if name == "from the top" { (0..36, 45..64) } else { (28..64, 0..19) };
            assert!(present.into_iter().all(|row| is_row(row, &whole)), "{name}");
            assert!(missing.into_iter().all(|row| is_row(row, &vec![0; whole.len()])), "{name}");
        }
    }

    #[test]
    fn a_file_that_is_cut_before_its_first_rows_is_refused() {
        for file in [written(3, ExtendedColorType::Rgb8), in_runs(&[0, 1])] {
            let info = probe(&file).unwrap();
            let start = u32::from_le_bytes(*file[10..].first_chunk().unwrap()) as usize;
            for rest in [0, 100] {
                let result = decode(&file[..start + rest], &info);
                assert!(matches!(result, Err(Error::Damaged(_))), "{rest}: {result:?}");
            }
        }
    }

    #[test]
    fn a_picture_that_would_be_transparent_throughout_is_opaque() {
        let check = |alphas: [u8; 2], expected: [u8; 2]| {
            let samples = alphas.map(|alpha| [9, 8, 7, alpha]).concat();
            let size = Size::new(2, 1).unwrap();
            let mut pixels = Pixels { samples, size, channels: Channels::Rgba };
            show_where_all_is_transparent(&mut pixels);
            assert_eq!(pixels.samples, expected.map(|alpha| [9, 8, 7, alpha]).concat());
        };
        check([0, 0], [255, 255]);
        check([0, 1], [0, 1]);
    }
}
