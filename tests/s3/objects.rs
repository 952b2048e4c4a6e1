//! Objects: keys, headers, tags, copies, checksums, signatures.

use aws_credential_types::Credentials;
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, Delete, MetadataDirective, ObjectIdentifier, Tag, Tagging};

use super::server::{BUCKET, SECRET, Server, client, noise, refusal};

#[tokio::test]
async fn every_valid_key_can_be_written_read_listed_and_deleted() {
    let server = Server::start().await;
    let long = "k".repeat(1024);
    let wide = "ä".repeat(512);
    let keys = [
        "a",
        "a/b",
        "a/b/",
        "../up",
        "a/../../up",
        "./here",
        "//double",
        "/first",
        "with space+plus",
        "ünï/ço∂é/日本",
        "%2e%2e%2f",
        "a?b&c=d#e",
        "quote\"<>&'",
        "emoji-😀",
        "back\\slash",
        ".",
        "..",
        "index.redb",
        &long,
        &wide,
    ];
    for key in keys {
        server.put(key, key.as_bytes()).await;
    }
    for key in keys {
        assert_eq!(server.get(key).await, key.as_bytes(), "{key:?}");
    }
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    assert_eq!(server.keys().await, sorted);
    assert_eq!(std::fs::read_dir(server.directory.path()).unwrap().count(), 2);
    let too_long = server.client.get_object().bucket(BUCKET).key("k".repeat(1025)).send().await;
    assert_eq!(refusal(too_long), ("KeyTooLongError".to_owned(), 400));
    for key in keys {
        server.client.delete_object().bucket(BUCKET).key(key).send().await.unwrap();
    }
    assert_eq!(server.blob_count(), 0);
}

#[tokio::test]
async fn stored_headers_and_metadata_are_returned() {
    let server = Server::start().await;
    let put = server.client.put_object().bucket(BUCKET).key("k").body(ByteStream::from_static(b"hello"));
    put.content_type("image/png")
        .cache_control("max-age=60")
        .content_disposition("attachment")
        .content_language("de")
        .content_encoding("gzip")
        .metadata("cache-tag", "o-1,o-2")
        .tagging("state=pending&a=b%20c")
        .send()
        .await
        .unwrap();
    let head = server.client.head_object().bucket(BUCKET).key("k").send().await.unwrap();
    assert_eq!(head.content_type(), Some("image/png"));
    assert_eq!(head.cache_control(), Some("max-age=60"));
    assert_eq!(head.content_disposition(), Some("attachment"));
    assert_eq!(head.content_language(), Some("de"));
    assert_eq!(head.content_encoding(), Some("gzip"));
    assert_eq!(head.metadata().unwrap()["cache-tag"], "o-1,o-2");
    assert_eq!(head.content_length(), Some(5));
    assert_eq!(head.e_tag(), Some("\"5d41402abc4b2a76b9719d911017c592\""));
    let get = server.client.get_object().bucket(BUCKET).key("k").response_content_type("text/plain").send();
    let get = get.await.unwrap();
    assert_eq!(get.tag_count(), Some(2));
    assert_eq!(get.content_type(), Some("text/plain"));
}

#[tokio::test]
async fn tags_can_be_read_set_and_removed() {
    let server = Server::start().await;
    server.put("k", b"x").await;
    let tags = async || {
        let answer = server.client.get_object_tagging().bucket(BUCKET).key("k").send().await.unwrap();
        answer.tag_set().iter().map(|tag| format!("{}={}", tag.key(), tag.value())).collect::<Vec<_>>()
    };
    assert!(tags().await.is_empty());
    let tag = |value: &str| Tag::builder().key("state").value(value).build().unwrap();
    let set = |tags: Vec<Tag>| {
        let tagging = Tagging::builder().set_tag_set(Some(tags)).build().unwrap();
        server.client.put_object_tagging().bucket(BUCKET).key("k").tagging(tagging).send()
    };
    set(vec![tag("clean")]).await.unwrap();
    assert_eq!(tags().await, ["state=clean"]);
    assert_eq!(refusal(set(vec![tag("a"), tag("b")]).await).0, "InvalidTag");
    assert_eq!(tags().await, ["state=clean"]);
    server.client.delete_object_tagging().bucket(BUCKET).key("k").send().await.unwrap();
    assert!(tags().await.is_empty());
}

