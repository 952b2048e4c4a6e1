//! Multipart uploads over HTTP and the local S3: a granted upload becomes an object, and a refused one leaves nothing.

mod client;

use aws_credential_types::Credentials;
use bytes::Bytes;
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use tintype::local::names::ORIGINALS;
use tintype::secrets;
use upload_signer::callers::session::Session;
use upload_signer::parts::store::MultipartStore;
use upload_signer::signing::bucket_endpoint::BucketEndpoint;
use upload_signer::signing::policy::TypePattern;
use upload_signer::signing::signer::Signer;

use client::{Client, check_gone, client_of_signer, client_with_limit, part, store_config};

use crate::s3::server::{self, Server};
use crate::support::Running;

const MIB: usize = 1024 * 1024;

#[tokio::test]
async fn a_multipart_upload_becomes_an_object_with_type_and_name() {
    let stack = Running::start().await;
    let client = Client::new(stack.edge().to_owned());
    let upload = client.create().await;
    let (first, last) = (part(1, 5 * MIB), part(2, 1000));
    let etags = [client.put(&upload, 1, first.clone()).await, client.put(&upload, 2, last.clone()).await];
    let (status, body) = client.complete(&upload, &etags).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!((body["key"].as_str(), body["bucket"].as_str()), (Some(&*upload.key), Some(ORIGINALS)));
    // A client that missed the response completes the upload again.
    assert_eq!(client.complete(&upload, &etags).await, (200, body));

    let object = stack.s3().get_object().bucket(ORIGINALS).key(&upload.key).send().await.unwrap();
    assert_eq!(object.content_type(), Some("video/mp4"));
    assert_eq!(object.cache_control(), Some("public, max-age=31536000, immutable"));
    let name = object.metadata().unwrap()["name"].clone();
    assert_eq!(name, "=?UTF-8?B?w6kgKyUubXA0?=");
    // `assert_eq` would print megabytes.
    let is_whole = object.body.collect().await.unwrap().into_bytes() == [first, last].concat();
    assert!(is_whole);
}

#[tokio::test]
async fn a_multipart_upload_is_checked_before_it_is_served() {
    let stack = Running::start().await;
    let client = Client::new(stack.edge().to_owned());
    let check = async |file: &'static [u8], state: &str, status: u16| {
        let upload = client.create().await;
        let etag = client.put(&upload, 1, Bytes::from_static(file)).await;
        assert_eq!(client.complete(&upload, &[etag]).await.0, 200);
        let id = upload.key.split('/').nth(1).unwrap();
        assert_eq!(stack.settled(&json!({ "id": id })).await["state"], state);
        let path = reqwest::Url::parse(stack.edge()).unwrap().join(&upload.key).unwrap().path().to_owned();
        assert_eq!(stack.get(&path).await.status, status);
    };
    check(b"\0\0\0\x18ftypisom\0\0\x02\0isommp41", "clean", 200).await;
    check(b"<!doctype html><script>alert(1)</script>", "refused", 404).await;
}

#[tokio::test]
async fn the_parts_of_an_upload_are_listed_and_an_abort_removes_them() {
    let stack = Running::start().await;
    let client = client_with_limit(&stack, 50_000_000).await;
    let upload = client.create().await;
    // The listing has several pages.
    let mut etags = Vec::new();
    for n in 1..=5u8 {
        etags.push(client.put(&upload, n.into(), part(n, 5 * MIB)).await);
    }
    let (status, listed) = client.request(Method::GET, &upload, "", None).await;
    let expected: Vec<_> = etags
        .iter()
        .zip(1..)
        .map(|(etag, n)| json!({ "PartNumber": n, "ETag": etag, "Size": 5 * MIB }))
        .collect();
    assert_eq!((status, listed), (200, Value::from(expected)));

    let (status, body) = client.request(Method::DELETE, &upload, "", None).await;
    assert_eq!((status, body), (200, json!({})));
    check_gone(&stack, &upload).await;
    // A second abort is not an error, and the upload can't be continued.
    assert_eq!(client.request(Method::DELETE, &upload, "", None).await.0, 200);
    assert_eq!(client.request(Method::GET, &upload, "", None).await.0, 404);
    let (status, body) = client.complete(&upload, &etags).await;
    assert_eq!((status, body["error"].as_str()), (404, Some("not-found")));
}

