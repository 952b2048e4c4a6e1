//! Pictures of the kinds that folders of photos lack.

use std::error::Error as StdError;
use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;

use image::{DynamicImage, ImageFormat};

use super::{Picture, night, rendered};

const FACE: &[u8] = include_bytes!("face.svg");

/// Text in the scripts of the built-in fonts.
const TEXT: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='360' height='240'>\
    <rect width='360' height='240' fill='#fffbe8'/><g font-size='40' fill='#223'>\
    <text x='20' y='56' font-family='Arial'>Hamburg fonts</text>\
    <text x='20' y='112' font-family='Times New Roman' font-style='italic'>Ελληνικά γράμματα</text>\
    <text x='20' y='168' font-family='Courier New' font-weight='bold'>Кириллица</text>\
    <text x='20' y='224' fill='#b02020'>עברית ☂ ➜</text></g></svg>";

/// All pictures, with the names of their kinds.
pub(super) fn pictures() -> Result<Vec<Picture>, Box<dyn StdError>> {
    let mut pictures = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| pictures.push(Picture { name: name.to_owned(), bytes });
    add("a drawing with a face", FACE.to_vec());
    add("text", TEXT.as_bytes().to_vec());
    let night = rendered(night::drawing(1920, 1280).as_bytes(), "fm=png")??;
    add("a night, for light=linear", night.bytes);
    add("a PDF of two pages", document().into_bytes());
    add("HDR: a PNG in PQ of 0 to 1000 cd/m², and a ramp in sRGB below", hdr()?);
    add("a JPEG with a gain map", with_gain_map()?);
    for name in ["quarters", "turned", "grid", "alpha", "display-p3"] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../codecs/fixtures/{name}.heic"));
        add(&format!("HEIC: {name}"), std::fs::read(file)?);
    }
    add("a PNG logo, which is the mark", logo()?);
    for (name, whole) in formats()? {
        let cut = whole.get(..whole.len() * 6 / 10).unwrap_or_default().to_vec();
        add(name, whole);
        add(&format!("{name}, cut after six tenths"), cut);
    }
    Ok(pictures)
}

/// The name of a format, and a file.
type Named = (&'static str, Vec<u8>);

/// The drawing with a face in each format whose files may be cut.
fn formats() -> Result<Vec<Named>, Box<dyn StdError>> {
    let variant =
        |options: &str| -> Result<Vec<u8>, Box<dyn StdError>> { Ok(rendered(FACE, options)??.bytes) };
    let picture = image::load_from_memory(&variant("w=480,fm=png")?)?;
    let written = |picture: &DynamicImage, format| -> Result<Vec<u8>, Box<dyn StdError>> {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, format)?;
        Ok(file.into_inner())
    };
    let colors = picture.to_rgb8();
    let icon = picture.crop_imm(240, 0, 240, 240).into_rgba8();
    Ok(vec![
        ("JPEG", variant("w=480,fm=jpeg")?),
        ("PNG", variant("w=480,fm=png")?),
        ("WebP", variant("w=480,fm=webp")?),
        ("lossless WebP", variant("w=480,lossless=1,fm=webp")?),
        ("AVIF", variant("w=480,fm=avif")?),
        ("GIF", variant("w=480,fm=gif")?),
        ("TIFF", tiff(&colors)?),
        ("BMP", written(&picture, ImageFormat::Bmp)?),
        ("an icon of 32 bits", icon_of(&icon)),
        ("JPEG XL", jxl(&colors)?),
    ])
}

fn tiff(picture: &image::RgbImage) -> Result<Vec<u8>, Box<dyn StdError>> {
    let mut file = Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut file)?;
    let mut writer =
        encoder.new_image::<tiff::encoder::colortype::RGB8>(picture.width(), picture.height())?;
    writer.rows_per_strip(16)?;
    writer.write_data(picture.as_raw())?;
    Ok(file.into_inner())
}

fn jxl(picture: &image::RgbImage) -> Result<Vec<u8>, Box<dyn StdError>> {
    use zune_core::{bit_depth::BitDepth, colorspace::ColorSpace, options::EncoderOptions};
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let options = EncoderOptions::new(width, height, ColorSpace::RGB, BitDepth::Eight);
    let mut file = Vec::new();
    zune_jpegxl::JxlSimpleEncoder::new(picture.as_raw(), options)
        .encode(&mut file)
        .map_err(|error| format!("{error:?}"))?;
    Ok(file)
}

