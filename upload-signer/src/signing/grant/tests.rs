use std::time::Duration;

use contract::key::Area;
use proptest::prelude::*;
use uuid::uuid;

use super::*;
use crate::signing::policy::{S3_MAX_BYTES, TypePattern};
use crate::signing::request_body::RequestBody;

const ID: Uuid = uuid!("019b7c3a-5d0f-7a11-8c22-0123456789ab");

fn request(json: &str) -> UploadRequest {
    match RequestBody::parse(json.as_bytes(), 1).unwrap() {
        RequestBody::One(request) => request,
        RequestBody::Batch(_) => panic!("expected one file"),
    }
}

fn grant(json: &str, policy: &UploadPolicy) -> Result<Grant, SignError> {
    Grant::new(request(json), policy, ID, "2026-01-02T03:19:05Z".parse().unwrap())
}

#[test]
fn a_grant_contains_all_signed_properties() {
    let json = r#"{"filename":"Ein Kätzchen.JPG","type":"image/jpeg","size":1234,"method":"PUT",
        "visibility":"private","metadata":{"Album":"7"},
        "sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}"#;
    let grant = grant(json, &UploadPolicy::default()).unwrap();
    insta::assert_debug_snapshot!(grant, @r#"
    Grant {
        id: 019b7c3a-5d0f-7a11-8c22-0123456789ab,
        key: Key(
            "private/019b7c3a-5d0f-7a11-8c22-0123456789ab/Ein-Kätzchen.jpg",
        ),
        declared_type: DeclaredType {
            media_type: MediaType(
                "image/jpeg",
            ),
            content_type: "image/jpeg",
        },
        method: Put,
        bytes: 1234..=1234,
        sha256: Some(
            Sha256(
                [
                    227,
                    176,
                    196,
                    66,
                    152,
                    252,
                    28,
                    20,
                    154,
                    251,
                    244,
                    200,
                    153,
                    111,
                    185,
                    36,
                    39,
                    174,
                    65,
                    228,
                    100,
                    155,
                    147,
                    76,
                    164,
                    149,
                    153,
                    27,
                    120,
                    82,
                    184,
                    85,
                ],
            ),
        ),
        metadata: Metadata(
            {
                "album": "7",
            },
        ),
        owner: None,
        expires: 2026-01-02T03:19:05Z,
    }
    "#);
}

#[test]
fn the_visibility_selects_the_area() {
    let check = |visibility: &str, expected: Area| {
        let json = format!(r#"{{"filename":"a.png","type":"image/png","visibility":"{visibility}"}}"#);
        assert_eq!(grant(&json, &UploadPolicy::default()).unwrap().key.area(), expected);
    };
    check("public", Area::Files);
    check("private", Area::Private);
}

#[test]
fn a_type_outside_the_policy_is_refused_with_the_allowed_types() {
    let types = ["image/*", "video/mp4"].map(|text| TypePattern::parse(text).unwrap()).to_vec();
    let policy = UploadPolicy { types, ..UploadPolicy::default() };
    let check = |media_type: &str, is_taken: bool| {
        let result = grant(&format!(r#"{{"filename":"a","type":"{media_type}"}}"#), &policy);
        assert_eq!(result.is_ok(), is_taken, "{media_type}");
    };
    check("image/x-png", true);
    check("image/heic", true);
    check("image/x-new", false);
    check("video/mp4", true);
    check("video/webm", false);
    check("text/html", false);
    let error = grant(r#"{"filename":"a","type":"text/html"}"#, &policy).unwrap_err();
    let allowed = vec!["image/*".to_owned(), "video/mp4".to_owned()];
    let declared = MediaType::parse("text/html").unwrap();
    assert_eq!(error, SignError::at("type", Cause::TypeNotAllowed { declared, allowed }));
}

#[test]
fn a_form_has_the_canonical_type_and_a_put_the_client_s_spelling() {
    let check = |declared: &str, form: &str, put: &str| {
        let json =
            |method: &str| format!(r#"{{"filename":"a","type":"{declared}","size":1,"method":"{method}"}}"#);
        let grant = |method: &str| grant(&json(method), &UploadPolicy::default()).unwrap();
        let value = |pairs: Vec<(String, String)>, name: &str| {
            pairs.into_iter().find(|(candidate, _)| candidate == name).unwrap().1
        };
        assert_eq!(value(grant("POST").fields(), "Content-Type"), form);
        assert_eq!(value(grant("PUT").headers(), "content-type"), put);
    };
    check("image/png", "image/png", "image/png");
    check("image/jpg", "image/jpeg", "image/jpg");
    check("video/webm;codecs=vp9", "video/webm", "video/webm;codecs=vp9");
}

#[test]
fn a_declared_size_is_exact_and_an_undeclared_one_has_a_limit() {
    let check = |size: &str, method: &str, expected: Result<RangeInclusive<u64>, &str>| {
        let json = format!(r#"{{"filename":"a","type":"image/png","size":{size},"method":"{method}"}}"#);
        let policy = UploadPolicy { max_bytes: 1000, ..UploadPolicy::default() };
        let bytes = grant(&json, &policy).map(|grant| grant.bytes).map_err(|error| error.to_string());
        assert_eq!(bytes, expected.map_err(str::to_owned), "{json}");
    };
    check("1000", "POST", Ok(1000..=1000));
    check("1000", "PUT", Ok(1000..=1000));
    check("1", "PUT", Ok(1..=1));
    check("null", "POST", Ok(1..=1000));
    check("null", "PUT", Err("size: it is missing"));
    check("1001", "POST", Err("size: the file has 1001 bytes, at most 1000 are allowed"));
    check("1001", "PUT", Err("size: the file has 1001 bytes, at most 1000 are allowed"));
}

#[test]
fn no_policy_exceeds_the_limits_of_s3() {
    let policy =
        UploadPolicy { max_bytes: u64::MAX, max_metadata_bytes: usize::MAX, ..UploadPolicy::default() };
    let with = |field: &str| grant(&format!(r#"{{"filename":"a","type":"image/png",{field}}}"#), &policy);
    assert!(with(&format!(r#""size":{S3_MAX_BYTES}"#)).is_ok());
    assert!(with(&format!(r#""size":{}"#, S3_MAX_BYTES + 1)).is_err());
    let metadata =
        |last: usize| format!(r#""metadata":{{"a":"{:1023}","b":"{:last$}"}}"#, "", "").replace(' ', "v");
    assert!(with(&metadata(1023)).is_ok());
    let error = with(&metadata(1024)).unwrap_err();
    assert_eq!(error, SignError::at("metadata", Cause::TooMuchMetadata { bytes: 2049, limit: 2048 }));
}

#[test]
fn a_grant_ends_after_the_lifetime_of_the_policy_or_with_the_credentials() {
    let check = |now: &str, seconds: u64, credentials_end: Option<&str>, expected: Option<&str>| {
        let policy = UploadPolicy { lifetime: Duration::from_secs(seconds), ..UploadPolicy::default() };
        let end = expiry(now.parse().unwrap(), &policy, credentials_end.map(|text| text.parse().unwrap()));
        assert_eq!(
            end.ok().map(|end| end.to_string()).as_deref(),
            expected,
            "{now} {seconds} {credentials_end:?}"
        );
    };
    check("2026-01-02T03:04:05.9Z", 900, None, Some("2026-01-02T03:19:05Z"));
    check("2026-01-02T03:04:05Z", 900, Some("2026-01-02T09:00:00Z"), Some("2026-01-02T03:19:05Z"));
    check("2026-01-02T03:04:05Z", 900, Some("2026-01-02T03:10:00.7Z"), Some("2026-01-02T03:10:00Z"));
    check("2026-01-02T03:04:05Z", 900, Some("2026-01-02T03:04:06Z"), Some("2026-01-02T03:04:06Z"));
    check("2026-01-02T03:04:05Z", 900, Some("2026-01-02T03:04:05Z"), None);
    check("2026-01-02T03:04:05Z", 900, Some("2026-01-01T00:00:00Z"), None);
    check("2026-01-02T03:04:05Z", u64::MAX, None, Some("2026-01-09T03:04:05Z"));
}

proptest! {
    #[test]
    fn any_file_name_yields_a_key_with_an_id(file_name in any::<String>()) {
        let request = UploadRequest { file_name, ..request(r#"{"filename":"","type":"image/png"}"#) };
        let grant = Grant::new(request, &UploadPolicy::default(), ID, Timestamp::UNIX_EPOCH).unwrap();
        prop_assert!(grant.key.is_write_once());
        prop_assert_eq!(Key::from_path(&grant.key.to_path()), Ok(grant.key));
    }
}
