//! Encoding planes as VP8 frames, at the widths of variants.

use std::hint::black_box;
use std::time::{Duration, Instant};

use codecs::planes::Range;
use contract::limits::Limits;
use contract::policy::DefaultQualities;
use contract::variant::{Quality, Variant};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use resize::decode::decode;
use resize::pixels::Pixels;
use resize::pixels::picture::Picture;
use resize::pixels::planes::Planes;
use resize::plan::Plan;
use resize::settings::{JpegDecoder, Settings};
use resize::source::Source;
use resize::steps::scale::scale;
use resize::stopwatch::Stopwatch;

mod sources;

const WIDTHS: [u32; 3] = [320, 640, 1280];

/// The product's quality of WebP.
const QUALITY: f32 = 76.0;

fn encoder(criterion: &mut Criterion) {
    for source in sources::all() {
        let mut group = criterion.benchmark_group(format!("vp8/{}", source.name));
        for width in WIDTHS {
            // Skips sources that are not decoded to planes.
            let Some(planes) = planes(&source.bytes, width) else { continue };
            group.bench_with_input(BenchmarkId::from_parameter(width), &planes, |bencher, planes| {
                bencher.iter(|| vp8::encode(&borrow(black_box(planes)), QUALITY));
            });
        }
        group.finish();
    }
}

/// The planes of a source at a width.
fn planes(bytes: &[u8], width: u32) -> Option<Planes> {
    let variant: Variant = format!("w={width},fm=webp").parse().ok()?;
    let quality = |number| Quality::clamped(number).unwrap_or(Quality::MAX);
    let settings = Settings {
        limits: Limits::default(),
        qualities: DefaultQualities { jpeg: quality(80), webp: quality(76), avif: quality(76) },
        avif_budget: Duration::from_millis(100),
        jpeg_decoder: JpegDecoder::Own,
        profile: contract::policy::Profile::Standard,
        is_progressive: false,
        keeps_credit: false,
    };
    let source = Source::open(bytes, &settings.limits).ok()?;
    let plan = Plan::new(&source, &variant, &settings).ok()?;
    let mut watch = Stopwatch::start(Instant::now, Duration::from_mins(1));
    match scale(decode(&source, &plan.decode, &mut watch).ok()?, &plan.frame).ok()? {
        Picture::Planes(planes) => Some(planes),
        Picture::Pixels(_) => None,
    }
}

fn borrow(planes: &Planes) -> vp8::Planes<'_> {
    let range = match planes.range {
        Range::Full => vp8::Range::Full,
        Range::Limited => vp8::Range::Limited,
    };
    vp8::Planes { luma: plane(&planes.luma), cb: plane(&planes.cb), cr: plane(&planes.cr), range }
}

fn plane(pixels: &Pixels) -> vp8::Plane<'_> {
    vp8::Plane { samples: &pixels.samples, width: pixels.size.width(), height: pixels.size.height() }
}

criterion_group!(benches, encoder);
criterion_main!(benches);
