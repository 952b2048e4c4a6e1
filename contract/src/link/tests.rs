use super::*;
use crate::policy::{DefaultQualities, UnknownParameters, UnsignedAccess};
use crate::preset::Preset;
use crate::request::{Route, Verifier, route};
use crate::variant::Quality;

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn rules() -> Rules {
    Rules {
        unsigned: UnsignedAccess::Presets,
        unknown: UnknownParameters::Ignore,
        ladder: Vec::new(),
        qualities: Vec::new(),
        default_qualities: DefaultQualities { jpeg: Quality::MAX, webp: Quality::MAX, avif: Quality::MAX },
        shapes: Vec::new(),
        marks: [].into(),
        presets: [("card".to_owned(), Preset::parse("w=200&h=200&fit=crop").unwrap())].into(),
    }
}

fn keys(text: &str) -> SigningKeys {
    SigningKeys::parse(text).unwrap()
}

/// The code was computed with Python's `hmac`.
#[test]
fn the_link_of_a_private_video_has_a_pass_that_replaces_a_former_one() {
    let sign = |url: &str, expires| sign(url, expires, &rules(), &keys(KEY));
    let url = "https://a/private-videos/1/2/index.m3u8";
    let signed =
        "https://a/private-videos/~2000000000.38t2-dus2whxaUjB7TmBvgSZzN1RGterkUShAiXBx7A/1/2/index.m3u8";
    assert_eq!(sign(url, Some(2_000_000_000)).as_deref(), Ok(signed));
    assert_eq!(sign(signed, Some(2_000_000_000)).as_deref(), Ok(signed));
    assert_eq!(sign(url, None), Err(LinkError::Endless));
    assert!(matches!(
        sign("/private-videos/1/poster.jpg?blur=5", Some(2_000_000_000)),
        Err(LinkError::Request(_))
    ));
    assert!(matches!(
        sign("/private-videos/1", Some(2_000_000_000)),
        Err(LinkError::Request(_) | LinkError::NotUrl)
    ));
    assert_eq!(key_of_url(signed).unwrap().as_str(), "private-videos/1/2/index.m3u8");
}

/// The codes were computed with Python's `hmac`.
#[test]
fn a_signed_url_is_the_url_with_its_expiry_time_and_its_signature() {
    let check = |url: &str, expires: Option<u32>, expected: &str| {
        assert_eq!(sign(url, expires, &rules(), &keys(KEY)).as_deref(), Ok(expected));
    };
    check(
        "https://cdn.example.com/private/1/cat.jpg",
        None,
        "https://cdn.example.com/private/1/cat.jpg?s=FZr_9fNGFS9E-juuBqN_B-w2N6GoQiwyIsOsuI8sVbo",
    );
    check(
        "/private/1/cat.jpg",
        Some(2_000_000_000),
        "/private/1/cat.jpg?expires=2000000000&s=aXmrJSP4DHkpsOQxd_fjGmSVRwkzf98LVma-6ZdkX8c",
    );
    check(
        "http://a/files/1/cat.jpg?width=641&utm=a=b&empty=#top",
        None,
        "http://a/files/1/cat.jpg?width=641&utm=a=b&empty&s=3NDJu46OlayHzpOuNf5p8zuOEpflJm6gJXtPOVHYU-k",
    );
    check(
        "/files/1/cat.jpg?s=old&w=641&%65xpires=5",
        None,
        "/files/1/cat.jpg?w=641&s=3NDJu46OlayHzpOuNf5p8zuOEpflJm6gJXtPOVHYU-k",
    );
    check(
        "/files/1/cat.jpg?w=641&q=77&lossless=1",
        None,
        "/files/1/cat.jpg?w=641&q=77&lossless=1&s=PGUgeuhHkehFA20yuVZw25ucchvBuNcMK3dujg7xoHw",
    );
    check(
        "/files/1/cat.jpg?w=641&v=2&fm=webp",
        Some(2_000_000_000),
        "/files/1/cat.jpg?w=641&v=2&fm=webp&expires=2000000000&s=kTDi3qV9slO5sZxdIqdYtwEtrnwyaIeFHVU4yiduAN4",
    );
}

