//! Writes notices into encoded variants: how the picture was made, always, and its authors if the policy says so. All other
//! metadata is left out of variants: locations, serial numbers, thumbnails, comments.

use std::io::Cursor;

use contract::format::Format;
use exif::experimental::Writer;
use exif::{Field, In, Tag, Value};
use img_parts::jpeg::{Jpeg, JpegSegment};
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;
use img_parts::{Bytes, ImageEXIF};

use crate::error::Error;
use crate::source::notices::Notices;

/// The start of XMP in a segment of a JPEG (XMP specification part 3, section 1.1.3).
const JPEG_XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// The start of XMP in a chunk of a PNG: the keyword, no compression, no language, no translation.
const PNG_XMP: &[u8] = b"XML:com.adobe.xmp\0\0\0\0\0";

const JPEG_APP0: u8 = 0xe0;
const JPEG_APP1: u8 = 0xe1;

/// Adds notices to an encoded variant.
pub(crate) fn with_notices(file: Vec<u8>, notices: &Notices, format: Format) -> Result<Vec<u8>, Error> {
    let (exif, xmp) = (exif(notices)?, xmp(notices));
    let unreadable = |error: img_parts::Error| Error::Internal(format!("a variant's own container: {error}"));
    match format {
        Format::Jpeg => {
            let mut jpeg = Jpeg::from_bytes(file.into()).map_err(unreadable)?;
            let content = Bytes::from([JPEG_XMP, xmp.as_bytes()].concat());
            let first = jpeg.segments().first().is_some_and(|segment| segment.marker() == JPEG_APP0);
            let segment = JpegSegment::new_with_contents(JPEG_APP1, content);
            jpeg.segments_mut().insert(usize::from(first), segment);
            jpeg.set_exif(exif.map(Bytes::from));
            Ok(jpeg.encoder().bytes().to_vec())
        }
        Format::Png => {
            let mut png = Png::from_bytes(file.into()).map_err(unreadable)?;
            let content = Bytes::from([PNG_XMP, xmp.as_bytes()].concat());
            png.chunks_mut().insert(1, PngChunk::new(*b"iTXt", content));
            png.set_exif(exif.map(Bytes::from));
            Ok(png.encoder().bytes().to_vec())
        }
        Format::Webp => {
            let mut webp = WebP::from_bytes(file.into()).map_err(unreadable)?;
            webp.chunks_mut().push(RiffChunk::new(*b"XMP ", RiffContent::Data(xmp.into())));
            // This also announces the chunks in the header.
            webp.set_exif(exif.map(Bytes::from));
            Ok(webp.encoder().bytes().to_vec())
        }
        Format::Avif => codecs::avif::with_metadata(&file, exif.as_deref(), xmp.as_bytes())
            .ok_or_else(|| Error::Internal("a variant's own container can't be read".to_owned())),
        Format::Gif => Ok(gif_with_xmp(file, &xmp)),
    }
}

/// The authors as an EXIF block: a TIFF header and one directory. `None` without authors.
fn exif(notices: &Notices) -> Result<Option<Vec<u8>>, Error> {
    let field = |tag, notice: &String| {
        let value = Value::Ascii(vec![notice.clone().into_bytes()]);
        Field { tag, ifd_num: In::PRIMARY, value }
    };
    let artist = notices.artist.as_ref().map(|artist| field(Tag::Artist, artist));
    let copyright = notices.copyright.as_ref().map(|copyright| field(Tag::Copyright, copyright));
    if artist.is_none() && copyright.is_none() {
        return Ok(None);
    }
    let mut writer = Writer::new();
    artist.iter().chain(&copyright).for_each(|field| writer.push_field(field));
    let mut block = Cursor::new(Vec::new());
    writer
        .write(&mut block, false)
        .map_err(|error| Error::Internal(format!("EXIF could not be written: {error}")))?;
    Ok(Some(block.into_inner()))
}

/// All notices as a packet of XMP.
fn xmp(notices: &Notices) -> String {
    let list = |name: &str, list: &str, language: &str, text: &Option<String>| {
        let item =
            |text| format!("<{name}><rdf:{list}><rdf:li{language}>{text}</rdf:li></rdf:{list}></{name}>");
        text.as_deref().map(escaped).map(item).unwrap_or_default()
    };
    let artist = list("dc:creator", "Seq", "", &notices.artist);
    let copyright = list("dc:rights", "Alt", " xml:lang=\"x-default\"", &notices.copyright);
    let credit = |text: &str| format!("<photoshop:Credit>{}</photoshop:Credit>", escaped(text));
    let credit = notices.credit.as_deref().map(credit).unwrap_or_default();
    let source_type = |term: &str| {
        format!(
            "<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/{term}\
             </Iptc4xmpExt:DigitalSourceType>"
        )
    };
    let source_type = notices.source_type.map(source_type).unwrap_or_default();
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" \
         xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\">{artist}{copyright}{credit}{source_type}\
         </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Adds an application extension before the end of a GIF. Readers that look for sub-blocks skip the packet by the bytes behind it
/// (XMP specification part 3, section 1.1.2).
fn gif_with_xmp(mut file: Vec<u8>, xmp: &str) -> Vec<u8> {
    const TRAILER: u8 = 0x3b;
    if file.last() == Some(&TRAILER) {
        file.pop();
    }
    file.extend(b"\x21\xff\x0bXMP DataXMP");
    file.extend(xmp.as_bytes());
    file.push(1);
    file.extend((0..=u8::MAX).rev());
    file.extend([0, TRAILER]);
    file
}

#[cfg(test)]
mod tests;
