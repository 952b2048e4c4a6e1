//! Signed requests: a signature is valid for exactly one request, which then gets what it asks for.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cdn_config::key_value::key_value_data;
use cdn_config::policy::Policy;
use contract::link::sign;
use contract::policy::Rules;
use jiff::Timestamp;
use local_edge::functions::EdgeFunctions;
use local_edge::functions::key_values::KeyValues;
use proptest::prelude::*;
use proptest::sample::select;

use super::accept::likely_accept;
use super::decision::{Decision, NOW_SECONDS, functions, in_javascript, in_rust, keys};
use super::operations::query_of_operations;

static STRICTEST: LazyLock<(Rules, EdgeFunctions)> = LazyLock::new(|| {
    let mut policy = Policy::built_in();
    policy.rules.unsigned = contract::policy::UnsignedAccess::Presets;
    (policy.rules.clone(), functions(&policy))
});

/// Rules that open everything to unsigned requests. They give the expected decision for a signed request.
static OPEN: LazyLock<Rules> = LazyLock::new(|| {
    let mut rules = Policy::built_in().rules;
    rules.unsigned = contract::policy::UnsignedAccess::Open;
    rules
});

fn decided(path: &str, query: &str, accept: &str) -> Decision {
    let (rules, functions) = &*STRICTEST;
    let decision = in_rust(path, query, accept, rules);
    assert_eq!(in_javascript(path, query, accept, functions), decision, "{path}?{query} {accept}");
    decision
}

fn status(decision: &Decision) -> u16 {
    match decision {
        Decision::Forward(..) => 200,
        Decision::Refuse(status, ..) => *status,
    }
}

pub(crate) fn any_query() -> impl Strategy<Value = String> {
    let rest = select(
        &["", "&q=77", "&lossless=1", "&q=5&lossless=1", "&fm=webp&lossless=1", "&fm=png", "&frame=2"][..],
    );
    let version = select(&["", "&v=2", "&v=a:b"][..]);
    prop_oneof![
        4 => (query_of_operations(), rest, version).prop_map(|(query, rest, version)| format!("{query}{rest}{version}")),
        1 => Just(String::new()),
        1 => Just("fm=json".to_owned()),
    ]
}

/// The signature of a text by a key of any length.
fn signature(key: &str, text: &str) -> String {
    let hex = aws_sigv4::sign::v4::calculate_signature(key, text.as_bytes());
    let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    URL_SAFE_NO_PAD.encode((0..hex.len()).step_by(2).map(digit).collect::<Vec<_>>())
}

#[test]
fn a_key_of_less_than_32_bytes_in_the_store_signs_nothing() {
    let (long, short) = ("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcde");
    let path = "/private/1/cat.jpg";
    let check = |stored: String, key: &str, expected: u16| {
        let mut pairs = key_value_data(&Policy::built_in());
        pairs.push(("signing".to_owned(), stored.clone()));
        let functions = EdgeFunctions::new(KeyValues::new(pairs), Timestamp::now).unwrap();
        let query = format!("s={}", signature(key, path));
        assert_eq!(status(&in_javascript(path, &query, "", &functions)), expected, "{stored:?} by {key:?}");
    };
    check(long.to_owned(), long, 200);
    check(format!("{long},"), long, 200);
    check(format!("{long},"), "", 403);
    check(format!(",{long}"), "", 403);
    check(String::new(), "", 403);
    check("abcde".to_owned(), "abcde", 403);
    check(format!("{long},{short}"), short, 403);
    check(format!("{short},{long}"), long, 200);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_signed_request_gets_what_an_open_policy_would_give(
        query in any_query(),
        accept in likely_accept(),
        expires in prop::option::of(NOW_SECONDS - 2..NOW_SECONDS + 3),
    ) {
        let path = "/files/1/cat.jpg";
        let Ok(link) = sign(&format!("{path}?{query}"), expires, &OPEN, &keys()) else { return Ok(()) };
        let (_, signed) = link.split_once('?').unwrap();
        let decision = decided(path, signed, &accept);
        if expires.is_some_and(|end| NOW_SECONDS >= end) {
            prop_assert_eq!(status(&decision), 410);
        } else if query.contains("&v=") {
            prop_assert_eq!(status(&decision), 200);
        } else {
            prop_assert_eq!(decision, in_rust(path, &query, &accept, &OPEN));
        }
    }

    #[test]
    fn a_signature_with_a_changed_character_is_invalid(query in any_query(), at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_-]") {
        let Ok(link) = sign(&format!("/private/1/cat.jpg?{query}"), None, &OPEN, &keys()) else { return Ok(()) };
        let (_, signed) = link.split_once('?').unwrap();
        let (before, signature) = signed.rsplit_once("s=").unwrap();
        let at = at.index(signature.len());
        let changed = format!("{}{to}{}", &signature[..at], &signature[at + 1..]);
        let expected = if changed == signature { 200 } else { 403 };
        prop_assert_eq!(status(&decided("/private/1/cat.jpg", &format!("{before}s={changed}"), "")), expected);
    }

    #[test]
    fn a_signature_is_invalid_for_every_other_variant(one in any_query(), other in any_query(), accept in likely_accept()) {
        let path = "/private/1/cat.jpg";
        let signed = |query: &str| sign(&format!("{path}?{query}"), None, &OPEN, &keys());
        let (Ok(link), Ok(other_link)) = (signed(&one), signed(&other)) else { return Ok(()) };
        let signature = |link: &str| link.rsplit_once("s=").unwrap().1.to_owned();
        let status = status(&decided(path, &format!("{other}&s={}", signature(&link)), &accept));
        prop_assert_eq!(status, if signature(&link) == signature(&other_link) { 200 } else { 403 });
    }
}
