//! Detects type and dimensions of every picture in `TINTYPE_CORPUS`. The finaliser must not refuse a valid one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;
use upload_signer::arrival::dimensions::read_dimensions;
use upload_signer::arrival::inspection::INSPECTED_BYTES;
use upload_signer::arrival::sniff::{served_type, sniff};
use upload_signer::signing::media_type::MediaType;

/// A row of the index.
#[derive(Deserialize)]
struct Row {
    path: String,
    expected: String,
    /// The name of the format in the corpus.
    fmt: Option<String>,
    /// Width and height in the header, before EXIF orientation.
    hdr: Option<(u32, u32)>,
}

/// The declared type for a format of the corpus; `None` for formats that aren't uploaded.
fn declared(format: &str) -> Option<MediaType> {
    let subtype = match format {
        "jpeg" | "png" | "webp" | "gif" | "avif" | "heic" | "heif" | "tiff" | "bmp" | "jxl" => format,
        "svg" => "svg+xml",
        _ => return None,
    };
    MediaType::parse(&format!("image/{subtype}"))
}

#[test]
fn every_valid_picture_of_the_corpus_has_its_type_and_dimensions() {
    let Ok(corpus) = std::env::var("TINTYPE_CORPUS") else {
        println!("TINTYPE_CORPUS is not set: there is no corpus");
        return;
    };
    let images = Path::new(&corpus).join("images");
    let index = std::fs::read_to_string(images.join("index.jsonl")).unwrap();
    let (mut wrong, mut counts) = (String::new(), BTreeMap::new());
    for row in index.lines().map(|line| serde_json::from_str::<Row>(line).unwrap()) {
        let Some(declared) = row.fmt.as_deref().and_then(declared) else { continue };
        if !matches!(row.expected.as_str(), "ok" | "unsupported" | "bomb") {
            continue;
        }
        let bytes = std::fs::read(images.join(&row.path)).unwrap();
        let first = bytes.get(..INSPECTED_BYTES).unwrap_or(&bytes);
        let detected = sniff(first);
        if served_type(detected, &declared).as_ref() != Some(&declared) {
            writeln!(wrong, "{}: {detected:?} declared as {declared}", row.path).unwrap();
            continue;
        }
        let dimensions = detected
            .and_then(|detected| read_dimensions(first, detected))
            .map(|dimensions| (dimensions.width(), dimensions.height()));
        if dimensions.is_some() && row.hdr.is_some() && dimensions != row.hdr {
            writeln!(wrong, "{}: {dimensions:?}, not {:?}", row.path, row.hdr).unwrap();
        }
        let (files, with_dimensions) = counts.entry(declared.to_string()).or_insert((0, 0));
        *files += 1;
        *with_dimensions += usize::from(dimensions.is_some());
    }
    println!("types, files, and files with dimensions: {counts:#?}");
    assert!(wrong.is_empty(), "{wrong}");
    assert!(counts.values().map(|(files, _)| files).sum::<usize>() > 0);
}
