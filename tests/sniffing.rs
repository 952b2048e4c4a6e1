//! What the finaliser tells of every picture and video of `TINTYPE_CORPUS`: none that is right may be refused.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;
use upload_signer::arrival::dimensions::read_dimensions;
use upload_signer::arrival::inspection::INSPECTED_BYTES;
use upload_signer::arrival::sniff::{is_compatible, sniff};
use upload_signer::signing::media_type::MediaType;

/// A row of the index.
#[derive(Deserialize)]
struct Row {
    path: String,
    expected: String,
    /// The format, as the corpus calls it.
    fmt: Option<String>,
    /// The sides that the header tells, before it is turned upright.
    hdr: Option<(u32, u32)>,
}

/// The type that a file of a format is declared as; none of formats that aren't uploaded.
fn declared(format: &str) -> Option<MediaType> {
    let subtype = match format {
        "jpeg" | "png" | "webp" | "gif" | "avif" | "heic" | "heif" | "tiff" | "bmp" | "jxl" => format,
        "svg" => "svg+xml",
        _ => return None,
    };
    MediaType::parse(&format!("image/{subtype}"))
}

#[test]
fn every_right_picture_of_the_corpus_is_of_its_type_and_as_large_as_it_is() {
    let Ok(corpus) = std::env::var("TINTYPE_CORPUS") else {
        println!("TINTYPE_CORPUS is not set: no corpus to run over");
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
        let found = sniff(first);
        if !is_compatible(found, &declared) {
            writeln!(wrong, "{}: {found:?} declared as {declared}", row.path).unwrap();
            continue;
        }
        let told =
            found.and_then(|found| read_dimensions(first, found)).map(|told| (told.width(), told.height()));
        if told.is_some() && row.hdr.is_some() && told != row.hdr {
            writeln!(wrong, "{}: {told:?}, not {:?}", row.path, row.hdr).unwrap();
        }
        let (files, measured) = counts.entry(declared.to_string()).or_insert((0, 0));
        *files += 1;
        *measured += usize::from(told.is_some());
    }
    println!("types, files, and how many of these were measured: {counts:#?}");
    assert!(wrong.is_empty(), "{wrong}");
    assert!(counts.values().map(|(files, _)| files).sum::<usize>() > 0);
}
