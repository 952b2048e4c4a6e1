//! Finding faces in previews of the size at which `crop=faces` looks at a picture.

use std::hint::black_box;
use std::time::{Duration, Instant};

use contract::limits::Limits;
use contract::policy::DefaultQualities;
use contract::variant::{Quality, Variant};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use resize::decode::decode;
use resize::pixels::picture::Picture;
use resize::plan::Plan;
use resize::settings::{JpegDecoder, Settings};
use resize::source::Source;
use resize::steps::scale::scale;
use resize::stopwatch::Stopwatch;

mod sources;

fn detector(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("faces");
    for source in sources::all() {
        let Some((pixels, width)) = preview(&source.bytes) else { continue };
        group.bench_with_input(BenchmarkId::from_parameter(&source.name), &pixels, |bencher, pixels| {
            bencher.iter(|| faces::detect(black_box(pixels), width));
        });
    }
    group.finish();
}

/// The pixels and the width of a source's preview.
fn preview(bytes: &[u8]) -> Option<(Vec<[u8; 3]>, usize)> {
    let side = faces::BEST_SIDE;
    let variant: Variant = format!("w={side},h={side},fm=png").parse().ok()?;
    let quality = Quality::MAX;
    let settings = Settings {
        limits: Limits::default(),
        qualities: DefaultQualities { jpeg: quality, webp: quality, avif: quality },
        avif_budget: Duration::ZERO,
        jpeg_decoder: JpegDecoder::Own,
        profile: contract::policy::Profile::Standard,
        is_progressive: false,
        keeps_credit: false,
    };
    let source = Source::open(bytes, &settings.limits).ok()?;
    let plan = Plan::new(&source, &variant, &settings).ok()?;
    let mut watch = Stopwatch::start(Instant::now, Duration::from_mins(1));
    let Picture::Pixels(pixels) = scale(decode(&source, &plan.decode, &mut watch).ok()?, &plan.frame).ok()?
    else {
        return None;
    };
    let colors = pixels.samples.chunks_exact(pixels.channels.count() as usize);
    let colors = colors.filter_map(|pixel| match *pixel {
        [gray] | [gray, _] => Some([gray; 3]),
        [red, green, blue, ..] => Some([red, green, blue]),
        [] => None,
    });
    Some((colors.collect(), pixels.size.width() as usize))
}

criterion_group!(benches, detector);
criterion_main!(benches);
