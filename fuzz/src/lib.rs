//! What the targets share: settings, and the rendering of a file that must end in a picture or an error.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use cdn_config::policy::Policy;
use contract::limits::Limits;
use contract::policy::{Profile, Rules, UnsignedAccess};
use contract::request::{Route, Verifier, route};
use contract::variant::Variant;
use resize::error::Error;
use resize::info::describe;
use resize::pipeline::render;
use resize::settings::{JpegDecoder, Settings};
use resize::stopwatch::Stopwatch;

/// The requests of [`render_any`].
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

/// Limits that keep each run short.
pub fn small_limits() -> Limits {
    Limits {
        source_pixels: 1 << 20,
        frames: 20,
        animation_pixels: 1 << 22,
        memory_bytes: 256 << 20,
        ..Limits::default()
    }
}

/// The built-in policy's settings, with other limits.
pub fn settings(limits: Limits) -> Settings {
    Settings {
        limits,
        qualities: Policy::built_in().rules.default_qualities,
        avif_budget: Duration::ZERO,
        jpeg_decoder: JpegDecoder::Own,
        profile: Profile::Standard,
        is_progressive: false,
        keeps_credit: true,
    }
}

/// Renders and describes `start` with the input behind it, whose first byte chooses the variant. Fails on a panic or an internal error.
pub fn render_any(start: &[u8], input: &[u8]) {
    let Some((choice, rest)) = input.split_first() else { return };
    render_one(&[start, rest].concat(), &VARIANTS[usize::from(*choice) % VARIANTS.len()]);
}

/// Renders and describes a file. Fails on a panic or an internal error.
pub fn render_one(bytes: &[u8], variant: &Variant) {
    let settings = settings(small_limits());
    let watch = || Stopwatch::start(Instant::now, Duration::from_secs(20));
    let outcome = render(bytes, variant, &settings, watch()).map(drop);
    for outcome in [outcome, describe(bytes, &settings, watch()).map(drop)] {
        assert!(!matches!(outcome, Err(Error::Internal(_))), "{variant}: {outcome:?}");
    }
}

/// A target that renders files of one format. `$start` is the beginning of every file, so that the fuzzer need not find it.
#[macro_export]
macro_rules! renders {
    ($start:expr) => {
        libfuzzer_sys::fuzz_target!(|input: &[u8]| $crate::render_any($start, input));
    };
}
