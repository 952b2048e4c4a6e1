//! Renders and describes any bytes: the result must be a picture or an error, without a panic or an internal error.
#![no_main]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use cdn_config::policy::Policy;
use contract::limits::Limits;
use contract::policy::{Rules, UnsignedAccess};
use contract::request::{Route, Verifier, route};
use contract::variant::Variant;
use libfuzzer_sys::fuzz_target;
use resize::error::Error;
use resize::info::describe;
use resize::pipeline::render;
use resize::settings::{JpegDecoder, Settings};
use resize::stopwatch::Stopwatch;

/// The requested variants. The input's first byte chooses one; the rest is the file.
const QUERIES: [&str; 8] = [
    "w=64",
    "w=32&h=48&fit=crop&crop=attention&fm=jpeg&q=auto",
    "w=40&h=40&fit=fill&bg=80ff0000&fm=png",
    "w=16&fm=gif",
    "rot=90&flip=h&fm=webp&q=auto",
    "trim=auto&fm=jpeg",
    "frame=1&fm=png",
    "w=640&h=640&fit=crop&enlarge=1&blur=200&sharp=10",
];

static VARIANTS: LazyLock<[Variant; 8]> = LazyLock::new(|| {
    let rules = Rules { unsigned: UnsignedAccess::Open, ..Policy::built_in().rules };
    QUERIES.map(|query| match route("/files/1/a", query, "image/webp", &rules, Verifier::NONE) {
        Ok(Route::Variant(_, variant)) => variant,
        other => panic!("{query}: {other:?}"),
    })
});

fuzz_target!(|input: &[u8]| {
    let Some((choice, bytes)) = input.split_first() else { return };
    let limits = Limits {
        source_pixels: 1 << 20,
        frames: 20,
        animation_pixels: 1 << 22,
        memory_bytes: 256 << 20,
        ..Limits::default()
    };
    let settings = Settings {
        limits,
        qualities: Policy::built_in().rules.default_qualities,
        avif_budget: Duration::ZERO,
        jpeg_decoder: JpegDecoder::Own,
        profile: contract::policy::Profile::Standard,
        keeps_credit: true,
        is_progressive: false,
    };
    let variant = &VARIANTS[usize::from(*choice) % VARIANTS.len()];
    let watch = || Stopwatch::start(Instant::now, Duration::from_secs(20));
    let outcome = render(bytes, variant, &settings, watch()).map(drop);
    for outcome in [outcome, describe(bytes, &settings, watch()).map(drop)] {
        assert!(!matches!(outcome, Err(Error::Internal(_))), "{variant}: {outcome:?}");
    }
});
