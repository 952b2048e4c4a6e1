//! Rendering variants: whole variants, and each stage alone.

use std::hint::black_box;
use std::time::{Duration, Instant};

use contract::limits::Limits;
use contract::policy::DefaultQualities;
use contract::variant::{Quality, Variant};
use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};
use resize::encode::auto_quality::features::Features;
use resize::error::Error;
use resize::pipeline::render;
use resize::plan::Plan;
use resize::planar::{self, Planar};
use resize::settings::{JpegDecoder, Settings};
use resize::source::Source;
use resize::source::info::SourceInfo;
use resize::steps::scale;
use resize::stopwatch::Stopwatch;
use resize::{decode, encode};

mod sources;

const VARIANTS: [&str; 8] = [
    "w=320,fm=jpeg",
    "w=640,fm=jpeg",
    "w=1280,fm=jpeg",
    "w=640,fm=webp",
    "w=1280,fm=webp",
    "w=640,fm=avif",
    "w=1280,fm=avif",
    "w=640,fm=png",
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
        let Ok(opened) = Source::open(bytes, &settings.limits) else { continue };
        let info = opened.info();
        group.bench_function("plan", |bencher| {
            bencher.iter(|| Plan::new(black_box(info), &variant, &settings));
        });
        let plan = Plan::new(info, &variant, &settings);
        let _ = match plan.planar {
            Some(planar) => stages_of_planes(&mut group, bytes, info, &plan, planar),
            None => stages_of_pixels(&mut group, bytes, info, &plan),
        };
        group.finish();
    }
}

fn stages_of_planes(
    group: &mut BenchmarkGroup<'_, WallTime>,
    bytes: &[u8],
    info: &SourceInfo,
    plan: &Plan,
    planar: Planar,
) -> Result<(), Error> {
    group.bench_function("decode", |bencher| bencher.iter(|| planar::decode(bytes, info, plan, &watch())));
    let decoded = planar::decode(bytes, info, plan, &watch())?;
    group.bench_function("scale", |bencher| {
        let scale = |planes| planar::scale(planes, plan, planar);
        bencher.iter_batched(|| decoded.clone(), scale, BatchSize::LargeInput);
    });
    if planar.is_to_the_end() {
        let scaled = planar::scale(decoded, plan, planar)?;
        group.bench_function("features", |bencher| bencher.iter(|| Features::of_planes(black_box(&scaled))));
        group.bench_function("encode", |bencher| bencher.iter(|| planar::encode(&scaled, plan)));
    }
    Ok(())
}

fn stages_of_pixels(
    group: &mut BenchmarkGroup<'_, WallTime>,
    bytes: &[u8],
    info: &SourceInfo,
    plan: &Plan,
) -> Result<(), Error> {
    group.bench_function("decode", |bencher| bencher.iter(|| decode::decode(bytes, info, plan, &watch())));
    let decoded = decode::decode(bytes, info, plan, &watch())?;
    group.bench_function("scale", |bencher| {
        let scale = |pixels| scale::scale(pixels, plan);
        bencher.iter_batched(|| decoded.clone(), scale, BatchSize::LargeInput);
    });
    let scaled = scale::scale(decoded, plan)?;
    group.bench_function("features", |bencher| bencher.iter(|| Features::of_pixels(black_box(&scaled))));
    group.bench_function("encode", |bencher| bencher.iter(|| encode::encode(&scaled, plan)));
    Ok(())
}

fn watch() -> Stopwatch {
    Stopwatch::start(Instant::now, Duration::from_mins(1))
}

criterion_group!(benches, whole, stages);
criterion_main!(benches);
