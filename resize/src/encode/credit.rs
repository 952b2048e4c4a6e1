//! Copies the artist and the copyright notice from the source's EXIF into variants, if the policy says so. All other
//! metadata is left out of variants: locations, serial numbers, thumbnails, comments.

use std::io::Cursor;

use contract::format::Format;
use exif::{Exif, Field, In, Tag, Value};
use img_parts::jpeg::Jpeg;
use img_parts::png::Png;
use img_parts::webp::WebP;
use img_parts::{Bytes, ImageEXIF};

use crate::error::Error;

/// Maximum length of a notice in characters. Longer ones are truncated.
const MAX_NOTICE_CHARS: usize = 1000;

/// Adds the notices of a source to an encoded variant, if the source has any.
pub fn with_credit(encoded: Vec<u8>, source: &[u8], format: Format) -> Result<Vec<u8>, Error> {
    match Credit::of(source) {
        Some(credit) => credit.write_into(encoded, format),
        None => Ok(encoded),
    }
}

/// The artist, the copyright notice or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    artist: Option<String>,
    copyright: Option<String>,
}

impl Credit {
    /// Reads the notices of a JPEG, PNG, WebP, TIFF or AVIF file. `None` if it has none or its EXIF can't be read.
    pub fn of(file: &[u8]) -> Option<Self> {
        let exif = exif::Reader::new()
            .continue_on_error(true)
            .read_from_container(&mut Cursor::new(file))
            .or_else(|error| error.distill_partial_result(|_| ()))
            .ok()?;
        let (artist, copyright) = (notice(&exif, Tag::Artist), notice(&exif, Tag::Copyright));
        (artist.is_some() || copyright.is_some()).then_some(Self { artist, copyright })
    }

    /// Adds the notices to an encoded variant. A GIF or AVIF file is returned unchanged: GIF has no EXIF, and EXIF in
    /// AVIF is not supported here.
    pub fn write_into(&self, file: Vec<u8>, format: Format) -> Result<Vec<u8>, Error> {
        let exif = Some(Bytes::from(self.block()?));
        let file = Bytes::from(file);
        let unreadable =
            |error: img_parts::Error| Error::Internal(format!("a variant's own container: {error}"));
        let encoder = match format {
            Format::Jpeg => {
                let mut jpeg = Jpeg::from_bytes(file).map_err(unreadable)?;
                jpeg.set_exif(exif);
                jpeg.encoder().bytes()
            }
            Format::Png => {
                let mut png = Png::from_bytes(file).map_err(unreadable)?;
                png.set_exif(exif);
                png.encoder().bytes()
            }
            Format::Webp => {
                let mut webp = WebP::from_bytes(file).map_err(unreadable)?;
                webp.set_exif(exif);
                webp.encoder().bytes()
            }
            Format::Gif | Format::Avif => return Ok(file.into()),
        };
        Ok(encoder.to_vec())
    }

    /// The EXIF block: a TIFF header and one directory.
    fn block(&self) -> Result<Vec<u8>, Error> {
        let field = |tag, notice: &String| {
            let value = Value::Ascii(vec![notice.clone().into_bytes()]);
            Field { tag, ifd_num: In::PRIMARY, value }
        };
        let artist = self.artist.as_ref().map(|artist| field(Tag::Artist, artist));
        let copyright = self.copyright.as_ref().map(|copyright| field(Tag::Copyright, copyright));
        let mut writer = exif::experimental::Writer::new();
        artist.iter().chain(&copyright).for_each(|field| writer.push_field(field));
        let mut block = Cursor::new(Vec::new());
        writer
            .write(&mut block, false)
            .map_err(|error| Error::Internal(format!("EXIF could not be written: {error}")))?;
        Ok(block.into_inner())
    }
}

/// A notice in one line of plain text. A copyright may have two parts, the photographer's and the editor's.
fn notice(exif: &Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let parts: Vec<String> =
        parts.iter().map(|part| String::from_utf8_lossy(part).trim().to_owned()).collect();
    let text = parts.join(" ");
    let text: String =
        text.trim().chars().filter(|letter| !letter.is_control()).take(MAX_NOTICE_CHARS).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use codecs::View;

    fn credit(artist: Option<&str>, copyright: Option<&str>) -> Credit {
        Credit { artist: artist.map(str::to_owned), copyright: copyright.map(str::to_owned) }
    }

    const PIXELS: [u8; 4 * 12] = [128; 4 * 12];

    fn jpeg() -> Vec<u8> {
        let view = View { samples: PIXELS.get(..3 * 12).unwrap(), width: 4, height: 3 };
        codecs::jpeg::encode(view, codecs::jpeg::Layout::Rgb, 80).unwrap()
    }

    fn webp() -> Vec<u8> {
        let view = View { samples: &PIXELS, width: 4, height: 3 };
        codecs::webp::encode(view, codecs::webp::Layout::Rgba, 80).unwrap()
    }

    fn png() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 4, 3);
        encoder.set_color(png::ColorType::Rgba);
        encoder.write_header().unwrap().write_image_data(&PIXELS).unwrap();
        bytes
    }

    #[test]
    fn written_notices_are_read_back_and_leave_the_picture_unchanged() {
        let credits = [
            credit(Some("Ann Ørsted"), Some("© 2026 Ann")),
            credit(None, Some("x")),
            credit(Some("no more than a name"), None),
        ];
        for (format, file) in [(Format::Jpeg, jpeg()), (Format::Png, png()), (Format::Webp, webp())] {
            assert_eq!(Credit::of(&file), None, "{format:?}");
            let before = image::load_from_memory(&file).ok();
            for credit in &credits {
                let written = credit.write_into(file.clone(), format).unwrap();
                assert_eq!(Credit::of(&written).as_ref(), Some(credit), "{format:?}");
                assert_eq!(image::load_from_memory(&written).ok(), before, "{format:?}");
                let source = crate::source::probe::probe(&written).unwrap();
                assert!(source.has_metadata, "{format:?}");
                assert_eq!(source.channels.has_alpha(), format != Format::Jpeg, "{format:?}");
            }
        }
    }

    #[test]
    fn a_notice_is_one_line_of_bounded_length() {
        let long = "a".repeat(5000);
        let written = credit(Some(&long), Some(" two\r\nlines\0")).write_into(jpeg(), Format::Jpeg).unwrap();
        let read = Credit::of(&written).unwrap();
        assert_eq!(read.artist.unwrap().len(), MAX_NOTICE_CHARS);
        assert_eq!(read.copyright.as_deref(), Some("twolines"));
    }

    #[test]
    fn damaged_or_foreign_files_have_no_credit() {
        let file = credit(Some("Ann"), None).write_into(jpeg(), Format::Jpeg).unwrap();
        for length in 0..file.len() {
            if let Some(found) = Credit::of(file.get(..length).unwrap()) {
                assert_eq!(found, credit(Some("Ann"), None));
            }
        }
        assert_eq!(Credit::of(b""), None);
        assert_eq!(Credit::of(b"GIF89a"), None);
    }
}