#[tokio::test]
async fn copies_keep_or_replace_the_headers_of_an_object() {
    let server = Server::start().await;
    let source = format!("{BUCKET}/from%20%C3%A4");
    let put = server.client.put_object().bucket(BUCKET).key("from ä").body(ByteStream::from_static(b"hello"));
    put.content_type("image/png").tagging("a=b").send().await.unwrap();
    let copy = || server.client.copy_object().bucket(BUCKET).copy_source(&source);
    copy().key("same").send().await.unwrap();
    copy()
        .key("new")
        .metadata_directive(MetadataDirective::Replace)
        .content_type("image/gif")
        .send()
        .await
        .unwrap();
    for (key, content_type) in [("same", "image/png"), ("new", "image/gif")] {
        let get = server.client.get_object().bucket(BUCKET).key(key).send().await.unwrap();
        assert_eq!((get.content_type(), get.tag_count()), (Some(content_type), Some(1)));
        assert_eq!(get.body.collect().await.unwrap().to_vec(), b"hello");
    }
    assert_eq!(refusal(copy().key("from ä").send().await).0, "InvalidRequest");
    assert_eq!(refusal(copy().key("x").copy_source_if_match("\"no\"").send().await).0, "PreconditionFailed");
    let missing = server.client.copy_object().bucket(BUCKET).key("x").copy_source(format!("{BUCKET}/none"));
    assert_eq!(refusal(missing.send().await).0, "NoSuchKey");
}

#[tokio::test]
async fn a_copy_of_a_version_is_of_exactly_this_version() {
    let server = Server::start().await;
    let put = async |body: &'static [u8]| {
        let put = server.client.put_object().bucket(BUCKET).key("a/k").body(ByteStream::from_static(body));
        put.send().await.unwrap().version_id.unwrap()
    };
    let version = put(b"one").await;
    let source = format!("{BUCKET}/a/k?versionId={version}");
    let upload = server.client.create_multipart_upload().bucket(BUCKET).key("whole").send().await.unwrap();
    let part = || {
        let part = server.client.upload_part_copy().bucket(BUCKET).key("whole").part_number(1);
        part.set_upload_id(upload.upload_id.clone()).copy_source(&source)
    };
    // Clients may encode the whole path.
    for (source, key) in [(source.clone(), "x"), (source.replacen('/', "%2F", 2), "y")] {
        let copy = server.client.copy_object().bucket(BUCKET).copy_source(source).key(key);
        let copied = copy.send().await.unwrap();
        assert_eq!(copied.copy_source_version_id, Some(version.clone()));
        let got = server.client.get_object().bucket(BUCKET).key(key).send().await.unwrap();
        assert_eq!(got.version_id, copied.version_id);
        assert_eq!(got.body.collect().await.unwrap().to_vec(), b"one");
    }
    assert_eq!(part().send().await.unwrap().copy_source_version_id, Some(version));
    put(b"two").await;
    let copy = server.client.copy_object().bucket(BUCKET).copy_source(&source).key("z");
    assert_eq!(refusal(copy.send().await).0, "NoSuchVersion");
    assert_eq!(refusal(part().send().await).0, "NoSuchVersion");
    assert_eq!(refusal(server.client.get_object().bucket(BUCKET).key("z").send().await).0, "NoSuchKey");
}

