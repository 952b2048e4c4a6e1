//! Random requests: both implementations return the same canonical path or the same error.

use std::collections::HashSet;
use std::sync::LazyLock;

use cdn_config::policy::Policy;
use contract::key::Key;
use contract::mark::Mark;
use contract::policy::{DefaultQualities, Rules, UnknownParameters, UnsignedAccess};
use contract::preset::Preset;
use contract::ratio::Ratio;
use contract::request::{Route, from_canonical_path};
use contract::variant::{Gravity, Quality, Side, Variant};
use local_edge::functions::EdgeFunctions;
use proptest::prelude::*;
use proptest::sample::select;

use super::accept::likely_accept;
use super::decision::{Decision, functions, in_javascript, in_rust, routed};
use super::operations::{self, query_of_a_shape, query_of_operations, query_with_a_misspelt_name};
use super::parts::{NAMES, SEGMENTS, VALUES};

/// Policies for the comparison: two for every level, which ignore or reject unknown parameters, and one with unusual
/// rungs and shapes. Each with its edge functions.
static POLICIES: LazyLock<Vec<(Rules, EdgeFunctions)>> = LazyLock::new(|| {
    let pairs = UnsignedAccess::ALL
        .into_iter()
        .flat_map(|level| [UnknownParameters::Ignore, UnknownParameters::Reject].map(|u| (level, u)));
    let policies = pairs.map(|(unsigned, unknown)| {
        let mut policy = Policy::built_in();
        (policy.rules.unsigned, policy.rules.unknown) = (unsigned, unknown);
        let preset = |name: &str, query| (name.to_owned(), Preset::parse(query).unwrap());
        let key = Key::parse("files/1/logo.png").unwrap();
        let logo = Mark { key, place: Gravity::Center, width: 200, margin: 0, opacity: 1000 };
        policy.rules.marks = [("logo".to_owned(), logo)].into();
        policy.rules.presets = [
            preset("card", "w=200&h=200&fit=crop&mark=logo"),
            preset("hero", "w=1000&ar=3:1&fit=crop&blur=20&fm=webp&bg=red"),
        ]
        .into();
        policy
    });
    let mut odd = Policy::built_in();
    odd.rules.ladder = [10, 999, 5000].into_iter().filter_map(Side::clamped).collect();
    odd.rules.shapes = [(1, 1000), (1000, 999), (999, 1000), (1, 1), (16, 10), (8, 5), (1000, 1)]
        .into_iter()
        .filter_map(|(across, down)| Ratio::new(across, down))
        .collect();
    let quality = |quality| Quality::clamped(quality).unwrap();
    odd.rules.default_qualities =
        DefaultQualities { jpeg: quality(49), webp: quality(50), avif: quality(95) };
    policies.chain([odd]).map(|policy| (policy.rules.clone(), functions(&policy))).collect()
});

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
    let frame = "/videos/1/frame.jpg".to_owned();
    prop_oneof![3 => Just("/files/1/cat.jpg".to_owned()), 1 => Just(frame), 2 => odd]
}

fn odd_query() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,40}",
        "(w|h|q|dpr|bg|fm|v)=[0-9a-f.%+]{0,9}(&\\PC{0,4}=\\PC{0,4}){0,3}",
        "\\PC{0,30}"
    ]
}

fn odd_path() -> impl Strategy<Value = String> {
    prop_oneof![
        "/(files|videos|private|private-videos)/[ -~]{0,30}",
        "/private-videos/~[0-9]{0,11}[.][ -~]{0,9}/[ -~]{0,9}",
        "/(files|videos)/\\PC{0,20}",
        "/\\PC{0,20}"
    ]
}

/// Names with characters that some encoding of paths treats in its own way.
fn likely_name() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        select(
            &[
                "é", "e\u{301}", " ", "+", "😺", "%", "%20", "%C3%A9", "~", "~C3~A9", "~7E", "'", "\"", "=",
                ",", "*"
            ][..]
        )
        .prop_map(str::to_owned),
        "[a-z]",
        any::<char>()
            .prop_filter("no key has it", |c| !c.is_ascii_control() && *c != '/')
            .prop_map(String::from),
    ];
    let name = prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat());
    name.prop_filter("a segment that is refused", |name| {
        !matches!(name.as_str(), "." | "..") && !name.contains("fm=")
    })
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
                assert_eq!(original, expected, "the path of an original at the origin is its path in a URL");
            }
            Ok(route @ Route::Variant(..)) => {
                let canonical = route.origin_path();
                assert_plain(&canonical);
                let read = from_canonical_path(&canonical).map(|(key, variant)| Route::Variant(key, variant));
                assert_eq!(read, Some(route), "{canonical}");
                assert!(routed(&canonical, "", accept, rules).is_err(), "viewers may not send {canonical}");
            }
        }
    }
}

