//! The way of a picture that is stored as luma and chroma: its planes are decoded, resampled and turned by
//! themselves. JPEG, WebP and AVIF are encoded from them, so that no colours are converted and chroma is never made
//! finer only to be thrown away; whatever needs red, green and blue gets them at the variant's size.

pub mod planes;

use codecs::View;
use codecs::planes::{PlanesMut, Range, Sampling};
use contract::format::Format;

use crate::auto_quality::choose;
use crate::auto_quality::features::Features;
use crate::color::is_srgb;
use crate::decode::admit_mended;
use crate::error::Error;
use crate::geometry::Rect;
use crate::orient::orient;
use crate::pixels::{Pixels, Size};
use crate::plan::Plan;
use crate::scale::resample;
use crate::source::{SourceFormat, SourceInfo};
use planes::Planes;

/// How a picture is handled in planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planar {
    /// How coarse the decoder's chroma is.
    pub decoded: Sampling,
    /// What the decoder's values mean.
    pub range: Range,
    /// Chroma is resampled to this: half where the encoder takes planes, full where pixels are made of them.
    pub resampled: Sampling,
}

impl Planar {
    /// Whether and how a variant of this source in `format` is made by way of planes.
    pub fn new(source: &SourceInfo, format: Format) -> Option<Self> {
        let (decoded, range) = match source.format {
            SourceFormat::Jpeg { header, .. } => (header.sampling?, Range::Full),
            SourceFormat::Webp(header) if !header.has_alpha && !header.is_lossless => {
                (Sampling::Half, Range::Limited)
            }
            SourceFormat::Webp(_)
            | SourceFormat::Png
            | SourceFormat::Gif
            | SourceFormat::Avif(_)
            | SourceFormat::Tiff
            | SourceFormat::Bmp
            | SourceFormat::Ico
            | SourceFormat::Svg
            | SourceFormat::Jxl => return None,
        };
        let is_srgb = source.profile.as_deref().is_none_or(is_srgb);
        let resampled = match format {
            Format::Jpeg | Format::Webp | Format::Avif if is_srgb => Sampling::Half,
            Format::Jpeg | Format::Webp | Format::Avif | Format::Png | Format::Gif => Sampling::Full,
        };
        Some(Self { decoded, range, resampled })
    }

    /// The same until the picture has its size; what is done to it then needs red, green and blue.
    #[must_use]
    pub fn to_pixels(self) -> Self {
        Self { resampled: Sampling::Full, ..self }
    }

    /// Whether the encoder is given planes.
    pub fn is_to_the_end(self) -> bool {
        self.resampled == Sampling::Half
    }

    /// The bytes of the decoded planes of a picture of `decoded`.
    pub fn decoded_bytes(self, decoded: Size) -> u64 {
        let (luma, chroma) = self.buffer_sizes(decoded);
        luma.pixels() + 2 * chroma.pixels()
    }

    /// The sizes of the buffers for luma and chroma of a decoded picture: luma of whole samples of chroma, since
    /// libjpeg-turbo fills so many.
    fn buffer_sizes(self, decoded: Size) -> (Size, Size) {
        let (across, down) = self.decoded.factors();
        let (width, height) = self.decoded.chroma_size(decoded.width(), decoded.height());
        let size = |width, height| Size::new(width, height).unwrap_or(decoded);
        match self.range {
            Range::Full => (size(width * across, height * down), size(width, height)),
            Range::Limited => (decoded, size(width, height)),
        }
    }
}

/// Decodes a source to planes as its plan says.
pub fn decode(bytes: &[u8], source: &SourceInfo, plan: &Plan, planar: Planar) -> Result<Planes, Error> {
    let (luma, chroma) = planar.buffer_sizes(plan.decoded);
    let mut planes = Planes::black(luma, chroma, planar.range);
    let buffers = &mut PlanesMut {
        luma: &mut planes.luma.samples,
        cb: &mut planes.cb.samples,
        cr: &mut planes.cr.samples,
    };
    match source.format {
        SourceFormat::Jpeg { header, .. } => {
            admit_mended(codecs::jpeg::planes::decode(bytes, header, plan.scale, buffers)?, bytes)?;
        }
        SourceFormat::Webp(header) => codecs::webp::planes::decode(bytes, header, buffers)?,
        SourceFormat::Png
        | SourceFormat::Gif
        | SourceFormat::Avif(_)
        | SourceFormat::Tiff
        | SourceFormat::Bmp
        | SourceFormat::Ico
        | SourceFormat::Svg
        | SourceFormat::Jxl => {
            return Err(Error::Internal(format!("{:?} has no planes", source.format)));
        }
    }
    Ok(planes)
}

