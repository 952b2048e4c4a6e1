//! Compares colours and orientations with libvips, an independent decoder with an independent colour engine. The tests
//! need a Python with pyvips: `TINTYPE_PYTHON`, or `python3` if that is not set.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cdn_config::policy::Policy;
use image::{Rgb, RgbImage};
use moxcms::ColorProfile;
use resize::edge::config::Config;
use resize::pipeline::render;
use resize::stopwatch::Stopwatch;
use serde::Deserialize;
use serde_json::json;

use crate::support::pictures::{gray_jpeg_with, jpeg_with};

/// The largest accepted mean difference (CIEDE2000): about the smallest difference that a trained eye sees in two
/// pictures side by side.
const LARGEST_MEAN: f64 = 2.0;

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Compared { mean: f64 },
    Rejected { rejected: String },
}

#[test]
fn profiles_and_orientations_look_the_same_as_with_libvips() {
    let folder = tempfile::tempdir().unwrap();
    let mut sources: Vec<PathBuf> = Vec::new();
    for (name, bytes) in generated_sources() {
        sources.push(folder.path().join(name));
        std::fs::write(sources.last().unwrap(), bytes).unwrap();
    }
    sources.extend(corpus());
    compare(&sources, folder.path());
}

/// Compares the engine's and libvips' picture of each source.
fn compare(sources: &[PathBuf], folder: &Path) {
    let ours: Vec<PathBuf> =
        (0..sources.len()).map(|number| folder.join(format!("ours-{number}.png"))).collect();
    for (source, ours) in sources.iter().zip(&ours) {
        std::fs::write(ours, small_png(source)).unwrap();
    }
    let mut wrong = Vec::new();
    for (source, answer) in sources.iter().zip(libvips(sources, &ours)) {
        match answer {
            Answer::Compared { mean } => {
                println!("{mean:.2} {}", source.display());
                if mean >= LARGEST_MEAN {
                    wrong.push(format!("{}: {mean:.2}", source.display()));
                }
            }
            Answer::Rejected { rejected } => wrong.push(format!("{}: {rejected}", source.display())),
        }
    }
    assert!(wrong.is_empty(), "mean differences from libvips' pictures: {wrong:#?}");
}

fn small_png(source: &Path) -> Vec<u8> {
    let bytes = std::fs::read(source).unwrap();
    let variant = "w=256,fm=png".parse().unwrap();
    let settings = Config::of(&Policy::built_in()).settings;
    let watch = Stopwatch::start(Instant::now, Duration::from_mins(1));
    render(&bytes, &variant, &settings, watch)
        .unwrap_or_else(|error| panic!("{}: {error}", source.display()))
        .bytes
}

/// All eight orientations, and profiles of the kinds that `moxcms` can make: matrices with curves, and gray.
fn generated_sources() -> Vec<(String, Vec<u8>)> {
    let colors = RgbImage::from_fn(400, 300, |x, y| {
        let channel = |position: u32, length: u32| (40 + 200 * position / length) as u8;
        Rgb([channel(x, 400), channel(y, 300), channel((x + y) % 300, 300)])
    });
    let mut sources: Vec<(String, Vec<u8>)> = (1..=8)
        .map(|orientation| {
            (format!("orientation-{orientation}.jpg"), jpeg_with(&colors, Some(orientation), None))
        })
        .collect();
    let profiles = [
        ("display-p3", ColorProfile::new_display_p3()),
        ("adobe-rgb", ColorProfile::new_adobe_rgb()),
        ("prophoto", ColorProfile::new_pro_photo_rgb()),
        ("bt2020", ColorProfile::new_bt2020()),
    ];
    for (name, profile) in profiles {
        sources.push((format!("{name}.jpg"), jpeg_with(&colors, None, Some(profile.encode().unwrap()))));
    }
    let gray = image::imageops::grayscale(&colors);
    for gamma in [1.0, 1.8, 2.2] {
        let profile = ColorProfile::new_gray_with_gamma(gamma).encode().unwrap();
        sources.push((format!("gray-{gamma}.jpg"), gray_jpeg_with(&gray, profile)));
    }
    sources
}

/// The valid pictures of `TINTYPE_CORPUS` that have a profile or an orientation, or are gray or CMYK. PNGs with `gAMA`
/// and one with a gray profile are excluded, since libvips ignores those.
fn corpus() -> Vec<PathBuf> {
    #[derive(Deserialize)]
    struct Row {
        path: String,
        expected: String,
        tags: Vec<String>,
    }
    let Ok(corpus) = std::env::var("TINTYPE_CORPUS") else {
        println!("TINTYPE_CORPUS is not set: only generated pictures are compared");
        return Vec::new();
    };
    let images = Path::new(&corpus).join("images");
    let index = std::fs::read_to_string(images.join("index.jsonl")).unwrap();
    let is_about_color = |row: &Row| {
        row.expected == "ok"
            && row.tags.iter().any(|tag| ["icc", "orient", "gray", "cmyk"].contains(&tag.as_str()))
    };
    let is_ignored_by_libvips = |path: &PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        let has = |chunk: &[u8]| bytes.windows(4).take(400).any(|window| window == chunk);
        has(b"gAMA") && !has(b"sRGB") && !has(b"iCCP") || path.ends_with("skimage/page.png")
    };
    index
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(is_about_color)
        .map(|row: Row| images.join(row.path))
        .filter(|path| !is_ignored_by_libvips(path))
        .collect()
}

fn libvips(sources: &[PathBuf], ours: &[PathBuf]) -> Vec<Answer> {
    let python = std::env::var("TINTYPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut process = Command::new(&python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/libvips_colors.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{python} can't be started (set TINTYPE_PYTHON to another Python): {error}")
        });
    let line = |(source, ours): (&PathBuf, &PathBuf)| json!({ "source": source, "ours": ours }).to_string();
    let lines: Vec<String> = sources.iter().zip(ours).map(line).collect();
    let lines = lines.join("\n");
    let mut stdin = process.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = process.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "pyvips failed (`pip install pyvips[binary]`):\n{stderr}");
    writer.join().unwrap().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Answer> = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), sources.len());
    answers
}
