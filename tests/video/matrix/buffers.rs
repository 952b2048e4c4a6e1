//! What the buffers of a browser hold of the films.

use std::io::Write as _;
use std::process::Command;

use serde::Deserialize;
use serde_json::json;

use super::expected::Film;
use crate::support::Running;

/// How much a picture or a sound may begin later or end earlier than the film, in seconds: sound has frames of 21 ms, and the
/// pictures of a film with five a second last 200 ms.
const TOLERANCE: f64 = 0.25;

/// A film, and the path of its playlist.
pub(super) struct Played {
    pub(super) name: &'static str,
    pub(super) film: Film,
    pub(super) hls: String,
}

/// What the browser says of a film.
#[derive(Debug, Deserialize)]
struct Buffered {
    error: Option<String>,
    #[serde(default)]
    ranges: Vec<(f64, f64)>,
    #[serde(default)]
    duration: f64,
    #[serde(default)]
    width: u64,
    #[serde(default)]
    height: u64,
}

/// The faults of films in Chromium with hls.js, each after the name of the film.
pub(super) async fn faults(stack: &Running, films: &[Played]) -> Vec<String> {
    let named: Vec<_> = films.iter().map(|film| json!({ "name": film.name, "hls": film.hls })).collect();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    write!(file, "{}", json!(named)).unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/page");
    let mut node = Command::new("node");
    node.arg("buffers.mjs").arg(file.path()).current_dir(folder).env("EDGE", stack.edge());
    let output = tokio::task::spawn_blocking(move || node.output()).await.unwrap();
    let output = output.unwrap_or_else(|error| panic!("node can't be started: {error}; ./test installs it"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Vec<Buffered> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found.len(), films.len());
    films
        .iter()
        .zip(found)
        .filter_map(|(played, found)| Some(format!("{}: {}", played.name, fault(&played.film, &found)?)))
        .collect()
}

fn fault(film: &Film, found: &Buffered) -> Option<String> {
    if let Some(error) = &found.error {
        return Some(format!("the browser can't load it: {error}"));
    }
    let tolerance = film.tolerance.max(TOLERANCE);
    let is_near = |seconds: f64| (seconds - film.seconds).abs() <= tolerance;
    let is_whole = matches!(found.ranges.as_slice(), [(start, end)] if *start < TOLERANCE && is_near(*end));
    if !is_whole || !is_near(found.duration) {
        return Some(format!("the browser has {:?} of {} s", found.ranges, found.duration));
    }
    let (width, height) = film.size.unwrap_or_default();
    let is_sized = (found.width, found.height) == (width, height);
    (!is_sized).then(|| format!("the browser shows {}×{}, not {width}×{height}", found.width, found.height))
}
