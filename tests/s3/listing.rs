//! Listings: pages, prefixes, delimiters, limits.

use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output;
use aws_sdk_s3::types::EncodingType;
use futures::StreamExt as _;
use futures::stream;

use super::server::{BUCKET, Server};

#[tokio::test]
async fn more_than_a_page_of_keys_is_listed_once_each_and_in_order() {
    let server = Server::start().await;
    let keys: Vec<String> = (0..1203).map(|number| format!("files/{number:05}")).collect();
    stream::iter(&keys).for_each_concurrent(16, async |key| drop(server.put(key, b"x").await)).await;
    for page_size in [1000, 500, 401] {
        let pages =
            server.client.list_objects_v2().bucket(BUCKET).max_keys(page_size).into_paginator().send();
        let pages: Vec<_> = pages.collect::<Result<Vec<_>, _>>().await.unwrap();
        assert_eq!(pages.len(), 1203_usize.div_ceil(page_size as usize));
        let listed: Vec<_> =
            pages.iter().flat_map(ListObjectsV2Output::contents).filter_map(|object| object.key()).collect();
        assert_eq!(listed, keys);
    }
    let mut marker = String::new();
    let mut listed = Vec::new();
    loop {
        let page = server.client.list_objects().bucket(BUCKET).marker(&marker).send().await.unwrap();
        listed.extend(page.contents().iter().map(|object| object.key().unwrap().to_owned()));
        if page.is_truncated() != Some(true) {
            break;
        }
        marker = listed.last().unwrap().clone();
    }
    assert_eq!(listed, keys);
}

#[tokio::test]
async fn prefixes_delimiters_and_starts_are_respected() {
    let server = Server::start().await;
    for key in ["a", "a/1", "a/2", "a/b/3", "b/1", "c", "é/1"] {
        server.put(key, b"x").await;
    }
    let check = async |prefix: &str, delimiter: &str, after: &str, expected: &[&str]| {
        for page_size in [1000, 1] {
            let list = server.client.list_objects_v2().bucket(BUCKET).prefix(prefix).start_after(after);
            let list = if delimiter.is_empty() { list } else { list.delimiter(delimiter) };
            let list = list.encoding_type(EncodingType::Url).max_keys(page_size).into_paginator().send();
            let pages: Vec<_> = list.collect::<Result<Vec<_>, _>>().await.unwrap();
            let mut listed = Vec::new();
            for page in &pages {
                listed.extend(page.contents().iter().filter_map(|object| object.key()).map(str::to_owned));
                listed.extend(
                    page.common_prefixes().iter().filter_map(|prefix| prefix.prefix()).map(str::to_owned),
                );
            }
            listed.sort_unstable();
            assert_eq!(listed, expected, "{prefix:?} {delimiter:?} {after:?} {page_size}");
        }
    };
    check("", "", "", &["%C3%A9/1", "a", "a/1", "a/2", "a/b/3", "b/1", "c"]).await;
    check("", "/", "", &["%C3%A9/", "a", "a/", "b/", "c"]).await;
    check("a/", "/", "", &["a/1", "a/2", "a/b/"]).await;
    check("a", "/", "", &["a", "a/"]).await;
    check("", "", "a/2", &["%C3%A9/1", "a/b/3", "b/1", "c"]).await;
    check("", "/", "b/0", &["%C3%A9/", "b/", "c"]).await;
    check("x", "", "", &[]).await;
}

#[tokio::test]
async fn a_listing_respects_its_limit_and_refuses_an_invalid_one() {
    let server = Server::start().await;
    server.put("k", b"x").await;
    let none = server.client.list_objects_v2().bucket(BUCKET).max_keys(0).send().await.unwrap();
    assert_eq!((none.key_count(), none.is_truncated()), (Some(0), Some(false)));
    let exactly = server.client.list_objects_v2().bucket(BUCKET).max_keys(1).send().await.unwrap();
    assert_eq!((exactly.key_count(), exactly.is_truncated()), (Some(1), Some(false)));
    assert!(server.client.list_objects_v2().bucket(BUCKET).max_keys(-1).send().await.is_err());
    assert!(server.client.list_objects_v2().bucket(BUCKET).continuation_token("!").send().await.is_err());
}

#[tokio::test]
async fn each_object_is_listed_with_its_one_version() {
    let server = Server::start().await;
    for key in ["a/1", "a/2", "b", "é &"] {
        server.put(key, b"x").await;
    }
    server.put("b", b"newer").await;
    let list = |size: i32| {
        let list = server.client.list_object_versions().bucket(BUCKET).max_keys(size);
        list.encoding_type(EncodingType::Url).delimiter("/")
    };
    let (mut key, mut version, mut keys, mut prefixes) = (None, None, Vec::new(), Vec::new());
    loop {
        let page = list(1).set_key_marker(key).set_version_id_marker(version).send().await.unwrap();
        for listed in page.versions() {
            let head = server.client.head_object().bucket(BUCKET).key("b").send().await.unwrap();
            assert_eq!(listed.is_latest(), Some(true));
            assert!(
                listed.key() != Some("b")
                    || (listed.version_id(), listed.size()) == (head.version_id(), Some(5))
            );
            keys.push(listed.key().unwrap().to_owned());
        }
        prefixes.extend(page.common_prefixes().iter().map(|prefix| prefix.prefix().unwrap().to_owned()));
        (key, version) = (page.next_key_marker, page.next_version_id_marker);
        if page.is_truncated != Some(true) {
            break;
        }
    }
    assert_eq!((keys, prefixes), (vec!["b".to_owned(), "%C3%A9%20%26".to_owned()], vec!["a/".to_owned()]));
    let refused = list(1000).version_id_marker("x").send().await.unwrap_err();
    assert_eq!(refused.into_service_error().code(), Some("InvalidArgument"));
}