#[tokio::test]
async fn every_checksum_is_stored_and_returned() {
    let server = Server::start().await;
    let body = noise(300_000);
    for algorithm in ChecksumAlgorithm::values() {
        let algorithm = ChecksumAlgorithm::from(*algorithm);
        if matches!(algorithm.as_str(), "MD5" | "XXHASH64" | "XXHASH3" | "XXHASH128" | "SHA512") {
            continue;
        }
        let put = server.client.put_object().bucket(BUCKET).key("k").checksum_algorithm(algorithm.clone());
        put.body(ByteStream::from(body.clone())).send().await.unwrap();
        let get = server.client.get_object().bucket(BUCKET).key("k").send().await.unwrap();
        let sums =
            [get.checksum_crc32(), get.checksum_crc32_c(), get.checksum_crc64_nvme(), get.checksum_sha1()];
        let has_one = sums.into_iter().chain([get.checksum_sha256()]).flatten().count();
        assert_eq!(has_one, 1, "{algorithm:?}");
        assert_eq!(get.body.collect().await.unwrap().to_vec(), body, "{algorithm:?}");
    }
}

#[tokio::test]
async fn a_wrong_digest_is_refused_and_nothing_is_stored() {
    let server = Server::start().await;
    let put = || server.client.put_object().bucket(BUCKET).key("k").body(ByteStream::from_static(b"hello"));
    let zeros_20 = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let zeros_32 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    assert_eq!(refusal(put().content_md5("AAAAAAAAAAAAAAAAAAAAAA==").send().await).0, "BadDigest");
    assert_eq!(refusal(put().content_md5("AAA=").send().await).0, "InvalidDigest");
    assert_eq!(refusal(put().checksum_crc32("AAAAAA==").send().await).0, "BadDigest");
    assert_eq!(refusal(put().checksum_crc32_c("AAAAAA==").send().await).0, "BadDigest");
    assert_eq!(refusal(put().checksum_crc64_nvme("AAAAAAAAAAA=").send().await).0, "BadDigest");
    assert_eq!(refusal(put().checksum_sha1(zeros_20).send().await).0, "BadDigest");
    assert_eq!(refusal(put().checksum_sha256(zeros_32).send().await).0, "BadDigest");
    assert_eq!(refusal(put().checksum_sha256("AAA=").send().await).0, "InvalidRequest");
    assert_eq!(server.blob_count(), 0);
    assert!(server.keys().await.is_empty());
    put().content_md5("XUFAKrxLKna5cZ2REBfFkg==").send().await.unwrap();
    assert_eq!(server.get("k").await, b"hello");
}

#[tokio::test]
async fn deletion_is_idempotent_for_one_key_and_for_a_list() {
    let server = Server::start().await;
    for key in ["a", "b", "c"] {
        server.put(key, b"x").await;
    }
    for _ in 0..2 {
        server.client.delete_object().bucket(BUCKET).key("a").send().await.unwrap();
    }
    let object = |key: &str| ObjectIdentifier::builder().key(key).build().unwrap();
    let list = Delete::builder().objects(object("b")).objects(object("none")).build().unwrap();
    let answer = server.client.delete_objects().bucket(BUCKET).delete(list).send().await.unwrap();
    assert_eq!(answer.deleted().len(), 2);
    assert_eq!(server.keys().await, ["c"]);
    assert_eq!(server.blob_count(), 1);
    assert_eq!(
        refusal(server.client.get_object().bucket(BUCKET).key("a").send().await),
        ("NoSuchKey".to_owned(), 404)
    );
}

#[tokio::test]
async fn buckets_can_be_created_listed_and_deleted_when_empty() {
    let server = Server::start().await;
    server.put("k", b"x").await;
    let client = &server.client;
    client.create_bucket().bucket("second").send().await.unwrap();
    let list = client.list_buckets().send().await.unwrap();
    assert_eq!(
        list.buckets().iter().filter_map(|bucket| bucket.name()).collect::<Vec<_>>(),
        [BUCKET, "second"]
    );
    assert_eq!(
        refusal(client.create_bucket().bucket(BUCKET).send().await),
        ("BucketAlreadyOwnedByYou".to_owned(), 409)
    );
    assert_eq!(
        refusal(client.delete_bucket().bucket(BUCKET).send().await),
        ("BucketNotEmpty".to_owned(), 409)
    );
    client.head_bucket().bucket("second").send().await.unwrap();
    client.get_bucket_location().bucket("second").send().await.unwrap();
    client.delete_bucket().bucket("second").send().await.unwrap();
    assert_eq!(refusal(client.head_bucket().bucket("second").send().await).1, 404);
    let missing =
        client.put_object().bucket("second").key("k").body(ByteStream::from_static(b"x")).send().await;
    assert_eq!(refusal(missing).0, "NoSuchBucket");
    assert_eq!(server.blob_count(), 1);
}

