//! Random queries with operations on pictures.

use contract::parameters::known_names;
use proptest::prelude::*;
use proptest::sample::select;

pub(super) const NAMES: &[&str] = &[
    "fp-x", "fp-y", "ar", "ar", "rect", "rot", "flip", "trim", "light", "sharp", "enlarge", "preset", "mark",
    "explain",
];

pub(super) const VALUES: &[&str] = &[
    "fillmax",
    "scale",
    "min",
    "focalpoint",
    "linear",
    "linear",
    "entropy",
    "attention",
    "faces",
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
    "1.7777777777777777:1",
    "0.428:1",
    "7:5",
    "21:9",
    "1:3",
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
    "logo",
    "hero",
    "0.5",
    "0.499999",
    "2.625",
    "1.100000023841858",
    "5.0001",
    "640.5",
    "639.99999999999999999999",
    "1800000000000",
    "3600",
];

/// A query with compatible parameters, so that most queries give a variant.
pub(super) fn query_of_operations() -> impl Strategy<Value = String> {
    let side = || prop_oneof![Just(String::new()), (1u32..9000).prop_map(|side| side.to_string())];
    let fit = select(&["max", "clip", "crop", "crop", "min", "fill", "fillmax", "scale"][..]);
    let crop = select(
        &["", "", "&crop=top", "&crop=focalpoint", "&crop=entropy", "&fp-x=0.3", "&crop=center&enlarge=1"][..],
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
    (side(), side(), 500u32..6000, fit, crop, turn, rest, ar).prop_map(
        |(w, h, dpr, fit, crop, (rot, flip), rest, ar)| {
            let w = if w.is_empty() { w } else { format!("&w={w}") };
            let h = if h.is_empty() { h } else { format!("&h={h}") };
            let (units, thousandths) = (dpr / 1000, dpr % 1000);
            format!("fit={fit}{w}{h}{crop}&rot={}{flip}{rest}{ar}&dpr={units}.{thousandths:03}", rot * 90)
        },
    )
}

/// A query for a crop whose sides or ratio are a shape, or differ from one by a few pixels, with every spelling of
/// numbers.
pub(super) fn query_of_a_shape() -> impl Strategy<Value = String> {
    let shape = select(
        &[(1, 1), (5, 4), (4, 3), (3, 2), (16, 10), (16, 9), (2, 1), (21, 9), (3, 1), (7, 5), (1000, 1)][..],
    );
    let fraction = prop_oneof![3 => Just(String::new()), 1 => "\\.[0-9]{1,20}"];
    let dpr = prop_oneof![2 => Just(String::new()), 3 => "&dpr=[0-5](\\.[0-9]{1,18})?"];
    let width = prop_oneof![4 => 1u32..3000, 1 => 1u32..20_000];
    let rest = select(&["", "", "&crop=top", "&q=75.5", "&q=auto", "&fm=webp", "&enlarge=1"][..]);
    (shape, any::<bool>(), width, 0u32..5, 0..5, fraction, dpr, rest).prop_map(
        |((across, down), is_high, width, beside, form, fraction, dpr, rest)| {
            let (across, down) = if is_high { (down, across) } else { (across, down) };
            let height = (width * down + across / 2) / across + beside;
            let height = height.saturating_sub(2);
            let sides = match form {
                0 | 1 => format!("w={width}{fraction}&h={height}{fraction}"),
                2 => format!("w={width}{fraction}&ar={across}:{down}"),
                3 => format!("h={width}{fraction}&ar={across}:{down}"),
                _ => format!("w={width}&ar={}:1", f64::from(across) / f64::from(down)),
            };
            format!("{sides}&fit=crop{dpr}{rest}")
        },
    )
}

/// A query with a parameter whose name is wrong by one or two letters, or has another case.
pub(super) fn query_with_a_misspelt_name() -> impl Strategy<Value = String> {
    // The Kelvin sign and the dotted I have lower-case letters of ASCII only in some languages.
    let letter = select(&['a', 'x', 'W', '-', 'é', '\u{212a}', '\u{130}', '\u{1f600}'][..]);
    let edit = (any::<prop::sample::Index>(), 0..6, letter);
    (select(known_names()), prop::collection::vec(edit, 1..3)).prop_map(|(name, edits)| {
        let mut letters: Vec<char> = name.chars().collect();
        for (at, kind, letter) in edits {
            let at = at.index(letters.len() + 1);
            match kind {
                0 => letters.insert(at, letter),
                1 if at < letters.len() => letters[at] = letter,
                2 if at + 1 < letters.len() => letters.swap(at, at + 1),
                4 if at < letters.len() => letters[at] = letters[at].to_ascii_uppercase(),
                5 => letters.iter_mut().for_each(|letter| *letter = letter.to_ascii_uppercase()),
                _ => letters.truncate(at),
            }
        }
        format!("{}=1&w=640", letters.into_iter().collect::<String>())
    })
}
