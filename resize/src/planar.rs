//! The way of a picture that is stored as luma and chroma: its planes are decoded, resampled and turned by
//! themselves. JPEG, WebP and AVIF are encoded from them, so that no colours are converted and chroma is never made
//! finer only to be thrown away; whatever needs red, green and blue gets them at the variant's size.

mod decoded;

use codecs::View;
use codecs::planes::{Range, Sampling};
use contract::format::Format;

use crate::encode::auto_quality::choose;
use crate::encode::auto_quality::features::Features;
use crate::error::Error;
use crate::pixels::planes::Planes;
use crate::pixels::{Pixels, Size};
use crate::plan::Plan;
use crate::plan::jpeg::JpegPlan;
use crate::source::info::{SourceFormat, SourceInfo};
use crate::source::profile::is_srgb;
use crate::steps::orient::orient;
use crate::steps::scale::resample;
pub(crate) use decoded::webp_bytes;
pub use decoded::{Decoded, Shown, decode};

/// How a picture is handled in planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planar {
    /// What the decoder's values mean.
    pub range: Range,
    /// Chroma is resampled to this: half where the encoder takes planes, full where pixels are made of them.
    pub resampled: Sampling,
}

impl Planar {
    /// Whether and how a variant of this source in `format` is made by way of planes.
    pub fn new(source: &SourceInfo, jpeg: Option<JpegPlan>, format: Format) -> Option<Self> {
        let range = match source.format {
            SourceFormat::Jpeg(_) if jpeg.is_some_and(JpegPlan::is_planar) => Range::Full,
            SourceFormat::Webp(header) if !header.has_alpha && !header.is_lossless => Range::Limited,
            SourceFormat::Webp(_)
            | SourceFormat::Jpeg(_)
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
        Some(Self { range, resampled })
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
}

/// Resamples each plane to its planned size.
pub fn scale(decoded: Decoded, plan: &Plan, planar: Planar) -> Result<Planes, Error> {
    let size = plan.resampled;
    let (width, height) = planar.resampled.chroma_size(size.width(), size.height());
    let chroma_size = Size::new(width, height).unwrap_or(size);
    let resampled = |(plane, shown): Shown, size| resample(plane, shown, size);
    Ok(Planes {
        luma: resampled(decoded.luma, size)?,
        cb: resampled(decoded.cb, chroma_size)?,
        cr: resampled(decoded.cr, chroma_size)?,
        range: planar.range,
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
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::decode;
    use crate::pipeline::render;
    use crate::settings::{JpegDecoder, Settings};
    use crate::source::probe::probe;
    use crate::steps::scale;
    use crate::stopwatch::Stopwatch;
    use codecs::jpeg::Layout;
    use contract::limits::Limits;
    use contract::policy::DefaultQualities;
    use contract::variant::Quality;

    fn settings() -> Settings {
        let qualities = DefaultQualities { jpeg: Quality::MAX, webp: Quality::MAX, avif: Quality::MAX };
        Settings {
            limits: Limits::default(),
            qualities,
            avif_budget: Duration::from_millis(100),
            jpeg_decoder: JpegDecoder::Own,
            profile: contract::policy::Profile::Standard,
            keeps_credit: false,
        }
    }

    fn watch() -> Stopwatch {
        Stopwatch::start(Instant::now, Duration::from_mins(1))
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
            let by_pixels =
                scale::scale(decode::decode(&bytes, &source, &plan, &watch()).unwrap(), &plan).unwrap();
            let full = plan.planar.unwrap().to_pixels();
            let planes =
                scale(super::decode(&bytes, &source, &plan, &watch()).unwrap(), &plan, full).unwrap();
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
            let made = render(&bytes, &variant.parse().unwrap(), &settings(), watch()).unwrap();
            let source = probe(&made.bytes).unwrap();
            let plan = Plan::new(&source, &"fm=png".parse().unwrap(), &settings());
            let pixels = decode::decode(&made.bytes, &source, &plan, &watch()).unwrap();
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
    fn decoding_stops_when_nobody_waits_any_more() {
        let bytes = photo(64, 48);
        let source = probe(&bytes).unwrap();
        let plan = Plan::new(&source, &"w=32,fm=png".parse().unwrap(), &settings());
        let check = |is_abandoned: bool, expected: Option<Error>| {
            let watch = watch().unless(Arc::new(AtomicBool::new(is_abandoned)));
            assert_eq!(super::decode(&bytes, &source, &plan, &watch).err(), expected);
        };
        check(false, None);
        check(true, Some(Error::Abandoned));
    }

    #[test]
    fn planes_reach_the_encoder_unless_it_needs_pixels() {
        let check = |source: &SourceInfo, variant: &str, expected: Option<bool>| {
            let plan = Plan::new(source, &variant.parse().unwrap(), &settings());
            assert_eq!(plan.planar.map(Planar::is_to_the_end), expected, "{variant}");
        };
        let plain = probe(&photo(64, 48)).unwrap();
        check(&plain, "fm=jpeg", Some(true));
        check(&plain, "fm=webp", Some(true));
        check(&plain, "fm=avif", Some(true));
        check(&plain, "fm=png", Some(false));
        check(&plain, "lossless=1,fm=webp", Some(false));
        check(&plain, "blur=5,fm=webp", Some(false));
        let p3 = moxcms::ColorProfile::new_display_p3().encode().unwrap();
        check(&SourceInfo { profile: Some(p3), ..plain }, "fm=jpeg", Some(false));
        let gray =
            codecs::jpeg::encode(View { samples: &[9; 64], width: 8, height: 8 }, Layout::Gray, 90).unwrap();
        check(&probe(&gray).unwrap(), "fm=jpeg", None);
    }
}
