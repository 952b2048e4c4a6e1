use contract::key::Key;
use uuid::uuid;

use super::*;

fn signer(token: Option<&str>) -> Signer {
    let target = BucketEndpoint::at_endpoint("originals", "us-east-1", "http://127.0.0.1:9000").unwrap();
    let credentials = Credentials::new("AK", "SK", token.map(str::to_owned), None, "test");
    Signer {
        clock: || "2026-01-02T03:04:05.678Z".parse().unwrap(),
        new_id: |_| uuid!("019b7c3a-5d0f-7a11-8c22-0123456789ab"),
        ..Signer::new(target, credentials, "https://cdn.example.com/")
    }
}

fn answer(signer: &Signer, body: &str) -> Result<String, SignError> {
    Ok(serde_json::to_string_pretty(&signer.sign_body(body.as_bytes())?).unwrap())
}

#[test]
fn a_post_is_signed_as_a_form() {
    let body = r#"{"filename":"Kätzchen 1.png","type":"image/png","metadata":{"Album":"7"},
        "sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}"#;
    insta::assert_snapshot!(answer(&signer(Some("token+/=")), body).unwrap(), @r#"
    {
      "id": "019b7c3a-5d0f-7a11-8c22-0123456789ab",
      "key": "files/019b7c3a-5d0f-7a11-8c22-0123456789ab/Kätzchen-1.png",
      "method": "POST",
      "url": "http://127.0.0.1:9000/originals",
      "fields": {
        "Content-Type": "image/png",
        "Cache-Control": "public, max-age=31536000, immutable",
        "tagging": "<Tagging><TagSet><Tag><Key>state</Key><Value>pending</Value></Tag></TagSet></Tagging>",
        "x-amz-checksum-algorithm": "SHA256",
        "x-amz-checksum-sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "x-amz-meta-album": "7",
        "key": "files/019b7c3a-5d0f-7a11-8c22-0123456789ab/Kätzchen-1.png",
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": "AK/20260102/us-east-1/s3/aws4_request",
        "x-amz-date": "20260102T030405Z",
        "x-amz-security-token": "token+/=",
        "policy": "eyJleHBpcmF0aW9uIjogIjIwMjYtMDEtMDJUMDM6MTk6MDVaIiwgImNvbmRpdGlvbnMiOiBbeyJDb250ZW50LVR5cGUiOiAiaW1hZ2UvcG5nIn0sIHsiQ2FjaGUtQ29udHJvbCI6ICJwdWJsaWMsIG1heC1hZ2U9MzE1MzYwMDAsIGltbXV0YWJsZSJ9LCB7InRhZ2dpbmciOiAiPFRhZ2dpbmc+PFRhZ1NldD48VGFnPjxLZXk+c3RhdGU8L0tleT48VmFsdWU+cGVuZGluZzwvVmFsdWU+PC9UYWc+PC9UYWdTZXQ+PC9UYWdnaW5nPiJ9LCB7IngtYW16LWNoZWNrc3VtLWFsZ29yaXRobSI6ICJTSEEyNTYifSwgeyJ4LWFtei1jaGVja3N1bS1zaGEyNTYiOiAiNDdERVFwajhIQlNhKy9USW1XKzVKQ2V1UWVSa201Tk1wSldaRzNoU3VGVT0ifSwgeyJ4LWFtei1tZXRhLWFsYnVtIjogIjcifSwgWyJjb250ZW50LWxlbmd0aC1yYW5nZSIsIDEsIDEwNDg1NzYwMF0sIHsiYnVja2V0IjogIm9yaWdpbmFscyJ9LCB7ImtleSI6ICJmaWxlcy8wMTliN2MzYS01ZDBmLTdhMTEtOGMyMi0wMTIzNDU2Nzg5YWIvS1x1MDBlNHR6Y2hlbi0xLnBuZyJ9LCB7IngtYW16LWFsZ29yaXRobSI6ICJBV1M0LUhNQUMtU0hBMjU2In0sIHsieC1hbXotY3JlZGVudGlhbCI6ICJBSy8yMDI2MDEwMi91cy1lYXN0LTEvczMvYXdzNF9yZXF1ZXN0In0sIHsieC1hbXotZGF0ZSI6ICIyMDI2MDEwMlQwMzA0MDVaIn0sIHsieC1hbXotc2VjdXJpdHktdG9rZW4iOiAidG9rZW4rLz0ifV19",
        "x-amz-signature": "edb0277bea522363885029384270903a20a3d0965f1a7efa4676424ab0a42b5c"
      },
      "expires": "2026-01-02T03:19:05Z",
      "maxSize": 104857600,
      "publicUrl": "https://cdn.example.com/files/019b7c3a-5d0f-7a11-8c22-0123456789ab/K%C3%A4tzchen-1.png"
    }
    "#);
}

#[test]
fn a_put_is_signed_with_headers() {
    let body = r#"{"filename":"Kätzchen 1.png","type":"image/png","size":1234,"method":"PUT",
        "visibility":"private","metadata":{"Album":"7"}}"#;
    insta::assert_snapshot!(answer(&signer(None), body).unwrap(), @r#"
    {
      "id": "019b7c3a-5d0f-7a11-8c22-0123456789ab",
      "key": "private/019b7c3a-5d0f-7a11-8c22-0123456789ab/Kätzchen-1.png",
      "method": "PUT",
      "url": "http://127.0.0.1:9000/originals/private/019b7c3a-5d0f-7a11-8c22-0123456789ab/K%C3%A4tzchen-1.png?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20260102%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900&X-Amz-SignedHeaders=cache-control%3Bcontent-length%3Bcontent-type%3Bhost%3Bif-none-match%3Bx-amz-meta-album%3Bx-amz-tagging&X-Amz-Signature=338433d4a9eebcacf014c656877cf26f7c837fba3baab05ef690c6ad198aa8aa",
      "headers": {
        "content-length": "1234",
        "content-type": "image/png",
        "cache-control": "public, max-age=31536000, immutable",
        "if-none-match": "*",
        "x-amz-tagging": "state=pending",
        "x-amz-meta-album": "7"
      },
      "expires": "2026-01-02T03:19:05Z",
      "maxSize": 1234,
      "publicUrl": "https://cdn.example.com/private/019b7c3a-5d0f-7a11-8c22-0123456789ab/K%C3%A4tzchen-1.png"
    }
    "#);
}

#[test]
fn a_batch_is_signed_completely_or_not_at_all() {
    let body = |last: &str| {
        format!(r#"{{"files":[{{"filename":"a","type":"image/png"}},{{"filename":"b","type":"{last}"}}]}}"#)
    };
    let signer = signer(None);
    let Ok(PresignedUploads::Batch { uploads }) = signer.sign_body(body("image/gif").as_bytes()) else {
        panic!()
    };
    let names: Vec<_> = uploads.iter().map(|upload| upload.key.rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["a.png", "b.gif"]);
    let error = signer.sign_body(body("text/html").as_bytes()).unwrap_err();
    assert_eq!(error.field.as_deref(), Some("files[1].type"));
}

#[test]
fn signatures_end_with_the_credentials() {
    let mut signer = signer(None);
    let end = |text: &str| Some(SystemTime::from(text.parse::<Timestamp>().unwrap()));
    *signer.credentials.expiry_mut() = end("2026-01-02T03:05:05Z");
    let put = r#"{"filename":"a","type":"image/png","size":1,"method":"PUT"}"#;
    let Ok(PresignedUploads::One(upload)) = signer.sign_body(put.as_bytes()) else { panic!() };
    assert_eq!(upload.expires, "2026-01-02T03:05:05Z");
    assert!(upload.url.contains("&X-Amz-Expires=60&"), "{}", upload.url);

    *signer.credentials.expiry_mut() = end("2026-01-02T03:04:05Z");
    assert_eq!(signer.sign_body(put.as_bytes()), Err(SignError::whole(Cause::CredentialsExpired)));
    let batch = format!(r#"{{"files":[{put}]}}"#);
    assert_eq!(signer.sign_body(batch.as_bytes()), Err(SignError::whole(Cause::CredentialsExpired)));
}

#[test]
fn the_debug_text_omits_signature_and_token() {
    let answer = signer(Some("secret-token")).sign_body(br#"{"filename":"a","type":"image/png"}"#).unwrap();
    let text = format!("{answer:?}");
    assert!(
        text.contains("a.png") && !text.contains("secret-token") && !text.contains("signature"),
        "{text}"
    );
}

#[test]
fn ids_are_unique_and_sort_by_time() {
    let at = |text: &str| random_id(text.parse().unwrap());
    let (first, same, later) =
        (at("2026-01-02T03:04:05.678Z"), at("2026-01-02T03:04:05.678Z"), at("2026-01-02T03:04:05.679Z"));
    assert_ne!(first, same);
    assert!(first < later && same < later);
    assert!(Key::parse(&format!("files/{first}/a.png")).unwrap().is_write_once());
    assert!(Key::parse(&format!("files/{}/a.png", at("1900-01-01T00:00:00Z"))).unwrap().is_write_once());
}
