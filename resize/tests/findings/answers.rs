//! The right answers.

use contract::format::Format;
use image::RgbaImage;
use resize::error::Error;
use resize::pipeline::Encoded;

/// Fails with the fault of a rendered file.
pub(crate) fn judge(file: &str, source: &[u8], rendered: &Result<Encoded, Error>) -> Result<(), String> {
    if let Err(Error::Internal(cause)) = rendered {
        return Err(cause.clone());
    }
    let encoded = rendered.as_ref().map_err(Error::to_string)?;
    let picture = picture(encoded)?;
    match file {
        "png_gps_after_idat.png" => without(encoded, &[b"eXIf", b"GPS"]),
        "png_text_after_idat.png"
        | "jpeg_bytes_after_eoi.jpg"
        | "jpeg_app1_before_eoi.jpg"
        | "webp_unknown_chunk.webp" => without(encoded, &[b"SECRETTRAIL"]),
        "jpeg_cut_at_half.jpg" => {
            let is_whole = encoded.bytes.ends_with(&[0xff, 0xd9]);
            holds(is_whole && encoded.bytes != source, "the cut file itself").and(upper_half(&picture))
        }
        "jpeg_arithmetic.jpg" => {
            let has = |marker: u8| encoded.bytes.windows(2).any(|pair| pair == [0xff, marker]);
            holds((has(0xc0) || has(0xc2)) && !has(0xc9) && !has(0xca), "arithmetic coding")
                .and(quarters(&picture))
        }
        "qr.png" => graphic(source, encoded, &picture),
        "red_text.jpg" => red_text(source, encoded, &picture),
        "cmyk_without_adobe.jpg" => inks(&picture),
        "pq_ramp.png" => ramp(&picture),
        "p3_white.png" => all(&picture, [255, 255, 255, 255]),
        // By lcms, perceptual.
        "p3_ramp.png" => means(&picture, [118.67, 124.13, 125.17]),
        "tiled_lzw.tif" => {
            let mean = mean(&picture, 0);
            holds((mean - 248.2).abs() < 1.5, format!("a mean of {mean}"))
        }
        "fill_order_2.tif"
        | "palette.tif"
        | "planar_tiled.tif"
        | "png_without_iend.png"
        | "jpeg_com_length_0.jpg"
        | "icon.ico"
        | "declared_png_is_jpeg.png" => quarters(&picture),
        "png_cut_in_data.png" => upper_half(&picture),
        "svg_vector_effect.svg" => {
            let at = picture.get_pixel(55, 96).0;
            let edge = picture.get_pixel(192, 38).0;
            holds(
                at[3] == 0 && edge[0] > 200 && edge[3] > 200,
                format!("{at:?} inside, {edge:?} on the edge"),
            )
        }
        "svg_rgb_slash.svg" => all(&picture, [255, 0, 0, 128]),
        "svg_css_transform.svg" => {
            let (left, right) = (picture.get_pixel(96, 96).0, picture.get_pixel(288, 96).0);
            holds(left[3] == 0 && right == GREEN, format!("{left:?}, {right:?}"))
        }
        "svg_not.svg" | "svg_root_color.svg" | "svg_css_size.svg" | "svg_var.svg" | "svg_hidden_text.svg" => {
            all(&picture, GREEN)
        }
        "svg_text.svg" => {
            let dark = picture.pixels().filter(|pixel| pixel.0[3] > 128).count();
            holds((300..20_000).contains(&dark), format!("{dark} dark pixels"))
        }
        "svg_large_viewbox.svg" => sized(&picture, (384, 543)),
        "svg_percent_size.svg" => sized(&picture, (384, 192)),
        "svg_long_comment.svg" => Ok(()),
        "gif_frame_larger_than_canvas.gif" => {
            let frames = encoded.bytes.windows(4).filter(|name| *name == b"ANMF").count();
            holds(frames == 3, format!("{frames} frames"))
        }
        _ => Err("there is no answer for it here".to_owned()),
    }
}

const GREEN: [u8; 4] = [0, 170, 0, 255];

fn holds(is_right: bool, fault: impl Into<String>) -> Result<(), String> {
    if is_right { Ok(()) } else { Err(fault.into()) }
}

fn picture(encoded: &Encoded) -> Result<RgbaImage, String> {
    let Encoded { bytes, format, width, height, .. } = encoded;
    let mut samples = vec![0; (width * height * 4) as usize];
    let raw = match format {
        Format::Webp => {
            let header = codecs::webp::read_header(bytes).map_err(|error| error.to_string())?;
            if header.is_animated {
                return Ok(RgbaImage::new(*width, *height));
            }
            codecs::webp::decode(bytes, header, codecs::webp::Layout::Rgba, &mut samples).map(drop)
        }
        Format::Avif => {
            let file = codecs::avif::open(bytes).map_err(|error| error.to_string())?;
            file.decode(codecs::avif::Layout::Rgba, &mut samples)
        }
        Format::Jpeg | Format::Png | Format::Gif => {
            return image::load_from_memory(bytes)
                .map(image::DynamicImage::into_rgba8)
                .map_err(|error| error.to_string());
        }
    };
    raw.map_err(|error| error.to_string())?;
    RgbaImage::from_raw(*width, *height, samples).ok_or_else(|| "the picture has another size".to_owned())
}