#[tokio::test]
async fn only_the_owner_s_credentials_are_accepted() {
    let server = Server::start().await;
    let anonymous = reqwest::get(format!("{}/{BUCKET}/k", server.endpoint)).await.unwrap();
    assert_eq!(anonymous.status(), 403);
    assert!(anonymous.text().await.unwrap().contains("<Code>AccessDenied</Code>"));
    let put =
        reqwest::Client::new().put(format!("{}/{BUCKET}/k", server.endpoint)).body("x").send().await.unwrap();
    assert_eq!(put.status(), 403);
    for (id, secret, code) in
        [("AKIDLOCAL", "other", "SignatureDoesNotMatch"), ("OTHER", SECRET, "InvalidAccessKeyId")]
    {
        let stranger = client(&server.endpoint, Credentials::from_keys(id, secret, None));
        let error = stranger.list_buckets().send().await.unwrap_err();
        assert_eq!(error.code(), Some(code));
    }
}

#[tokio::test]
async fn a_version_can_be_read_and_tagged_until_it_is_replaced() {
    let server = Server::start().await;
    let put = || server.client.put_object().bucket(BUCKET).key("k").body(b"same".to_vec().into());
    let first = put().send().await.unwrap().version_id.unwrap();
    let check = async |version: &str, expected: Option<&str>| {
        let got = server.client.get_object().bucket(BUCKET).key("k").version_id(version).send().await;
        assert_eq!(got.err().and_then(|error| error.code().map(str::to_owned)).as_deref(), expected);
        let head = server.client.head_object().bucket(BUCKET).key("k").version_id(version).send().await;
        assert_eq!(head.is_err(), expected.is_some());
        let tags = server.client.get_object_tagging().bucket(BUCKET).key("k").version_id(version);
        let got = tags.send().await;
        assert_eq!(got.err().and_then(|error| error.code().map(str::to_owned)).as_deref(), expected);
        let tag = Tag::builder().key("state").value("clean").build().unwrap();
        let tagging = Tagging::builder().tag_set(tag).build().unwrap();
        let tags = server.client.put_object_tagging().bucket(BUCKET).key("k").version_id(version);
        let set = tags.tagging(tagging).send().await;
        assert_eq!(set.err().and_then(|error| error.code().map(str::to_owned)).as_deref(), expected);
    };
    check(&first, None).await;
    // A second write of the same bytes has the same ETag, but is another version, without the tag.
    let second = put().send().await.unwrap().version_id.unwrap();
    check(&first, Some("NoSuchVersion")).await;
    let delete = server.client.delete_object().bucket(BUCKET).key("k").version_id(&first).send().await;
    assert_eq!(delete.unwrap_err().code(), Some("NoSuchVersion"));
    let tags = server.client.get_object_tagging().bucket(BUCKET).key("k").send().await.unwrap();
    assert_eq!((tags.tag_set(), tags.version_id()), (&[][..], Some(&*second)));
    check(&second, None).await;
    let identified = |version: &str| {
        let object = ObjectIdentifier::builder().key("k").version_id(version).build().unwrap();
        server
            .client
            .delete_objects()
            .bucket(BUCKET)
            .delete(Delete::builder().objects(object).build().unwrap())
    };
    let refused = identified(&first).send().await.unwrap();
    assert_eq!(refused.errors()[0].code(), Some("NoSuchVersion"), "{refused:?}");
    let deleted = identified(&second).send().await.unwrap();
    assert_eq!(deleted.deleted()[0].version_id(), Some(&*second), "{deleted:?}");
}
