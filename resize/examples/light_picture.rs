//! Writes the picture of `docs/image-api.md` that explains `light=linear`: a part of a drawing at its own size, the whole of it
//! eight times smaller, and the same in linear light.
//!
//!     cargo run --package resize --example light_picture docs/images/light.webp

use std::error::Error as StdError;
use std::time::{Duration, Instant};

use contract::limits::Limits;
use contract::policy::{DefaultQualities, Profile};
use contract::variant::Quality;
use resize::pipeline::render;
use resize::settings::{JpegDecoder, Settings};
use resize::stopwatch::Stopwatch;

#[path = "contact_sheet/night.rs"]
mod night;

/// Width and height of a panel, in pixels.
const PANEL: (u32, u32) = (240, 160);

/// Pixels between panels.
const GAP: usize = 8;

/// The source's sides as multiples of a panel's.
const TIMES: u32 = 8;

/// The panels: the part of the source that is nearest, and the whole of it in both lights.
const PANELS: [&str; 3] = ["rect=840-760-240-160,fm=png", "w=240,fm=png", "w=240,light=linear,fm=png"];

fn main() -> Result<(), Box<dyn StdError>> {
    let path = std::env::args_os().nth(1).ok_or("the path of the picture is needed")?;
    let drawing = rendered(night::drawing(PANEL.0 * TIMES, PANEL.1 * TIMES).as_bytes(), "fm=png")?;
    let panels: Vec<Vec<u8>> =
        PANELS.iter().map(|panel| samples(&drawing, panel)).collect::<Result<_, _>>()?;
    let stride = PANEL.0 as usize * 3;
    let mut joined = Vec::new();
    for row in 0..PANEL.1 as usize {
        for (number, panel) in panels.iter().enumerate() {
            if number > 0 {
                joined.extend(std::iter::repeat_n(255, GAP * 3));
            }
            joined.extend_from_slice(
                panel.get(row * stride..(row + 1) * stride).ok_or("a panel is too small")?,
            );
        }
    }
    let width = (joined.len() / 3) as u32 / PANEL.1;
    let view = codecs::View { samples: &joined, width, height: PANEL.1 };
    std::fs::write(path, codecs::webp::encode(view, codecs::Layout::Rgb, 90)?)?;
    Ok(())
}

/// The samples of a variant in RGB.
fn samples(source: &[u8], variant: &str) -> Result<Vec<u8>, Box<dyn StdError>> {
    Ok(image::load_from_memory(&rendered(source, variant)?)?.into_rgb8().into_raw())
}

fn rendered(source: &[u8], variant: &str) -> Result<Vec<u8>, Box<dyn StdError>> {
    let settings = Settings {
        limits: Limits::default(),
        qualities: DefaultQualities { jpeg: Quality::MAX, webp: Quality::MAX, avif: Quality::MAX },
        avif_budget: Duration::ZERO,
        jpeg_decoder: JpegDecoder::Own,
        profile: Profile::Standard,
        is_progressive: false,
        keeps_credit: false,
    };
    let watch = Stopwatch::start(Instant::now, Duration::from_mins(1));
    Ok(render(source, &variant.parse()?, &settings, watch)?.bytes)
}
