//! Random requests: both implementations return the same canonical path or the same error.

use std::sync::LazyLock;

use cdn_config::policy::Policy;
use contract::policy::{Rules, UnknownParameters, UnsignedAccess};
use contract::preset::Preset;
use contract::request::{Route, from_canonical_path};
use local_edge::functions::EdgeFunctions;
use proptest::prelude::*;
use proptest::sample::select;

use super::accept::likely_accept;
use super::decision::{functions, in_javascript, in_rust, routed};
use super::operations::{self, query_of_operations};

/// A policy for every level, with unknown parameters ignored and rejected, and the edge functions with its data.
static POLICIES: LazyLock<Vec<(Rules, EdgeFunctions)>> = LazyLock::new(|| {
    let pairs = UnsignedAccess::ALL
        .into_iter()
        .flat_map(|level| [UnknownParameters::Ignore, UnknownParameters::Reject].map(|u| (level, u)));
    let policies = pairs.map(|(unsigned, unknown)| {
        let mut policy = Policy::built_in();
        (policy.rules.unsigned, policy.rules.unknown) = (unsigned, unknown);
        let preset = |name: &str, query| (name.to_owned(), Preset::parse(query).unwrap());
        policy.rules.presets = [
            preset("card", "w=200&h=200&fit=crop"),
            preset("hero", "w=1000&ar=3:1&fit=crop&blur=20&fm=webp&bg=red"),
        ]
        .into();
        policy
    });
    policies.map(|policy| (policy.rules.clone(), functions(&policy))).collect()
});

const NAMES: &[&str] = &[
    "w",
    "w",
    "width",
    "h",
    "h",
    "height",
    "dpr",
    "dpr",
    "fit",
    "fit",
    "crop",
    "gravity",
    "bg",
    "background",
    "q",
    "quality",
    "lossless",
    "frame",
    "page",
    "fm",
    "format",
    "f",
    "auto",
    "v",
    "dl",
    "original",
    "%77",
    "W",
    "blur",
    "s",
    "p",
    "utm_source",
    "__proto__",
    "constructor",
    "10",
    "9",
    "",
    "%zz",
    "+w",
    "%F0%9F%98%80",
    "%EF%BF%BD",
    "é",
];

const VALUES: &[&str] = &[
    "1",
    "0",
    "16",
    "17",
    "640",
    "641",
    "3840",
    "8192",
    "8193",
    "99999999999",
    "007",
    "-1",
    "+1",
    "1.5",
    "1.25",
    "2.",
    ".5",
    "4.9",
    "9",
    "1e3",
    "640%0A",
    "%36",
    "%",
    "%f",
    "%ff",
    "%C3%A9",
    "",
    "max",
    "clip",
    "crop",
    "min",
    "fill",
    "center",
    "top",
    "top,left",
    "left,top",
    "right%2Cbottom",
    "top,top",
    "top-left",
    "fff",
    "FFF",
    "8fff",
    "f000",
    "ffffff",
    "80ff0000",
    "fffff",
    "white",
    "black",
    "red",
    "Red",
    "toString",
    "40",
    "75",
    "76",
    "100",
    "101",
    "jpeg",
    "jpg",
    "png",
    "webp",
    "json",
    "gif",
    "auto",
    "auto.webp",
    "avif",
    "format",
    "compress",
    "format,compress",
    "format,",
    "a b",
    "a=b",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "%00",
    "%E2%82%AC",
];

const SEGMENTS: &[&str] = &[
    "files",
    "files",
    "files",
    "private",
    "videos",
    "%66iles",
    "Files",
    "1",
    "cat.jpg",
    "caf%C3%A9.jpg",
    "café",
    "a%2Fb",
    "a b",
    "a+b",
    "",
    ".",
    "..",
    "%2e%2e",
    "...",
    "%00",
    "%0A",
    "x%0A",
    "%7F",
    "%",
    "%zz",
    "%ff",
    "%ED%A0%80",
    "fm=webp",
    "w=640,fm=auto.webp",
    "w%3D1%2Cfm%3Dpng",
    "fm=webp%0A",
    "fm=webp.jpg1",
    "$&'()*!~",
    "%F0%9F%98%80",
    "__proto__",
];

fn likely_query() -> impl Strategy<Value = String> {
    let pair = (
        select([NAMES, operations::NAMES].concat()),
        select([VALUES, operations::VALUES].concat()),
        prop::bool::weighted(0.95),
    )
        .prop_map(
            |(name, value, has_value)| {
                if has_value { format!("{name}={value}") } else { name.to_owned() }
            },
        );
    prop::collection::vec(pair, 0..6).prop_map(|pairs| pairs.join("&"))
}

fn likely_path() -> impl Strategy<Value = String> {
    let odd =
        prop::collection::vec(select(SEGMENTS), 0..5).prop_map(|segments| format!("/{}", segments.join("/")));
    prop_oneof![3 => Just("/files/1/cat.jpg".to_owned()), 2 => odd]
}

fn odd_query() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,40}",
        "(w|h|q|dpr|bg|fm|v)=[0-9a-f.%+]{0,9}(&\\PC{0,4}=\\PC{0,4}){0,3}",
        "\\PC{0,30}"
    ]
}

fn odd_path() -> impl Strategy<Value = String> {
    prop_oneof!["/(files|videos|private)/[ -~]{0,30}", "/(files|videos)/\\PC{0,20}", "/\\PC{0,20}"]
}

fn agree(path: &str, query: &str, accept: &str) {
    for (rules, functions) in POLICIES.iter() {
        let expected = in_rust(path, query, accept, rules);
        assert_eq!(
            in_javascript(path, query, accept, functions),
            expected,
            "{path}?{query} {accept} {rules:?}"
        );
        match routed(path, query, accept, rules) {
            Err(_) => {}
            Ok(Route::Original(key)) => {
                let original = in_rust(&key.to_path(), "", accept, rules);
                assert_eq!(original, expected, "the canonical path of an original is canonical");
            }
            Ok(route @ Route::Variant(..)) => {
                let canonical = route.canonical_path();
                let read = from_canonical_path(&canonical).map(|(key, variant)| Route::Variant(key, variant));
                assert_eq!(read.map(|read| read.canonical_path()), Some(canonical.clone()));
                assert!(routed(&canonical, "", accept, rules).is_err(), "viewers may not send {canonical}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_agree_on_requests_with_likely_and_difficult_parts(
        path in likely_path(),
        query in likely_query(),
        accept in likely_accept(),
    ) {
        agree(&path, &query, &accept);
    }

    #[test]
    fn both_agree_on_operations(query in query_of_operations()) {
        agree("/files/1/cat.jpg", &query, "image/webp");
    }

    #[test]
    fn both_agree_on_arbitrary_text(path in odd_path(), query in odd_query(), accept in "[ -~\t]{0,30}") {
        agree(&path, &query, accept.trim());
    }
}
