//! Random queries with operations on pictures.

use proptest::prelude::*;
use proptest::sample::select;

pub(super) const NAMES: &[&str] =
    &["fp-x", "fp-y", "ar", "ar", "rect", "rot", "flip", "trim", "sharp", "enlarge", "preset", "explain"];

pub(super) const VALUES: &[&str] = &[
    "fillmax",
    "scale",
    "min",
    "focalpoint",
    "entropy",
    "attention",
    "0.5",
    "0.1234567",
    "0.0005",
    "1.0005",
    "000.25",
    "1:1",
    "16:9",
    "1.91:1",
    "9999.999:0.001",
    "0.001:9999",
    "0:1",
    "1:",
    "10000:1",
    "0.0004:1",
    "0,0,100,100",
    "10%2C20,30,40",
    "1,2,3",
    "1,2,3,0",
    "1,2,3,4,5",
    "0,0,99999999999,9999999",
    "90",
    "180",
    "270",
    "360",
    "h",
    "v",
    "hv",
    "vh",
    "2000",
    "2001",
    "card",
    "hero",
];

/// A query with compatible parameters, so that most queries give a variant.
pub(super) fn query_of_operations() -> impl Strategy<Value = String> {
    let side = || prop_oneof![Just(String::new()), (1u32..9000).prop_map(|side| side.to_string())];
    let fit = select(&["max", "clip", "crop", "crop", "min", "fill", "fillmax", "scale"][..]);
    let crop = select(
        &["", "&crop=top", "&crop=focalpoint", "&crop=entropy", "&fp-x=0.3", "&crop=center&enlarge=1"][..],
    );
    let turn = (0..4, select(&["", "&flip=h", "&flip=v", "&flip=hv"][..]));
    let rest =
        select(&["", "&blur=9", "&sharp=3", "&trim=auto", "&trim=red", "&rect=1,2,3,4", "&bg=white"][..]);
    let ar = prop_oneof![
        Just(String::new()),
        (1u32..9_999_999, 1u32..9_999_999).prop_map(|(a, b)| format!(
            "&ar={}.{:03}:{}.{:03}",
            a / 1000,
            a % 1000,
            b / 1000,
            b % 1000
        ))
    ];
    (side(), side(), 10u32..60, fit, crop, turn, rest, ar).prop_map(
        |(w, h, dpr, fit, crop, (rot, flip), rest, ar)| {
            let w = if w.is_empty() { w } else { format!("&w={w}") };
            let h = if h.is_empty() { h } else { format!("&h={h}") };
            let (units, tenths) = (dpr / 10, dpr % 10);
            format!("fit={fit}{w}{h}{crop}&rot={}{flip}{rest}{ar}&dpr={units}.{tenths}", rot * 90)
        },
    )
}
