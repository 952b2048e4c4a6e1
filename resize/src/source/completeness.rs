//! The ends of files.

use super::bmp_rows::Bitmap;
use super::ico::Entry;
use super::info::{SourceFormat, SourceInfo};
#[cfg(feature = "jxl")]
use super::jxl;
use super::tiff::{Strips, open};
use super::{gif_blocks, jpeg_segments};

/// `false` if a file ends before its format says: it was cut, or its end was never written. The bytes between are not
/// checked. Decoders show what there is of such a file.
pub(crate) fn is_complete(bytes: &[u8], info: &SourceInfo) -> bool {
    match info.format {
        SourceFormat::Jpeg(_) => jpeg_segments::has_end(bytes),
        SourceFormat::Png => has_png_end(bytes),
        SourceFormat::Gif => gif_blocks::has_end(bytes),
        SourceFormat::Webp(_) => has_riff_end(bytes),
        SourceFormat::Avif(_) | SourceFormat::Heic(_) => {
            codecs::heif::open(bytes).is_ok_and(|file| file.is_complete())
        }
        SourceFormat::Tiff => has_tiff_end(bytes),
        SourceFormat::Bmp => Bitmap::of_file(bytes).is_some_and(|bitmap| bitmap.is_complete()),
        SourceFormat::Ico => has_icon_end(bytes),
        // A drawing that is cut is refused: it is not well-formed.
        SourceFormat::Svg => true,
        SourceFormat::Pdf(_) => has_pdf_end(bytes),
        #[cfg(feature = "jxl")]
        SourceFormat::Jxl => jxl::is_complete(bytes),
        #[cfg(not(feature = "jxl"))]
        SourceFormat::Jxl => true,
    }
}

/// `true` if the picture that is shown of an icon has its end.
fn has_icon_end(bytes: &[u8]) -> bool {
    let Ok(entry) = Entry::largest(bytes) else { return false };
    if entry.is_png() {
        return has_png_end(entry.content);
    }
    Bitmap::of_icon(entry.content).is_none_or(|bitmap| bitmap.is_complete_icon())
}

/// `true` if the end of a PDF is near the end of the file, where other bytes may follow.
fn has_pdf_end(bytes: &[u8]) -> bool {
    const END: &[u8] = b"%%EOF";
    let last = bytes.get(bytes.len().saturating_sub(1024)..).unwrap_or_default();
    last.windows(END.len()).any(|window| window == END)
}

/// `true` if the chunks reach `IEND`.
fn has_png_end(bytes: &[u8]) -> bool {
    const SIGNATURE_BYTES: usize = 8;
    const SUM_BYTES: usize = 4;
    let mut rest = bytes.get(SIGNATURE_BYTES..).unwrap_or_default();
    while let Some(([a, b, c, d, name @ ..], after)) = rest.split_first_chunk::<8>() {
        if name == b"IEND" {
            return after.len() >= SUM_BYTES;
        }
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        rest = after.get(length.saturating_add(SUM_BYTES)..).unwrap_or_default();
    }
    false
}

/// `true` if the file is as long as its header says.
fn has_riff_end(bytes: &[u8]) -> bool {
    const HEADER_BYTES: usize = 8;
    let length = bytes.get(4..HEADER_BYTES).and_then(|length| length.first_chunk());
    let length = length.map(|length| u32::from_le_bytes(*length) as usize);
    length.is_some_and(|length| bytes.len() - HEADER_BYTES >= length)
}

/// `true` if every strip lies inside the file.
fn has_tiff_end(bytes: &[u8]) -> bool {
    let strips = open(bytes).and_then(|mut decoder| Strips::read(&mut decoder));
    strips.is_ok_and(|strips| {
        let mut places = strips.offsets.iter().zip(&strips.lengths);
        places.all(|(offset, length)| offset.saturating_add(*length) <= bytes.len() as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::probe::probe;

    const SIDE: u32 = 64;

    fn samples() -> Vec<u8> {
        (0..SIDE * SIDE * 3).map(|index| (index * 7919 % 251) as u8).collect()
    }

    /// The picture in a format of the crate `image`.
    fn written(format: image::ImageFormat) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_raw(SIDE, SIDE, samples()).unwrap().write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_file_that_was_cut_is_incomplete() {
        let samples = samples();
        let view = codecs::View { samples: &samples, width: SIDE, height: SIDE };
        let gif =
            b"GIF89a\x04\0\x03\0\0\0\0\x2c\0\0\0\0\x04\0\x03\0\x80\0\0\0\xff\xff\xff\x02\x02\x84\x51\0;";
        let files = [
            codecs::jpeg::encode(view, codecs::jpeg::Layout::Rgb, 80).unwrap(),
            written(image::ImageFormat::Png),
            gif.to_vec(),
            codecs::webp::encode(view, codecs::webp::Layout::Rgb, 80).unwrap(),
            codecs::avif::encode(view, codecs::Layout::Rgb, 80).unwrap(),
            tiff(),
        ];
        for file in files {
            let info = probe(&file).unwrap();
            assert!(is_complete(&file, &info), "{:?}", info.format);
            for cut in [1, file.len() / 16] {
                assert!(!is_complete(&file[..file.len() - cut.max(1)], &info), "{:?}", info.format);
            }
        }
    }

    /// A TIFF of one strip of gray pixels, at the end of the file.
    fn tiff() -> Vec<u8> {
        let entry = |tag: u16, value: u32| {
            let kind = 4_u16;
            [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &1_u32.to_le_bytes(), &value.to_le_bytes()].concat()
        };
        let entries = [
            (256, 64),
            (257, 64),
            (258, 8),
            (259, 1),
            (262, 1),
            (273, 122),
            (277, 1),
            (278, 64),
            (279, 4096),
        ];
        let entries: Vec<u8> = entries.into_iter().flat_map(|(tag, value)| entry(tag, value)).collect();
        [b"II*\0\x08\0\0\0\x09\0", &entries[..], &[0; 4], &[90; 4096]].concat()
    }
}
