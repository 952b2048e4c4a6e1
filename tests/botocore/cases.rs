//! Random requests to sign, as the Python script reads and answers them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

type Entries = Vec<(String, String)>;

/// A request to sign.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SigningCase {
    Post {
        #[serde(flatten)]
        context: SigningContext,
        key: String,
        fields: Entries,
        range: (u64, u64),
    },
    Put {
        #[serde(flatten)]
        context: SigningContext,
        key: String,
        r#type: String,
        size: u64,
        sha256: Option<String>,
        metadata: Entries,
    },
    Part {
        #[serde(flatten)]
        context: SigningContext,
        key: String,
        upload_id: String,
        number: u32,
    },
}

/// Bucket, credentials and time of a signature.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SigningContext {
    pub(super) bucket: &'static str,
    pub(super) region: &'static str,
    pub(super) endpoint: Option<&'static str>,
    pub(super) token: Option<String>,
    /// The time of signing in seconds since 1970.
    pub(super) now: i64,
    /// The lifetime of the signature in seconds.
    pub(super) lifetime: u32,
}

/// A signed request.
#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct SignedRequest {
    pub(super) url: String,
    #[serde(default)]
    pub(super) fields: Entries,
}

/// Forms with random fields.
pub(super) fn post() -> impl Strategy<Value = SigningCase> {
    let fields = btree_map("[A-Za-z-]{1,20}|x-amz-meta-[a-z]{1,8}", "[ -~é€😀\n\u{7f}]{0,40}", 0..6);
    let sizes = (0..1_u64 << 33, 0..1_u64 << 33).prop_map(|(a, b)| (a.min(b), a.max(b)));
    (context(), key(), fields, sizes).prop_map(|(context, key, mut fields, range)| {
        // Botocore adds this field itself.
        fields.remove("key");
        SigningCase::Post { context, key, fields: fields.into_iter().collect(), range }
    })
}

/// PUTs with the headers of the signer.
pub(super) fn put() -> impl Strategy<Value = SigningCase> {
    let types = prop::sample::select(&["image/png", "image/svg+xml", "image/jpeg", "video/mp4"]);
    let sha256 = option::of(any::<[u8; 32]>().prop_map(|bytes| STANDARD.encode(bytes)));
    let metadata = btree_map("[a-z0-9_.-]{1,16}", "[!-~]([ -~]{0,30}[!-~])?", 0..5);
    (context(), key(), types, 1..5_u64 << 30, sha256, metadata).prop_map(
        |(context, key, media_type, size, sha256, metadata)| SigningCase::Put {
            context,
            key,
            r#type: media_type.to_owned(),
            size,
            sha256,
            metadata: metadata.into_iter().collect(),
        },
    )
}

/// Parts of uploads with ids of characters that need escapes.
pub(super) fn part() -> impl Strategy<Value = SigningCase> {
    let ids = "[a-zA-Z0-9._~-]{1,90}|[ -~é€😀]{1,40}";
    (context(), key(), ids, 1..=10_000_u32).prop_map(|(context, key, upload_id, number)| SigningCase::Part {
        context,
        key,
        upload_id,
        number,
    })
}

fn context() -> impl Strategy<Value = SigningContext> {
    let regions = ["us-east-1", "us-west-2", "eu-west-1", "ap-southeast-3", "cn-north-1", "us-gov-west-1"];
    let endpoints =
        [None, None, Some("http://127.0.0.1:9000"), Some("https://s3.example.com"), Some("http://[::1]:80")];
    let token = option::of("[A-Za-z0-9+/]{20,400}={0,2}");
    let now = 946_684_800..4_102_444_800_i64;
    (
        prop::sample::select(&["originals", "my.originals.bucket"]),
        prop::sample::select(regions.to_vec()),
        prop::sample::select(endpoints.to_vec()),
        token,
        now,
        1..604_800_u32,
    )
        .prop_map(|(bucket, region, endpoint, token, now, lifetime)| SigningContext {
            bucket,
            region,
            endpoint,
            token,
            now,
            lifetime,
        })
}

/// Keys of characters that need escapes. Some keys are almost as long as allowed.
fn key() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z0-9]{1,8}",
        4 => "[ +%~é€😀'()*!$&,;:=@?#\\[\\]\"\\\\<>^`{|}._-]{1,4}",
        1 => Just("/".to_owned()),
        1 => Just("/../".to_owned()),
        1 => Just("//".to_owned()),
        1 => Just("%2F%zz".to_owned()),
        1 => any::<char>().prop_map(String::from),
    ];
    let text = |pieces: Vec<String>| format!("files/{}", pieces.concat());
    prop_oneof![
        9 => vec(piece.clone(), 1..12).prop_map(text),
        1 => vec(piece, 80..90).prop_map(text),
    ]
}