#[test]
fn a_url_that_would_be_refused_is_not_signed() {
    let check = |url: &str, expected: &str| {
        let error = sign(url, Some(2_000_000_000), &rules(), &keys(KEY)).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{url}: {error}");
    };
    check("cat.jpg", "it is neither a URL");
    check("https://cdn.example.com", "it is neither a URL");
    check("", "it is neither a URL");
    check("https://cdn?x=/private/1/a.jpg", "it is neither a URL");
    check("x?://cdn/private/1/a.jpg", "it is neither a URL");
    check("https://cdn.example.com/cat.jpg", "paths of files begin with");
    check("/files/1/cat.jpg?w=0", "'w' must be");
    check("/files/1/cat.jpg?w=1&w=1", "'w' must be given once");
    check("/files/1/cat.jpg?preset=none", "'preset' must be");
    check("/files/1/cat.jpg/w=64,fm=webp", "variants are requested by parameters");
}

#[test]
fn a_link_signed_before_a_key_rotation_is_valid_until_the_next_rotation() {
    let other = "fedcba9876543210fedcba9876543210";
    let link = sign("/private/1/cat.jpg?w=641", Some(1_800_000_000), &rules(), &keys(KEY)).unwrap();
    let (path, query) = link.split_once('?').unwrap();
    let status = |keys: Option<&SigningKeys>, now_seconds: u64| {
        let route = route(path, query, "image/webp", &rules(), Verifier { keys, now_seconds });
        route.map(|route| route.origin_path()).map_err(|refusal| refusal.reason.status())
    };
    let expected = Ok("/private/1/cat.jpg/w=641,fm=auto.webp".to_owned());
    assert_eq!(status(Some(&keys(KEY)), 1_799_999_999), expected);
    assert_eq!(status(Some(&keys(&format!("{other},{KEY}"))), 1_799_999_999), expected);
    assert_eq!(status(Some(&keys(other)), 1_799_999_999), Err(403));
    assert_eq!(status(None, 1_799_999_999), Err(403));
    assert_eq!(status(Some(&keys(KEY)), 1_800_000_000), Err(410));
}

#[test]
fn a_link_without_its_signature_and_one_with_a_wrong_signature_are_told_apart() {
    let keys = keys(KEY);
    let verifier = Verifier { keys: Some(&keys), now_seconds: 0 };
    let check = |query: &str, expected: &str| {
        let refusal = route("/private/1/cat.jpg", query, "", &rules(), verifier).unwrap_err();
        assert_eq!((refusal.reason.status(), refusal.parameter.as_deref()), (403, Some("s")), "{query}");
        assert!(refusal.detail.starts_with(expected), "{query}: {refusal}");
    };
    check("expires=2000000000", "the link's signature 's' is missing");
    check("w=64&expires=2000000000", "the link's signature 's' is missing");
    check("w=64&s=", "the link's signature 's' is missing");
    check("w=64&s=abc", "the link's signature is not valid");
    check("w=64&s=abc&expires=2000000000", "the link's signature is not valid");
}

#[test]
fn the_signature_of_a_preset_is_that_of_its_parameters() {
    let signature = |url: &str| {
        let signed = sign(url, None, &rules(), &keys(KEY)).unwrap();
        signed.split_once("s=").unwrap().1.to_owned()
    };
    assert_eq!(signature("/files/1/cat.jpg?p=card"), signature("/files/1/cat.jpg?h=200&w=200&fit=crop"));
    assert_ne!(signature("/files/1/cat.jpg?p=card"), signature("/files/1/cat.jpg?p=card&w=201"));
}

#[test]
fn a_signed_request_gets_exactly_the_variant_that_it_asks_for() {
    let link = sign("/files/1/cat.jpg?w=641&v=a:1", None, &rules(), &keys(KEY)).unwrap();
    let (path, query) = link.split_once('?').unwrap();
    let keys = keys(KEY);
    let verifier = Verifier { keys: Some(&keys), now_seconds: 0 };
    let Ok(Route::Variant(_, variant)) = route(path, query, "", &rules(), verifier) else { panic!() };
    assert_eq!(variant.to_string(), "w=641,v=a~3A1,fm=auto.base");
    assert_eq!(variant.to_string().parse(), Ok(variant));
}
