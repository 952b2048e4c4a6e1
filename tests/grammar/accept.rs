//! Random values of the `Accept` header.

use proptest::prelude::*;
use proptest::sample::select;

pub(super) fn likely_accept() -> impl Strategy<Value = String> {
    let range = (select(RANGES), select(WEIGHTS)).prop_map(|(range, weight)| format!("{range}{weight}"));
    prop::collection::vec(range, 0..4).prop_map(|ranges| ranges.join(","))
}

const RANGES: &[&str] = &[
    "image/avif",
    "image/webp",
    "IMAGE/AVIF",
    "image/*",
    "*/*",
    "image/png",
    "",
    " ",
    "image/avif ",
    "\timage/webp",
    "constructor",
    "__proto__",
];

const WEIGHTS: &[&str] = &[
    "",
    "",
    ";q=0",
    ";q=0.000",
    ";q=0.5",
    ";q=0.50",
    ";Q=0.9",
    ";q=1",
    ";q=1.000",
    ";q=1.001",
    ";q=0.1234",
    ";q=",
    ";q=x",
    ";q=.5",
    ";q=2",
    "; q = 0.3",
    ";level=1;q=0.2",
    ";q=0;q=1",
    ";q=1.",
    ";;",
    ";q=00.5",
];
