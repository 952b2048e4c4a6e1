//! Rendering variants: whole variants, and each stage separately.

use std::hint::black_box;
use std::time::{Duration, Instant};

use contract::limits::Limits;
use contract::policy::DefaultQualities;
use contract::variant::{Quality, Variant};
use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};
use resize::decode::decode;
use resize::encode::auto_quality::features::Features;
use resize::encode::encode;
use resize::error::Error;
use resize::pipeline::render;
use resize::pixels::picture::Picture;
use resize::plan::Plan;
use resize::settings::{JpegDecoder, Settings};
use resize::source::Source;
use resize::steps::scale::scale;
use resize::stopwatch::Stopwatch;

mod sources;

const VARIANTS: [&str; 10] = [
    "w=320,fm=jpeg",
    "w=640,fm=jpeg",
    "w=1280,fm=jpeg",
    "w=640,fm=webp",
    "w=1280,fm=webp",
    "w=640,fm=avif",
    "w=1280,fm=avif",
    "w=640,fm=png",
    "w=640,light=linear,fm=jpeg",
    "w=640,light=linear,fm=png",
];

fn settings() -> Settings {
    let quality = |number| Quality::clamped(number).unwrap_or(Quality::MAX);
    let qualities = DefaultQualities { jpeg: quality(80), webp: quality(76), avif: quality(76) };
    Settings {
        limits: Limits::default(),
        qualities,
        avif_budget: Duration::from_millis(100),
        jpeg_decoder: JpegDecoder::Own,
        profile: contract::policy::Profile::Standard,
        is_progressive: false,
        keeps_credit: false,
    }
}

fn whole(criterion: &mut Criterion) {
    let settings = settings();
    let mut group = criterion.benchmark_group("variant");
    for source in sources::all() {
        for text in VARIANTS {
            let Ok(variant) = text.parse::<Variant>() else { continue };
            group.bench_with_input(BenchmarkId::new(&source.name, text), &source.bytes, |bencher, bytes| {
                bencher.iter(|| render(black_box(bytes), &variant, &settings, watch()));
            });
        }
    }
    group.finish();
}

fn stages(criterion: &mut Criterion) {
    let settings = settings();
    let Ok(variant) = "w=640,fm=webp".parse::<Variant>() else { return };
    for source in sources::all() {
        let bytes = &source.bytes;
        let mut group = criterion.benchmark_group(format!("stages/{}", source.name));
        group.bench_function("probe", |bencher| {
            bencher.iter(|| Source::open(black_box(bytes), &settings.limits));
        });
        let Ok(source) = Source::open(bytes, &settings.limits) else { continue };
        group.bench_function("plan", |bencher| {
            bencher.iter(|| Plan::new(black_box(&source), &variant, &settings));
        });
        let Ok(plan) = Plan::new(&source, &variant, &settings) else { continue };
        let _ = stages_of_plan(&mut group, &source, &plan);
        group.finish();
    }
}

fn stages_of_plan(
    group: &mut BenchmarkGroup<'_, WallTime>,
    source: &Source<'_>,
    plan: &Plan,
) -> Result<(), Error> {
    group.bench_function("decode", |bencher| {
        bencher.iter(|| decode(source, &plan.decode, &mut watch()));
    });
    let decoded = decode(source, &plan.decode, &mut watch())?;
    group.bench_function("scale", |bencher| {
        let scale = |decoded| scale(decoded, &plan.frame);
        bencher.iter_batched(|| decoded.clone(), scale, BatchSize::LargeInput);
    });
    let picture = scale(decoded, &plan.frame)?;
    group.bench_function("features", |bencher| {
        bencher.iter(|| match black_box(&picture) {
            Picture::Pixels(pixels) => Features::of_pixels(pixels),
            Picture::Planes(planes) => Features::of_planes(planes),
        });
    });
    group.bench_function("encode", |bencher| bencher.iter(|| encode(&picture, &plan.output)));
    Ok(())
}

fn watch() -> Stopwatch {
    Stopwatch::start(Instant::now, Duration::from_mins(1))
}

criterion_group!(benches, whole, stages);
criterion_main!(benches);
