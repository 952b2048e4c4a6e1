//! Tintype as a worker of the comparison. It reads a job per line from standard input, and writes a result per line to
//! standard output.

use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

use contract::limits::Limits;
use contract::policy::DefaultQualities;
use contract::variant::{Quality, Variant};
use resize::pipeline::{Encoded, render};
use resize::settings::{JpegDecoder, Settings};
use resize::stopwatch::Stopwatch;
use serde_json::{Value, json};

fn main() -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    let mut inputs = HashMap::new();
    writeln!(
        stdout,
        "{}",
        json!({"ready": true, "version": concat!("Tintype ", env!("CARGO_PKG_VERSION"))})
    )?;
    for line in std::io::stdin().lock().lines() {
        let answer = match serde_json::from_str(&line?) {
            Ok(job) => run(&job, &mut inputs).unwrap_or_else(|reason| json!({ "error": reason })),
            Err(error) => json!({ "error": error.to_string() }),
        };
        writeln!(stdout, "{answer}")?;
        stdout.flush()?;
    }
    Ok(())
}

/// Renders a job's variant. A job is `{"input", "width", "format", "quality"?, "ourQuality"?, "light"?, "progressive"?, "save"?}`.
fn run(job: &Value, inputs: &mut HashMap<String, Vec<u8>>) -> Result<Value, String> {
    let text = |name: &str| job.get(name).and_then(Value::as_str);
    let number = |name: &str| job.get(name).and_then(Value::as_u64);
    let input = text("input").ok_or("a job has an input")?.to_owned();
    if !inputs.contains_key(&input) {
        let bytes = std::fs::read(&input).map_err(|error| format!("{input}: {error}"))?;
        inputs.insert(input.clone(), bytes);
    }
    let bytes = inputs.get(&input).ok_or("the input was read")?;
    let quality = number("ourQuality").or(number("quality"));
    let variant = variant(number("width"), text("format"), quality, text("light"))?;
    let is_progressive = job.get("progressive").and_then(Value::as_bool).unwrap_or_default();
    let settings = Settings { is_progressive, ..settings() };

    let started = Instant::now();
    let encoded = render(bytes, &variant, &settings, Stopwatch::start(Instant::now, Duration::from_mins(1)))
        .map_err(|error| error.to_string())?;
    let ms = started.elapsed().as_secs_f64() * 1e3;

    if let Some(path) = text("save") {
        std::fs::write(path, &encoded.bytes).map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(answer(&encoded, ms))
}

fn variant(
    width: Option<u64>,
    format: Option<&str>,
    quality: Option<u64>,
    light: Option<&str>,
) -> Result<Variant, String> {
    let width = width.ok_or("a job has a width")?;
    let quality = quality.map(|quality| format!("q={quality},")).unwrap_or_default();
    let light = light.map(|light| format!("light={light},")).unwrap_or_default();
    let text = format!("w={width},{light}{quality}fm={}", format.ok_or("a job has a format")?);
    text.parse().map_err(|error| format!("{text}: {error}"))
}

fn settings() -> Settings {
    let qualities = DefaultQualities { jpeg: Quality::MAX, webp: Quality::MAX, avif: Quality::MAX };
    Settings {
        limits: Limits::default(),
        qualities,
        avif_budget: std::time::Duration::ZERO,
        jpeg_decoder: JpegDecoder::Own,
        profile: contract::policy::Profile::Standard,
        is_progressive: false,
        keeps_credit: false,
    }
}

fn answer(encoded: &Encoded, ms: f64) -> Value {
    let steps: serde_json::Map<String, Value> = encoded
        .laps
        .iter()
        .map(|(step, lap)| (step.name().to_owned(), json!(lap.as_secs_f64() * 1e3)))
        .collect();
    json!({
        "ms": ms,
        "bytes": encoded.bytes.len(),
        "width": encoded.width,
        "height": encoded.height,
        "steps": steps,
    })
}
