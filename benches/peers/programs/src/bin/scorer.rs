//! SSIMULACRA2 of pictures against references. It reads a comparison per line from standard input, and writes its score
//! per line to standard output. Pictures are files of interleaved 8-bit sRGB samples without a header.

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead, Write};

use fast_ssim2::{PixelDescriptor, PixelSlice, Ssimulacra2Reference};
use serde_json::{Value, json};

/// Analysed references by path. Comparisons of one reference follow each other, so only the last ones are kept.
type References = HashMap<String, Ssimulacra2Reference>;

const KEPT_REFERENCES: usize = 4;

fn main() -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    let mut references = References::new();
    for line in std::io::stdin().lock().lines() {
        let answer = match score(&line?, &mut references) {
            Ok(score) => json!({ "score": score }),
            Err(error) => json!({ "error": error.to_string() }),
        };
        writeln!(stdout, "{answer}")?;
        stdout.flush()?;
    }
    Ok(())
}

/// The score of `{"reference", "variant", "width", "height"}`.
fn score(line: &str, references: &mut References) -> Result<f64, Box<dyn Error>> {
    let task: Value = serde_json::from_str(line)?;
    let text = |name: &str| task.get(name).and_then(Value::as_str).ok_or_else(|| format!("no {name}"));
    let side = |name: &str| {
        let side = task.get(name).and_then(Value::as_u64).ok_or_else(|| format!("no {name}"))?;
        u32::try_from(side).map_err(|error| error.to_string())
    };
    let (width, height) = (side("width")?, side("height")?);
    let path = text("reference")?;
    if !references.contains_key(path) {
        if references.len() >= KEPT_REFERENCES {
            references.clear();
        }
        let samples = std::fs::read(path)?;
        references.insert(path.to_owned(), Ssimulacra2Reference::new(&picture(&samples, width, height)?)?);
    }
    let reference = references.get(path).ok_or("the reference was read")?;
    let samples = std::fs::read(text("variant")?)?;
    Ok(reference.compare(&picture(&samples, width, height)?)?)
}

fn picture(samples: &[u8], width: u32, height: u32) -> Result<PixelSlice<'_>, Box<dyn Error>> {
    let row = width as usize * 3;
    Ok(PixelSlice::new(samples, width, height, row, PixelDescriptor::RGB8_SRGB)
        .map_err(|error| error.to_string())?)
}
