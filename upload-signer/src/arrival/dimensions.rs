//! The dimensions of a picture in its header.

use std::fmt;

/// Width and height of a picture in pixels, 1 or more. An EXIF orientation is not applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimensions {
    width: u32,
    height: u32,
}

impl Dimensions {
    /// Dimensions in pixels; `None` if a side is 0.
    pub fn new(width: u32, height: u32) -> Option<Self> {
        (width > 0 && height > 0).then_some(Self { width, height })
    }

    /// Width in pixels, 1 or more.
    pub const fn width(self) -> u32 {
        self.width
    }

    /// Height in pixels, 1 or more.
    pub const fn height(self) -> u32 {
        self.height
    }

    /// The number of pixels, 1 or more.
    pub const fn pixels(self) -> u64 {
        self.width as u64 * self.height as u64
    }

    /// Parses the text that [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (width, height) = text.split_once('x')?;
        Self::new(width.parse().ok()?, height.parse().ok()?)
    }
}

/// Writes `640x480`.
impl fmt::Display for Dimensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// Types whose headers are read. BMP is missing because `imagesize` misreads its oldest headers, and SVG because the viewer
/// decides on its size.
const READABLE_TYPES: [&str; 9] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "image/avif",
    "image/heic",
    "image/heif",
    "image/tiff",
    "image/jxl",
];

/// The dimensions of a picture of the detected type, read from the beginning of its file. `None` if the type is not
/// supported, the header is damaged, or the dimensions come later in the file.
pub fn read_dimensions(first: &[u8], detected: &str) -> Option<Dimensions> {
    if !READABLE_TYPES.contains(&detected) {
        return None;
    }
    let size = imagesize::blob_size(first).ok()?;
    Dimensions::new(size.width.try_into().ok()?, size.height.try_into().ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x06\0\0\0";
    const GIF: &[u8] = b"GIF89a\x80\x02\xe0\x01\0\0\0";
    const JPEG: &[u8] = b"\xff\xd8\xff\xfe\0\x04ab\xff\xc0\0\x11\x08\x01\xe0\x02\x80\x03\x01\x22\0";
    const TIFF: &[u8] =
        b"II*\0\x08\0\0\0\x02\0\0\x01\x03\0\x01\0\0\0\x80\x02\0\0\x01\x01\x03\0\x01\0\0\0\xe0\x01\0\0";
    const WEBP: &[u8] = b"RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0";
    const JXL: &[u8] = b"\xff\x0a\xf8\x3b\x9c\x6c\0\0\0\0\0\0\0\0\0\0";
    const HEADERS: [&[u8]; 6] = [PNG, GIF, JPEG, TIFF, WEBP, JXL];

    #[test]
    fn the_dimensions_are_read_from_the_header() {
        let check = |first: &[u8], detected: &str, expected: Option<&str>| {
            let dimensions = read_dimensions(first, detected).map(|dimensions| dimensions.to_string());
            assert_eq!(dimensions.as_deref(), expected, "{detected}");
        };
        check(PNG, "image/png", Some("640x480"));
        check(GIF, "image/gif", Some("640x480"));
        check(JPEG, "image/jpeg", Some("640x480"));
        check(TIFF, "image/tiff", Some("640x480"));
        check(WEBP, "image/webp", Some("640x480"));
        check(&PNG[..20], "image/png", None);
        check(&JPEG[..10], "image/jpeg", None);
        check(&[&PNG[..16], &[0; 8]].concat(), "image/png", None);
        check(PNG, "video/mp4", None);
        check(b"BM", "image/bmp", None);
        check(b"", "image/png", None);
    }

    #[test]
    fn dimensions_round_trip_through_their_text() {
        let check = |text: &str, expected: Option<(u32, u32)>| {
            let read = Dimensions::parse(text);
            assert_eq!(read.map(|read| (read.width(), read.height())), expected, "{text:?}");
            assert!(read.is_none_or(|read| read.to_string() == text));
        };
        check("640x480", Some((640, 480)));
        check("4294967295x1", Some((u32::MAX, 1)));
        for text in ["", "x", "640", "640x", "0x480", "640x0", "640x480x1", "-1x1", "4294967296x1"] {
            check(text, None);
        }
        let largest = Dimensions::new(u32::MAX, u32::MAX).unwrap();
        assert_eq!(largest.pixels(), u64::from(u32::MAX) * u64::from(u32::MAX));
    }

    proptest! {
        /// Guards against panics and endless loops in the dependency `imagesize`.
        #[test]
        fn a_damaged_header_never_panics(
            header in prop::sample::select(HEADERS.to_vec()),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
            rest in prop::collection::vec(any::<u8>(), 0..300),
            detected in prop::sample::select(READABLE_TYPES.to_vec()),
        ) {
            let mut first = [header, &rest].concat();
            for (index, byte) in changes {
                let at = index.index(first.len());
                first[at] = byte;
            }
            read_dimensions(&first, detected);
        }

        #[test]
        fn damaged_boxes_never_panic(
            brand in prop::sample::select(vec![b"avif", b"heic", b"mif1"]),
            boxes in prop::collection::vec(
                (prop_oneof![0_u32..40, any::<u32>()],
                 prop::sample::select(vec![b"meta", b"iprp", b"ipco", b"ispe", b"irot", b"mdat", b"jxlc", b"jxlp"]),
                 prop::collection::vec(any::<u8>(), 0..24)), 0..12),
        ) {
            let mut heif = [&b"\0\0\0\x10ftyp"[..], brand, &[0; 4]].concat();
            let mut jxl = b"\0\0\0\x0cJXL \r\n\x87\n".to_vec();
            for (size, name, content) in boxes {
                for file in [&mut heif, &mut jxl] {
                    file.extend(size.to_be_bytes());
                    file.extend(*name);
                    file.extend(&content);
                }
            }
            read_dimensions(&heif, "image/avif");
            read_dimensions(&jxl, "image/jxl");
        }
    }
}
