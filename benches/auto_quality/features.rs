//! Computes the features of pictures for `calibrate.py`. It reads a path per line from standard input, and writes a line of
//! JSON for each.

use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

use contract::limits::Limits;
use contract::policy::DefaultQualities;
use contract::variant::{Quality, Variant};
use resize::decode::decode_pixels;
use resize::encode::auto_quality::features::Features;
use resize::plan::Plan;
use resize::settings::{JpegDecoder, Settings};
use resize::source::Source;
use resize::stopwatch::Stopwatch;
use serde_json::{Value, json};

fn main() -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    for path in std::io::stdin().lock().lines() {
        let answer = features(&path?).unwrap_or_else(|reason| json!({ "error": reason }));
        writeln!(stdout, "{answer}")?;
        stdout.flush()?;
    }
    Ok(())
}

fn features(path: &str) -> Result<Value, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let settings = settings();
    let source = Source::open(&bytes, &settings.limits).map_err(|error| error.to_string())?;
    let variant: Variant = "fm=png".parse().map_err(|error| format!("{error}"))?;
    let plan = Plan::new(&source, &variant, &settings).map_err(|error| error.to_string())?;
    let watch = Stopwatch::start(Instant::now, Duration::from_mins(1));
    let pixels = decode_pixels(&source, &plan.decode, &watch).map_err(|error| error.to_string())?;
    let Features { light, dark, saturation, chroma, coarse, curvature } = Features::of_pixels(&pixels);
    Ok(json!({
        "light": light,
        "dark": dark,
        "saturation": saturation,
        "chroma": chroma,
        "coarse": coarse,
        "curvature": curvature,
    }))
}

fn settings() -> Settings {
    let qualities = DefaultQualities { jpeg: Quality::MAX, webp: Quality::MAX, avif: Quality::MAX };
    Settings {
        limits: Limits::default(),
        qualities,
        avif_budget: Duration::ZERO,
        jpeg_decoder: JpegDecoder::Own,
        profile: contract::policy::Profile::Standard,
        is_progressive: false,
        keeps_credit: false,
    }
}