/// An icon whose picture is a bitmap and not a PNG.
fn icon_of(picture: &image::RgbaImage) -> Vec<u8> {
    let (width, height) = (picture.width(), picture.height());
    let mut bitmap = Vec::new();
    for number in [40, width, height * 2, 1 | 32 << 16, 0, 0, 0, 0, 0, 0] {
        bitmap.extend(number.to_le_bytes());
    }
    for row in picture.rows().rev() {
        bitmap.extend(row.flat_map(|image::Rgba([red, green, blue, alpha])| [*blue, *green, *red, *alpha]));
    }
    bitmap.resize(bitmap.len() + (width.div_ceil(32) * 4 * height) as usize, 0);
    let mut file = vec![0, 0, 1, 0, 1, 0, width as u8, height as u8, 0, 0, 1, 0, 32, 0];
    file.extend((bitmap.len() as u32).to_le_bytes());
    file.extend([22, 0, 0, 0]);
    file.extend(bitmap);
    file
}

/// A red disc and a white bar, transparent around.
pub(super) fn logo() -> Result<Vec<u8>, Box<dyn StdError>> {
    let picture = image::RgbaImage::from_fn(200, 80, |x, y| {
        if x.abs_diff(40).pow(2) + y.abs_diff(40).pow(2) < 38 * 38 {
            image::Rgba([230, 60, 40, 255])
        } else if x > 92 && (24..56).contains(&y) {
            image::Rgba([255; 4])
        } else {
            image::Rgba([0; 4])
        }
    });
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png)?;
    Ok(file.into_inner())
}

/// Rows of light that rises to the right: as PQ above, and in three colours below.
fn hdr() -> Result<Vec<u8>, Box<dyn StdError>> {
    const WIDTH: u32 = 480;
    const BAND: u32 = 80;
    let mut samples = Vec::new();
    for y in 0..4 * BAND {
        for x in 0..WIDTH {
            let sample = (pq(1000.0 * f64::from(x) / f64::from(WIDTH - 1)) * 65535.0).round() as u16;
            let color = match y / BAND {
                0 => [sample; 3],
                1 => [sample, 0, 0],
                2 => [0, sample, 0],
                _ => [0, 0, sample],
            };
            samples.extend(color.into_iter().flat_map(u16::to_be_bytes));
        }
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, WIDTH, 4 * BAND);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Sixteen);
    let mut writer = encoder.write_header()?;
    writer.write_chunk(png::chunk::ChunkType(*b"cICP"), &[9, 16, 0, 1])?;
    writer.write_image_data(&samples)?;
    writer.finish()?;
    Ok(file)
}

/// The sample of PQ (SMPTE ST 2084) for a luminance in cd/m², 0 to 1.
fn pq(luminance: f64) -> f64 {
    let power = (luminance / 10_000.0).powf(2610.0 / 16384.0);
    ((3424.0 / 4096.0 + 2413.0 / 128.0 * power) / (1.0 + 2392.0 / 128.0 * power)).powf(2523.0 / 32.0)
}

/// A JPEG whose gain map, a second JPEG, follows it.
fn with_gain_map() -> Result<Vec<u8>, Box<dyn StdError>> {
    let base = rendered(FACE, "w=480,fm=jpeg")??.bytes;
    let map = rendered(FACE, "w=120,blur=200,fm=jpeg")??.bytes;
    let packet = "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
        xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
        xmlns:hdrgm='http://ns.adobe.com/hdr-gain-map/1.0/' hdrgm:Version='1.0'/></rdf:RDF></x:xmpmeta>";
    let length = (packet.len() as u16 + 2).to_be_bytes();
    let (start, rest) = base.split_at(2);
    Ok([start, &[0xff, 0xe1], &length, packet.as_bytes(), rest, &map].concat())
}

/// A document of two pages: text, and bars.
fn document() -> String {
    let bars: Vec<String> =
        (0..5).map(|bar| format!("{} 300 60 {} re f", 60 + 90 * bar, 120 + 40 * bar)).collect();
    let pages = [
        "BT /F 64 Tf 60 640 Td (Annual report) Tj /F 24 Tf 0 -60 Td (Page 1 of 2) Tj ET".to_owned(),
        format!(
            "BT /F 36 Tf 60 720 Td (Pictures served, in millions) Tj ET 0.15 0.4 0.75 rg {}",
            bars.join(" ")
        ),
    ];
    let font = "<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>";
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 2/Kids[3 0 R 5 0 R]/MediaBox[0 0 595 842]>>".to_owned(),
    ];
    for (number, page) in pages.iter().enumerate() {
        let contents = 4 + 2 * number;
        objects.push(format!("<</Type/Page/Parent 2 0 R/Contents {contents} 0 R/Resources{font}>>"));
        objects.push(format!("<</Length {}>>stream\n{page}\nendstream", page.len()));
    }
    let mut file = "%PDF-1.7\n".to_owned();
    let mut places = vec!["0000000000 65535 f ".to_owned()];
    for (number, content) in objects.iter().enumerate() {
        places.push(format!("{:010} 00000 n ", file.len()));
        let _ = write!(file, "{} 0 obj\n{content}\nendobj\n", number + 1);
    }
    let (count, start) = (places.len(), file.len());
    let trailer = format!("trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    format!("{file}xref\n0 {count}\n{}\n{trailer}", places.join("\n"))
}