#[tokio::test]
async fn an_upload_with_several_pages_of_parts_is_completed() {
    let stack = Running::start().await;
    let client = client_with_limit(&stack, 50_000_000).await;
    let upload = client.create().await;
    let mut etags = Vec::new();
    for n in 1..=5u8 {
        etags.push(client.put(&upload, n.into(), part(n, 5 * MIB)).await);
    }
    assert_eq!(client.complete(&upload, &etags).await.0, 200);
    let head = stack.s3().head_object().bucket(ORIGINALS).key(&upload.key).send().await.unwrap();
    assert_eq!(head.content_length(), Some(25 * 1024 * 1024));
}

/// The parts have one byte each, and this S3 accepts such parts. Parts of 5 MiB would need 6 GB.
#[tokio::test]
async fn an_upload_of_more_than_a_thousand_parts_is_completed() {
    const PARTS: usize = 1_200;
    let s3 = Server::start_with_small_parts().await;
    let credentials = Credentials::new(server::ACCESS_KEY_ID, server::SECRET, None, None, "test");
    let config = store_config(&s3.endpoint, server::REGION, &credentials, server::BUCKET);
    let bucket = BucketEndpoint::at_endpoint(server::BUCKET, server::REGION, &s3.endpoint).unwrap();
    let signer = Signer::new(bucket, credentials, "http://127.0.0.1:9");
    let client =
        client_of_signer(signer, 10_000 * 5 * MIB as u64, MultipartStore::new(&config), &config).await;

    let upload = client.create().await;
    let bytes: Vec<u8> = (0..PARTS).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let mut etags = Vec::new();
    for (first, group) in bytes.chunks(100).enumerate().map(|(group, bytes)| (group * 100 + 1, bytes)) {
        let numbers: Vec<_> = (first..first + group.len()).map(|n| n.to_string()).collect();
        let rest = format!("/batch?partNumbers={}", numbers.join(","));
        let (_, urls) = client.request(Method::GET, &upload, &rest, None).await;
        for (number, byte) in numbers.iter().zip(group) {
            let url = urls["presignedUrls"][number].as_str().unwrap();
            etags.push(client.put_to(url, Bytes::copy_from_slice(&[*byte])).await);
        }
    }
    let (status, listed) = client.request(Method::GET, &upload, "", None).await;
    assert_eq!((status, listed.as_array().unwrap().len()), (200, PARTS));
    let (status, body) = client.complete(&upload, &etags).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(s3.get(&upload.key).await, bytes);
}

#[tokio::test]
async fn an_upload_over_its_size_limit_is_refused_and_removed() {
    let stack = Running::start().await;
    let client = client_with_limit(&stack, 10 * MIB as u64).await;
    let upload = client.create().await;
    // The client requests all URLs first, and then sends larger parts than planned.
    let (status, body) = client.request(Method::GET, &upload, "/batch?partNumbers=1,2", None).await;
    assert_eq!(status, 200, "{body}");
    let mut etags = Vec::new();
    for (n, bytes) in [(1, 5 * MIB), (2, 5 * MIB + 1)] {
        let url = body["presignedUrls"][n.to_string()].as_str().unwrap();
        etags.push(client.put_to(url, part(1, bytes)).await);
    }
    let (status, body) = client.complete(&upload, &etags).await;
    assert_eq!((status, body["error"].as_str()), (413, Some("too-large")), "{body}");
    assert_eq!(body["message"], "the file has 10485761 bytes, at most 10485760 are allowed");
    check_gone(&stack, &upload).await;
    assert_eq!(client.request(Method::GET, &upload, "/3", None).await.0, 400);

    // An upload of exactly the limit is accepted.
    let upload = client.create().await;
    let etags =
        [client.put(&upload, 1, part(1, 5 * MIB)).await, client.put(&upload, 2, part(2, 5 * MIB)).await];
    assert_eq!(client.complete(&upload, &etags).await.0, 200);
}

#[tokio::test]
async fn parts_beyond_the_limit_are_removed_at_the_next_request_of_the_client() {
    let stack = Running::start().await;
    let client = client_with_limit(&stack, 10 * MIB as u64).await;
    for next in ["/2", "/1", "/batch?partNumbers=1,2", ""] {
        let upload = client.create().await;
        client.put(&upload, 1, part(1, 10 * MIB + 1)).await;
        let (status, body) = client.request(Method::GET, &upload, next, None).await;
        assert_eq!((status, body["error"].as_str()), (413, Some("too-large")), "{next}: {body}");
        assert_eq!(body["message"], "the file has 10485761 bytes, at most 10485760 are allowed");
        check_gone(&stack, &upload).await;
        // The upload has ended.
        let (status, body) = client.request(Method::GET, &upload, "/1", None).await;
        assert_eq!((status, body["error"].as_str()), (404, Some("not-found")), "{next}: {body}");
    }
}

