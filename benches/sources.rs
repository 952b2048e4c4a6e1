//! The pictures of the benchmarks: synthetic ones, and those in `bench/` of the folder that the variable `TINTYPE_CORPUS`
//! names.

use std::path::Path;

use codecs::View;
use codecs::jpeg::Layout;

/// A file and its name in the benchmarks.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Every source, the synthetic ones first.
pub(crate) fn all() -> Vec<Source> {
    let mut sources = vec![
        Source { name: "synthetic-12mp.jpg".to_owned(), bytes: jpeg(4000, 3000) },
        Source { name: "synthetic-3mp.webp".to_owned(), bytes: webp(2000, 1500) },
    ];
    if let Ok(corpus) = std::env::var("TINTYPE_CORPUS") {
        sources.extend(real(&Path::new(&corpus).join("bench")));
    }
    sources
}

/// The pictures of a folder, sorted by name.
fn real(folder: &Path) -> Vec<Source> {
    let mut sources: Vec<Source> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let is_picture =
                [".jpg", ".png", ".webp", ".avif", ".heic"].iter().any(|suffix| name.ends_with(suffix));
            is_picture.then(|| std::fs::read(entry.path()).ok()).flatten().map(|bytes| Source { name, bytes })
        })
        .collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let samples = scene(width, height);
    codecs::jpeg::encode(View { samples: &samples, width, height }, Layout::Rgb, 90).unwrap_or_default()
}

fn webp(width: u32, height: u32) -> Vec<u8> {
    let samples = scene(width, height);
    codecs::webp::encode(View { samples: &samples, width, height }, codecs::webp::Layout::Rgb, 80)
        .unwrap_or_default()
}

/// Soft gradients with texture. They compress about as well as a photo.
fn scene(width: u32, height: u32) -> Vec<u8> {
    let mut state = 1_u32;
    let mut samples = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let texture = (state >> 28) as f32;
            let wave = ((x as f32 / 37.0).sin() + (y as f32 / 53.0).cos()) * 40.0;
            let light = 128.0 + wave + texture;
            samples.extend([light, light * 0.9, 255.0 - light].map(|sample| sample as u8));
        }
    }
    samples
}