fn without(encoded: &Encoded, secrets: &[&[u8]]) -> Result<(), String> {
    let has = |secret: &&&[u8]| encoded.bytes.windows(secret.len()).any(|window| window == **secret);
    match secrets.iter().find(has) {
        Some(secret) => Err(format!("it has {}", String::from_utf8_lossy(secret))),
        None => Ok(()),
    }
}

fn sized(picture: &RgbaImage, expected: (u32, u32)) -> Result<(), String> {
    holds(picture.dimensions() == expected, format!("{:?}", picture.dimensions()))
}

fn all(picture: &RgbaImage, expected: [u8; 4]) -> Result<(), String> {
    let other = picture.pixels().find(|pixel| pixel.0.iter().zip(expected).any(|(a, b)| a.abs_diff(b) > 1));
    other.map_or(Ok(()), |pixel| Err(format!("{:?}", pixel.0)))
}

/// The colours in the middle of the four quarters.
fn middles(picture: &RgbaImage) -> [[u8; 4]; 4] {
    let (width, height) = picture.dimensions();
    [(1, 1), (3, 1), (1, 3), (3, 3)].map(|(x, y)| picture.get_pixel(width * x / 4, height * y / 4).0)
}

fn points(picture: &RgbaImage, expected: [[u8; 3]; 4], tolerance: u8) -> Result<(), String> {
    let got = middles(picture);
    let is_near = |(got, expected): (&[u8; 4], &[u8; 3])| {
        got.iter().zip(expected).all(|(a, b)| a.abs_diff(*b) <= tolerance)
    };
    holds(got.iter().zip(&expected).all(is_near), format!("{got:?}"))
}

/// Red, green, blue and nearly white. Printed inks are duller than a screen's colours.
fn inks(picture: &RgbaImage) -> Result<(), String> {
    let got = middles(picture);
    let [[r, g, b, _], [r2, g2, b2, _], [r3, g3, b3, _], white] = got;
    let is_right = r > 180 && g.max(b) < 90 && g2 > r2 && g2 > b2 && b3 > r3 && b3 > g3 && white[0] > 220;
    holds(is_right, format!("{got:?}"))
}

/// Most files show the same pattern of colours.
const PATTERN: [[u8; 3]; 4] = [[218, 166, 225], [28, 36, 35], [146, 26, 110], [95, 118, 200]];

fn quarters(picture: &RgbaImage) -> Result<(), String> {
    points(picture, PATTERN, 40)
}

fn upper_half(picture: &RgbaImage) -> Result<(), String> {
    let got = middles(picture);
    let is_near =
        |(got, expected): (&[u8; 4], &[u8; 3])| got.iter().zip(expected).all(|(a, b)| a.abs_diff(*b) <= 40);
    holds(got.iter().zip(&PATTERN).take(2).all(is_near), format!("{got:?}"))
}

fn mean(picture: &RgbaImage, channel: usize) -> f64 {
    let sum: f64 = picture.pixels().map(|pixel| f64::from(pixel.0[channel])).sum();
    sum / f64::from(picture.width() * picture.height())
}

fn means(picture: &RgbaImage, expected: [f64; 3]) -> Result<(), String> {
    let got = [0, 1, 2].map(|channel| mean(picture, channel));
    let is_near = got.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.05);
    holds(is_near, format!("means of {got:?}, not {expected:?}"))
}

fn ramp(picture: &RgbaImage) -> Result<(), String> {
    let reds = [160, 320, 480, 633].map(|x| picture.get_pixel(x, 32).0[0]);
    let is_near = reds.iter().zip([84, 182, 232, 254_u8]).all(|(a, b)| a.abs_diff(b) <= 6);
    holds(is_near, format!("{reds:?}"))
}

fn graphic(source: &[u8], encoded: &Encoded, picture: &RgbaImage) -> Result<(), String> {
    let original = image::load_from_memory(source).map_err(|error| error.to_string())?.into_rgba8();
    let bytes = encoded.bytes.len();
    holds(bytes <= 1429 && *picture == original, format!("{bytes} bytes of {:?}", encoded.format))
}

fn red_text(source: &[u8], encoded: &Encoded, picture: &RgbaImage) -> Result<(), String> {
    let original = image::load_from_memory(source).map_err(|error| error.to_string())?.into_rgba8();
    let squares = original.pixels().zip(picture.pixels()).flat_map(|(a, b)| {
        [0, 1, 2].map(|channel| (f64::from(a.0[channel]) - f64::from(b.0[channel])).powi(2))
    });
    let rms = (squares.sum::<f64>() / f64::from(3 * original.width() * original.height())).sqrt();
    let bytes = encoded.bytes.len();
    holds(rms <= 3.0 && bytes <= 20_000, format!("{bytes} bytes, and a difference of {rms}"))
}