/// Resamples each plane to its planned size.
pub fn scale(planes: Planes, plan: &Plan, planar: Planar) -> Result<Planes, Error> {
    let (across, down) = planar.decoded.factors();
    let shown = plan.shown;
    // Chroma's own part of the picture, which may begin and end between its samples too.
    let shown_chroma = Rect {
        left: shown.left / f64::from(across),
        top: shown.top / f64::from(down),
        width: shown.width / f64::from(across),
        height: shown.height / f64::from(down),
    };
    let size = plan.resampled;
    let (width, height) = planar.resampled.chroma_size(size.width(), size.height());
    let chroma_size = Size::new(width, height).unwrap_or(size);
    Ok(Planes {
        luma: resample(planes.luma, shown, size)?,
        cb: resample(planes.cb, shown_chroma, chroma_size)?,
        cr: resample(planes.cr, shown_chroma, chroma_size)?,
        range: planes.range,
    })
}

/// The planes turned upright.
pub fn turn(planes: Planes, plan: &Plan) -> Planes {
    Planes {
        luma: orient(planes.luma, plan.orientation),
        cb: orient(planes.cb, plan.orientation),
        cr: orient(planes.cr, plan.orientation),
        range: planes.range,
    }
}

/// Encodes planes whose chroma has half the size.
pub fn encode(planes: &Planes, plan: &Plan) -> Result<Vec<u8>, Error> {
    let views = codecs::planes::Planes {
        luma: view(&planes.luma),
        cb: view(&planes.cb),
        cr: view(&planes.cr),
        range: planes.range,
    };
    let quality = choose(plan.quality, plan.format, || Features::of_planes(planes));
    match plan.format {
        Format::Jpeg => Ok(codecs::jpeg::planes::encode(views, quality)?),
        Format::Webp => Ok(codecs::webp::planes::encode(views, quality)?),
        Format::Avif => Ok(codecs::avif::encode_planes(views, quality)?),
        Format::Png | Format::Gif => {
            Err(Error::Internal("PNG and GIF are not encoded from planes".to_owned()))
        }
    }
}

