//! oximg, as a library, as a worker of the comparison. It reads a job per line from standard input, and writes a result per
//! line to standard output.

use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::time::Instant;

use oximg::pipeline::{self, ImageFormat, Params};
use serde_json::{Value, json};

fn main() -> std::io::Result<()> {
    let version = std::env::args().nth(1).unwrap_or_default();
    let mut stdout = std::io::stdout().lock();
    let mut inputs = HashMap::new();
    writeln!(stdout, "{}", json!({"ready": true, "version": format!("oximg {version}")}))?;
    stdout.flush()?;
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

/// Renders a job's variant. A job is `{"input", "width", "format", "quality"?, "save"?}`.
fn run(job: &Value, inputs: &mut HashMap<String, Vec<u8>>) -> Result<Value, String> {
    let text = |name: &str| job.get(name).and_then(Value::as_str);
    let input = text("input").ok_or("a job has an input")?.to_owned();
    if !inputs.contains_key(&input) {
        let bytes = std::fs::read(&input).map_err(|error| format!("{input}: {error}"))?;
        inputs.insert(input.clone(), bytes);
    }
    let bytes = inputs.get(&input).ok_or("the input was read")?;
    let params = params(job)?;

    let started = Instant::now();
    let (encoded, _) = pipeline::process(bytes, &params).map_err(|error| error.to_string())?;
    let ms = started.elapsed().as_secs_f64() * 1e3;

    let (_, width, height) = pipeline::probe(&encoded).map_err(|error| error.to_string())?;
    if let Some(path) = text("save") {
        std::fs::write(path, &encoded).map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(json!({"ms": ms, "bytes": encoded.len(), "width": width, "height": height}))
}

fn params(job: &Value) -> Result<Params, String> {
    let width = job.get("width").and_then(Value::as_u64).ok_or("a job has a width")?;
    let format = job.get("format").and_then(Value::as_str).ok_or("a job has a format")?;
    let mut params = Params {
        max_width: u32::try_from(width).map_err(|error| error.to_string())?,
        output: Some(ImageFormat::from_token(format).ok_or_else(|| format!("no format {format}"))?),
        ..Params::default()
    };
    if let Some(quality) = job.get("quality").and_then(Value::as_f64) {
        params.quality = quality as f32;
        params.webp_quality = Some(quality as f32);
    }
    Ok(params)
}