#[tokio::test]
async fn an_upload_whose_parts_differ_from_the_list_of_the_client_is_removed() {
    let stack = Running::start().await;
    let client = client_with_limit(&stack, 50_000_000).await;
    let check = async |sent: &[(usize, usize)], listed: &[usize], message: &str| {
        let upload = client.create().await;
        let mut etags = vec!["\"00000000000000000000000000000000\"".to_owned(); 4];
        for (number, bytes) in sent {
            etags[*number] = client.put(&upload, *number, part(1, *bytes)).await;
        }
        let parts: Vec<_> = listed.iter().map(|n| json!({ "PartNumber": n, "ETag": etags[*n] })).collect();
        let (status, body) =
            client.request(Method::POST, &upload, "/complete", Some(json!({ "parts": parts }))).await;
        assert_eq!((status, body["error"].as_str()), (400, Some("bad-request")), "{body}");
        assert!(body["message"].as_str().unwrap().contains(message), "{body}");
        check_gone(&stack, &upload).await;
    };
    check(&[(1, 5 * MIB), (2, 10)], &[1], "parts in the list: 1, uploaded parts: 2").await;
    check(&[(1, 10)], &[1, 2], "parts in the list: 2, uploaded parts: 1").await;
    check(&[(1, 5 * MIB), (3, 10)], &[1, 3], "part 2 is not the one").await;
    check(&[(1, 5 * MIB), (2, 10)], &[1, 3], "part 2 is not the one").await;
    check(&[(1, 10), (2, 10)], &[1, 2], "at least 5 MiB").await;
}

#[tokio::test]
async fn an_existing_object_is_not_overwritten() {
    let stack = Running::start().await;
    let client = Client::new(stack.edge().to_owned());
    let upload = client.create().await;
    let etags = [client.put(&upload, 1, part(1, 10)).await];
    let existing = stack.s3().put_object().bucket(ORIGINALS).key(&upload.key);
    existing.body(Bytes::from_static(b"there").into()).send().await.unwrap();
    let (status, body) = client.complete(&upload, &etags).await;
    assert_eq!((status, body["error"].as_str()), (409, Some("conflict")), "{body}");
    let object = stack.s3().get_object().bucket(ORIGINALS).key(&upload.key).send().await.unwrap();
    assert_eq!(object.body.collect().await.unwrap().into_bytes(), "there");
}

#[tokio::test]
async fn every_request_is_bound_to_the_owner_and_limits_of_its_session() {
    let stack = Running::start().await;
    let keys = secrets::open(stack.data()).unwrap().sessions;
    let in_an_hour = Timestamp::now() + std::time::Duration::from_hours(1);
    let client_of =
        |session: &Session| Client::new(format!("{}/u/{}", stack.edge(), session.to_token(&keys)));
    let alice = client_of(&Session::new("alice", in_an_hour));
    let bob = client_of(&Session::new("bob", in_an_hour));

    let upload = alice.create().await;
    let etag = alice.put(&upload, 1, part(1, 10)).await;
    for (method, rest) in [(Method::GET, "/1"), (Method::GET, ""), (Method::DELETE, "")] {
        let (status, body) = bob.request(method, &upload, rest, None).await;
        assert_eq!((status, body["error"].as_str()), (403, Some("forbidden")), "{body}");
    }
    assert_eq!(bob.complete(&upload, std::slice::from_ref(&etag)).await.0, 403);
    // Another session of the same owner may continue the upload.
    let again = Session { max_files: Some(1), ..Session::new("alice", in_an_hour) };
    assert_eq!(client_of(&again).complete(&upload, &[etag]).await.0, 200);

    let past = Session::new("alice", Timestamp::now() - std::time::Duration::from_hours(1));
    let (status, body) = client_of(&past).call(Method::GET, "params?filename=a&type=image/png", None).await;
    assert_eq!((status, body["message"].as_str()), (403, Some("the session has expired; ask for a new one")));

    let small = Session {
        types: TypePattern::parse("video/*").map(|types| vec![types]),
        max_bytes: Some(10),
        ..Session::new("alice", in_an_hour)
    };
    let small = client_of(&small);
    assert_eq!(small.call(Method::GET, "params?filename=a&type=image/png", None).await.0, 415);
    let upload = small.create().await;
    let etag = small.put(&upload, 1, part(1, 11)).await;
    assert_eq!(small.complete(&upload, &[etag]).await.0, 413);
    check_gone(&stack, &upload).await;
}