fn view(plane: &Pixels) -> View<'_> {
    View { samples: &plane.samples, width: plane.size.width(), height: plane.size.height() }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::decode;
    use crate::limits::Limits;
    use crate::pipeline::{Settings, render};
    use crate::scale;
    use crate::source::probe;
    use crate::stopwatch::Stopwatch;
    use codecs::jpeg::Layout;
    use contract::policy::DefaultQualities;
    use contract::variant::Quality;

    fn settings() -> Settings {
        let qualities = DefaultQualities { jpeg: Quality::MAX, webp: Quality::MAX, avif: Quality::MAX };
        Settings {
            limits: Limits::default(),
            qualities,
            avif_budget: Duration::from_millis(100),
            keeps_credit: false,
        }
    }

    /// Colours that change slowly, in every direction.
    fn photo(width: u32, height: u32) -> Vec<u8> {
        let samples: Vec<u8> = (0..height)
            .flat_map(|y| {
                (0..width).flat_map(move |x| [40 + x / 2, 200 - y / 2, 60 + (x + y) / 4].map(|n| n as u8))
            })
            .collect();
        codecs::jpeg::encode(View { samples: &samples, width, height }, Layout::Rgb, 95).unwrap()
    }

    fn webp_photo(width: u32, height: u32) -> Vec<u8> {
        let samples: Vec<u8> = (0..height)
            .flat_map(|y| {
                (0..width).flat_map(move |x| [40 + x / 2, 200 - y / 2, 60 + (x + y) / 4].map(|n| n as u8))
            })
            .collect();
        codecs::webp::encode(View { samples: &samples, width, height }, codecs::webp::Layout::Rgb, 95)
            .unwrap()
    }

    #[test]
    fn a_picture_looks_the_same_by_way_of_planes_and_of_pixels() {
        let check = |bytes: Vec<u8>, variant: &str| {
            let source = probe(&bytes).unwrap();
            let plan = Plan::new(&source, &variant.parse().unwrap(), &settings());
            let by_pixels = scale::scale(decode::decode(&bytes, &source, &plan).unwrap(), &plan).unwrap();
            let planar = plan.planar.unwrap();
            let full = Planar { resampled: Sampling::Full, ..planar };
            let planes = scale(super::decode(&bytes, &source, &plan, full).unwrap(), &plan, full).unwrap();
            let by_planes = planes.into_rgb();
            assert_eq!(by_planes.size, by_pixels.size);
            let worst = by_planes.samples.iter().zip(&by_pixels.samples).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(worst <= Some(6), "{variant}: {worst:?}");
        };
        for (width, height) in [(320, 240), (301, 199)] {
            check(photo(width, height), "w=64,fm=png");
            check(photo(width, height), "w=77,h=51,fit=crop,fm=png");
            check(photo(width, height), "fm=png");
            check(webp_photo(width, height), "w=63,fm=png");
        }
    }

    #[test]
    fn every_format_made_of_planes_shows_the_source_s_colours() {
        let check = |bytes: Vec<u8>, variant: &str| {
            let watch = Stopwatch::start(Instant::now, Duration::from_mins(1));
            let made = render(&bytes, &variant.parse().unwrap(), &settings(), watch).unwrap();
            let source = probe(&made.bytes).unwrap();
            let plan = Plan::new(&source, &"fm=png".parse().unwrap(), &settings());
            let pixels = decode::decode(&made.bytes, &source, &plan).unwrap();
            let (across, down) = (f64::from(made.width), f64::from(made.height));
            for (x, y) in [(0.1, 0.1), (0.5, 0.5), (0.9, 0.2), (0.2, 0.9)] {
                let at = ((y * down) as usize * made.width as usize + (x * across) as usize) * 3;
                let expected = [40.0 + 150.5 * x, 200.0 - 99.5 * y, 60.0 + (301.0 * x + 199.0 * y) / 4.0];
                for (got, expected) in pixels.samples[at..at + 3].iter().zip(expected) {
                    assert!(
                        (f64::from(*got) - expected).abs() < 9.0,
                        "{variant}: {:?}",
                        &pixels.samples[at..at + 3]
                    );
                }
            }
        };
        for variant in [
            "w=100,fm=jpeg",
            "w=101,fm=webp",
            "w=99,fm=png",
            "fm=webp",
            "w=301,fm=jpeg",
            "w=101,fm=avif",
            "fm=avif",
        ] {
            check(photo(301, 199), variant);
            check(webp_photo(301, 199), variant);
        }
    }

    #[test]
    fn planes_reach_the_encoder_unless_it_needs_pixels() {
        let check = |source: &SourceInfo, format: Format, expected: Option<bool>| {
            assert_eq!(Planar::new(source, format).map(Planar::is_to_the_end), expected, "{format:?}");
        };
        let plain = probe(&photo(64, 48)).unwrap();
        check(&plain, Format::Jpeg, Some(true));
        check(&plain, Format::Webp, Some(true));
        check(&plain, Format::Avif, Some(true));
        check(&plain, Format::Png, Some(false));
        let p3 = moxcms::ColorProfile::new_display_p3().encode().unwrap();
        check(&SourceInfo { profile: Some(p3), ..plain }, Format::Jpeg, Some(false));
        let gray =
            codecs::jpeg::encode(View { samples: &[9; 64], width: 8, height: 8 }, Layout::Gray, 90).unwrap();
        check(&probe(&gray).unwrap(), Format::Jpeg, None);
    }
}
