//! `cdn-config/fixtures/pass-vectors.json`: passes of private videos for implementers in other languages. `UPDATE=1 ./test passes`
//! writes it from the Rust implementation. The edge function accepts every pass, for all files of its video and for no other.

use cdn_config::policy::Policy;
use contract::link::{sign, signed_text};
use contract::signing_keys::SigningKeys;
use serde::Serialize;

use super::decision::{Decision, functions, in_javascript, in_rust, keys};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../cdn-config/fixtures/pass-vectors.json");

/// The rule, the URL of a private video's file, the end of the pass in seconds since 1970, and the number of the key.
const LINKS: [(&str, &str, u32, usize); 9] = [
    (
        "a playlist",
        "/private-videos/0190163d-8694-739b-aea5-966c26f8ad91/5b0c6bdc/index.m3u8",
        2_000_000_000,
        0,
    ),
    ("a URL with an origin", "https://cdn.example.com/private-videos/1/2/index.mpd", 2_000_000_000, 0),
    ("the previous key", "/private-videos/1/2/index.mpd", 2_000_000_000, 1),
    ("the last possible end", "/private-videos/1/2/index.mpd", u32::MAX, 0),
    ("a poster of a size", "/private-videos/1/poster.jpg?w=640", 2_000_000_000, 0),
    ("a former pass is replaced", "/private-videos/~1800000001.AAAA/1/status.json", 2_000_000_000, 0),
    (
        "former parameters of a signature are removed",
        "/private-videos/1/status.json?expires=1900000000&s=AAAA",
        2_000_000_000,
        0,
    ),
    ("an escaped path", "/private%2Dvideos/%31/caf%C3%A9%20(1).mp4", 2_000_000_000, 0),
    ("an id with other characters", "/private-videos/a%20~b/2/index.mpd", 2_000_000_000, 0),
];

/// A link with a pass.
#[derive(Debug, Serialize)]
struct Vector {
    /// The rule that the vector shows.
    rule: &'static str,
    /// The URL that is signed.
    link: &'static str,
    /// The end of the pass, in seconds since 1970.
    expires: u32,
    /// The secret.
    key: String,
    /// The text whose HMAC-SHA256 is the signature.
    text: String,
    /// The URL with the pass.
    url: String,
}

fn vectors() -> Vec<Vector> {
    let rules = &Policy::built_in().rules;
    let vector = |(rule, link, expires, key)| {
        let key = keys().secrets().nth(key).unwrap().to_owned();
        let text = signed_text(link, Some(expires), rules).unwrap();
        let url = sign(link, Some(expires), rules, &SigningKeys::parse(&key).unwrap()).unwrap();
        Vector { rule, link, expires, key, text, url }
    };
    LINKS.into_iter().map(vector).collect()
}

/// The decision of both implementations on a URL without an origin.
fn decide(url: &str) -> Decision {
    let policy = Policy::built_in();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let decision = in_rust(path, query, "", &policy.rules);
    assert_eq!(in_javascript(path, query, "", &functions(&policy)), decision, "{url}");
    decision
}

fn path_of(decision: &Decision) -> &str {
    match decision {
        Decision::Forward(path, _) => path,
        Decision::Refuse(..) => panic!("{decision:?}"),
    }
}

#[test]
fn the_vectors_of_passes_are_those_of_the_rust_implementation() {
    let rows: Vec<String> =
        vectors().iter().map(|vector| format!("  {}", serde_json::to_string(vector).unwrap())).collect();
    let text = format!("[\n{}\n]\n", rows.join(",\n"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, &text).unwrap();
    }
    let is_current = std::fs::read_to_string(FILE).unwrap_or_default() == text;
    assert!(is_current, "pass-vectors.json is out of date: `UPDATE=1 ./test passes` rewrites it");
}

#[test]
fn a_pass_opens_all_files_of_its_video_and_of_no_other() {
    let policy = Policy::built_in();
    let playlist =
        sign("/private-videos/1/2/index.m3u8", Some(2_000_000_000), &policy.rules, &keys()).unwrap();
    let at = |name: &str| format!("{}/{name}", playlist.strip_suffix("/1/2/index.m3u8").unwrap());
    assert_eq!(path_of(&decide(&playlist)), "/private-videos/1/2/index.m3u8");
    assert_eq!(path_of(&decide(&at("1/2/index_270p_00001.mp4"))), "/private-videos/1/2/index_270p_00001.mp4");
    assert_eq!(path_of(&decide(&at("1/status.json"))), "/private-videos/1/status.json");
    // The policy opens widths, and rounds them up to its ladder, but no operations.
    assert_eq!(
        path_of(&decide(&at("1/poster.jpg?w=641"))),
        "/private-videos/1/poster.jpg/w=750,fm=auto.base"
    );
    let refused = |url: &str, status: u16| {
        let decision = decide(url);
        assert!(matches!(&decision, Decision::Refuse(found, ..) if *found == status), "{url}: {decision:?}");
    };
    refused(&at("1/poster.jpg?blur=5"), 403);
    refused(&at("2/2/index.m3u8"), 403);
    refused(&at("1"), 403);
    refused(&at("../private/1/a.mp4"), 400);
    refused("/private-videos/1/2/index.m3u8", 403);
    refused(&playlist.replace("/private-videos/", "/private/"), 403);
    refused(&playlist.replace("~2000000000", "~2000000001"), 403);
    refused(&playlist.replace("~2000000000", "~"), 403);
    refused(&playlist.replace("~2000000000.", "~2000000000"), 403);
    for pass in ["~", "~.", "~a.b", "~2000000000.", "~-1.AAAA", "~20000000000.AAAA", "~5.AAAA"] {
        refused(&format!("/private-videos/{pass}/1/2/index.m3u8"), 403);
    }
}

#[test]
fn a_pass_ends_at_its_time_and_a_wrong_one_is_told_before() {
    let policy = Policy::built_in();
    let until = |end| sign("/private-videos/1/2/index.m3u8", Some(end), &policy.rules, &keys()).unwrap();
    path_of(&decide(&until(super::decision::NOW_SECONDS + 1)));
    let ended = until(super::decision::NOW_SECONDS);
    assert!(matches!(decide(&ended), Decision::Refuse(410, None, _)), "{ended}");
    let wrong = ended.replace("/1/2/", "/2/2/");
    assert!(matches!(decide(&wrong), Decision::Refuse(403, None, _)), "{wrong}");
}

#[test]
fn both_implementations_accept_every_vector() {
    for Vector { link, url, .. } in vectors() {
        let decision = decide(url.strip_prefix("https://cdn.example.com").unwrap_or(&url));
        assert!(matches!(decision, Decision::Forward(..)), "{link}: {decision:?}");
    }
}
