//! Files that were once shown wrongly, each with its right answer. They are in the folder `findings` of `TINTYPE_CORPUS`, whose
//! `index.jsonl` has the requests; without the variable the test does nothing.
#![cfg(test)]

mod answers;
#[path = "../support/rendering.rs"]
mod rendering;

use std::path::Path;
use std::time::Duration;

use resize::error::Error;
use resize::pipeline::Encoded;
use serde_json::Value;

/// Files that are judged where processes can be ended and measured: `tintype/tests/isolation.rs`.
fn is_judged_elsewhere(file: &str) -> bool {
    file.starts_with("hostile_")
        || ["svg_lighting.svg", "svg_turbulence.svg", "svg_long_path.svg"].contains(&file)
}

#[test]
fn every_file_has_its_right_answer() {
    let Ok(corpus) = std::env::var("TINTYPE_CORPUS") else {
        println!("TINTYPE_CORPUS is not set: there is no corpus to test");
        return;
    };
    let folder = Path::new(&corpus).join("findings");
    let index = std::fs::read_to_string(folder.join("index.jsonl")).unwrap();
    let mut faults = Vec::new();
    for line in index.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| row[name].as_str().unwrap_or_default();
        let file = text("file");
        if is_judged_elsewhere(file) {
            continue;
        }
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let rendered = answer(&bytes, text("query"), text("accept"));
        if let Err(fault) = answers::judge(file, &bytes, &rendered) {
            faults.push(format!("{file}: {fault}; right: {}", text("right")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The variant that a query such as `?w=640&fm=png` asks for.
fn answer(bytes: &[u8], query: &str, accept: &str) -> Result<Encoded, Error> {
    let mut options = query.trim_start_matches('?').replace('&', ",");
    if !options.contains("fm=") {
        options += if accept.contains("avif") { ",fm=auto.avif" } else { ",fm=auto.base" };
    }
    rendering::rendered(bytes, &options, Duration::from_secs(20))
}