/// Checks that a canonical path has only characters that no signature of it encodes differently, and that its last segment
/// doesn't change when it is read and written again, and is short.
fn assert_plain(path: &str) {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._~/=,-".contains(&b);
    assert!(path.bytes().all(is_plain), "{path}");
    let canonical = path.rsplit('/').next().unwrap();
    assert!(canonical.len() <= 300, "{canonical}");
    let read: Variant = canonical.parse().unwrap();
    assert_eq!(read.to_string(), canonical);
    for side in [read.width(), read.height()].into_iter().flatten() {
        assert!(side.pixels() <= 8192, "{canonical}");
    }
}

/// Checks that each variant that an unsigned request for a shape gets has a rung as its width, and a shape of the list.
fn assert_shaped(query: &str) {
    for (rules, _) in POLICIES.iter().filter(|(rules, _)| rules.unsigned == UnsignedAccess::Sizes) {
        let Ok(Route::Variant(_, variant)) = routed("/files/1/cat.jpg", query, "", rules) else { continue };
        let (width, height) = (variant.width().unwrap(), variant.height().unwrap());
        let has_shape = |shape: &Ratio| {
            shape.height_of(width.pixels().into()) == u64::from(height.pixels())
                || shape.width_of(height.pixels().into()) == u64::from(width.pixels())
        };
        assert!(rules.shapes.iter().any(has_shape), "{query}: {variant}");
        assert!(rules.ladder.contains(&width) || height == Side::MAX, "{query}: {variant}");
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_agree_on_names_and_each_has_a_canonical_path_of_its_own(
        names in prop::collection::hash_set(likely_name(), 1..6),
    ) {
        let functions = &POLICIES[0].1;
        let mut paths = HashSet::new();
        for name in &names {
            let key = Key::parse(&format!("files/1/{name}")).unwrap();
            agree(&key.to_path(), "preset=card", "image/webp");
            let decision = in_javascript(&key.to_path(), "preset=card", "image/webp", functions);
            let Decision::Forward(path, _) = decision else { panic!("{key}: {decision:?}") };
            prop_assert_eq!(from_canonical_path(&path).map(|(read, _)| read), Some(key));
            prop_assert!(paths.insert(path), "two names have one path: {:?}", names);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_agree_on_shapes_and_their_height_follows_from_the_rung(query in query_of_a_shape()) {
        agree("/files/1/cat.jpg", &query, "");
        assert_shaped(&query);
    }

    #[test]
    fn both_agree_on_misspelt_names(query in query_with_a_misspelt_name()) {
        agree("/files/1/cat.jpg", &query, "");
    }
}

#[test]
fn both_refuse_a_misspelt_name_and_accept_a_parameter_of_imgix() {
    let odd = ["a=1&x=2&fn=3", "utm_source=a&utm_id=b&fbclid=c&gclid=d"].map(str::to_owned);
    let missing = contract::imgix::MISSING.map(|name| format!("{name}=1"));
    for query in odd.iter().chain(&missing) {
        for (rules, functions) in
            POLICIES.iter().filter(|(rules, _)| rules.unknown == UnknownParameters::Ignore)
        {
            let original = in_rust("/files/1/cat.jpg", "", "", rules);
            assert_eq!(in_rust("/files/1/cat.jpg", query, "", rules), original, "{query}");
            assert_eq!(in_javascript("/files/1/cat.jpg", query, "", functions), original, "{query}");
        }
    }
    for (query, name, known) in
        [("w=9&crp=top", "crp", "crop"), ("wdith=9", "wdith", "width"), ("expries=9", "expries", "expires")]
    {
        for (rules, functions) in POLICIES.iter() {
            let detail = format!("did you mean '{known}'? There is no parameter '{name}'");
            let refused = Decision::Refuse(400, Some(name.to_owned()), detail);
            assert_eq!(in_rust("/files/1/cat.jpg", query, "", rules), refused);
            assert_eq!(in_javascript("/files/1/cat.jpg", query, "", functions), refused);
        }
    }
}
