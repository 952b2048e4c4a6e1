//! Multipart uploads.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumType, CompletedMultipartUpload, CompletedPart};

use super::server::{BUCKET, Server, noise, refusal};

const PART: usize = 5 << 20;

async fn begin(server: &Server) -> String {
    let upload = server.client.create_multipart_upload().bucket(BUCKET).key("k").content_type("video/mp4");
    upload.tagging("state=pending").send().await.unwrap().upload_id.unwrap()
}

async fn send(server: &Server, id: &str, number: i32, body: &[u8]) -> CompletedPart {
    let part = server.client.upload_part().bucket(BUCKET).key("k").upload_id(id).part_number(number);
    let part = part.body(ByteStream::from(body.to_vec())).send().await.unwrap();
    CompletedPart::builder().part_number(number).set_e_tag(part.e_tag).build()
}

fn list(parts: &[CompletedPart]) -> CompletedMultipartUpload {
    CompletedMultipartUpload::builder().set_parts(Some(parts.to_vec())).build()
}

#[tokio::test]
async fn parts_become_one_object() {
    let server = Server::start().await;
    let body = noise(PART * 2 + 1000);
    let id = begin(&server).await;
    let mut parts = Vec::new();
    for number in [3, 1, 2] {
        let start = (number as usize - 1) * PART;
        parts.push(send(&server, &id, number, &body[start..body.len().min(start + PART)]).await);
    }
    parts.sort_by_key(CompletedPart::part_number);
    assert!(server.keys().await.is_empty());
    let listed =
        server.client.list_parts().bucket(BUCKET).key("k").upload_id(&id).max_parts(2).send().await.unwrap();
    assert_eq!((listed.parts().len(), listed.is_truncated()), (2, Some(true)));
    let rest = server.client.list_parts().bucket(BUCKET).key("k").upload_id(&id);
    let rest = rest.part_number_marker(listed.next_part_number_marker().unwrap()).send().await.unwrap();
    assert_eq!((rest.parts()[0].size(), rest.is_truncated()), (Some(1000), Some(false)));
    let complete = server.client.complete_multipart_upload().bucket(BUCKET).key("k").upload_id(&id);
    let complete = complete
        .multipart_upload(list(&parts))
        .mpu_object_size(i64::try_from(body.len()).unwrap())
        .send()
        .await
        .unwrap();
    assert!(complete.e_tag().unwrap().ends_with("-3\""));
    let get = server.client.get_object().bucket(BUCKET).key("k").send().await.unwrap();
    assert_eq!((get.content_type(), get.tag_count()), (Some("video/mp4"), Some(1)));
    // `assert_eq` would print megabytes.
    let is_same = get.body.collect().await.unwrap().to_vec() == body;
    assert!(is_same, "other bytes came back");
    assert_eq!(server.blob_count(), 1);
}

#[tokio::test]
async fn an_upload_is_not_completed_with_a_wrong_list_of_parts() {
    let server = Server::start().await;
    let id = begin(&server).await;
    let first = send(&server, &id, 1, &noise(PART)).await;
    let second = send(&server, &id, 2, b"end").await;
    let third = send(&server, &id, 3, b"end").await;
    let complete = |parts: &[CompletedPart]| {
        server
            .client
            .complete_multipart_upload()
            .bucket(BUCKET)
            .key("k")
            .upload_id(&id)
            .multipart_upload(list(parts))
    };
    let wrong = CompletedPart::builder().part_number(2).e_tag("\"00000000000000000000000000000000\"").build();
    let missing =
        CompletedPart::builder().part_number(4).set_e_tag(second.e_tag().map(str::to_owned)).build();
    let check = async |parts: &[CompletedPart], code: &str| {
        assert_eq!(refusal(complete(parts).send().await), (code.to_owned(), 400));
    };
    check(&[second.clone(), first.clone()], "InvalidPartOrder").await;
    check(&[first.clone(), first.clone()], "InvalidPartOrder").await;
    check(&[first.clone(), wrong], "InvalidPart").await;
    check(&[first.clone(), missing], "InvalidPart").await;
    check(&[first.clone(), second.clone(), third], "EntityTooSmall").await;
    check(&[], "MalformedXML").await;
    let good = [first, second];
    assert_eq!(refusal(complete(&good).mpu_object_size(7).send().await).0, "InvalidRequest");
    assert!(server.keys().await.is_empty());
    server.put("k", b"there").await;
    assert_eq!(
        refusal(complete(&good).if_none_match("*").send().await),
        ("PreconditionFailed".to_owned(), 412)
    );
    assert_eq!(server.get("k").await, b"there");
    complete(&good).send().await.unwrap();
    assert_eq!(server.get("k").await.len(), PART + 3);
}

#[tokio::test]
async fn a_part_needs_a_number_in_the_range_and_an_existing_upload() {
    let server = Server::start().await;
    let id = begin(&server).await;
    let part = |id: &str, number: i32| {
        let part = server.client.upload_part().bucket(BUCKET).key("k").upload_id(id).part_number(number);
        part.body(ByteStream::from_static(b"x")).send()
    };
    for (number, is_good) in [(1, true), (10_000, true), (10_001, false), (0, false)] {
        assert_eq!(part(&id, number).await.is_ok(), is_good, "{number}");
    }
    assert_eq!(refusal(part("none", 1).await), ("NoSuchUpload".to_owned(), 404));
}

#[tokio::test]
async fn an_aborted_upload_leaves_nothing() {
    let server = Server::start().await;
    let id = begin(&server).await;
    send(&server, &id, 1, b"old").await;
    send(&server, &id, 1, b"new").await;
    assert_eq!(server.blob_count(), 1);
    let other = begin(&server).await;
    let uploads = server.client.list_multipart_uploads().bucket(BUCKET).max_uploads(1).send().await.unwrap();
    assert_eq!((uploads.uploads()[0].upload_id(), uploads.is_truncated()), (Some(id.as_str()), Some(true)));
    let next =
        server.client.list_multipart_uploads().bucket(BUCKET).key_marker(uploads.next_key_marker().unwrap());
    let next = next.upload_id_marker(uploads.next_upload_id_marker().unwrap()).send().await.unwrap();
    assert_eq!((next.uploads()[0].upload_id(), next.is_truncated()), (Some(other.as_str()), Some(false)));
    for id in [&id, &other] {
        server.client.abort_multipart_upload().bucket(BUCKET).key("k").upload_id(id).send().await.unwrap();
    }
    assert_eq!(server.blob_count(), 0);
    assert!(server.client.list_multipart_uploads().bucket(BUCKET).send().await.unwrap().uploads().is_empty());
    let again = server.client.abort_multipart_upload().bucket(BUCKET).key("k").upload_id(&id).send().await;
    assert_eq!(refusal(again), ("NoSuchUpload".to_owned(), 404));
}

#[tokio::test]
async fn a_part_can_be_a_range_of_an_object() {
    let server = Server::start().await;
    server.put("source", b"0123456789").await;
    let id = begin(&server).await;
    let copy = server.client.upload_part_copy().bucket(BUCKET).key("k").upload_id(&id).part_number(1);
    let copy =
        copy.copy_source(format!("{BUCKET}/source")).copy_source_range("bytes=2-5").send().await.unwrap();
    let etag = copy.copy_part_result().unwrap().e_tag().unwrap();
    let part = CompletedPart::builder().part_number(1).e_tag(etag).build();
    let complete = server.client.complete_multipart_upload().bucket(BUCKET).key("k").upload_id(&id);
    complete.multipart_upload(list(&[part])).send().await.unwrap();
    assert_eq!(server.get("k").await, b"2345");
}

#[tokio::test]
async fn a_completed_upload_has_the_requested_checksum() {
    let server = Server::start().await;
    let body = noise(PART + 10);
    for (kind, suffix) in [(ChecksumType::Composite, "-2"), (ChecksumType::FullObject, "=")] {
        let create = server.client.create_multipart_upload().bucket(BUCKET).key("k");
        let create = create.checksum_algorithm(ChecksumAlgorithm::Crc32).checksum_type(kind.clone());
        let id = create.send().await.unwrap().upload_id.unwrap();
        let mut parts = Vec::new();
        for (number, chunk) in (1..).zip(body.chunks(PART)) {
            let part = server.client.upload_part().bucket(BUCKET).key("k").upload_id(&id).part_number(number);
            let part =
                part.checksum_algorithm(ChecksumAlgorithm::Crc32).body(ByteStream::from(chunk.to_vec()));
            let part = part.send().await.unwrap();
            let listed = CompletedPart::builder().part_number(number).set_e_tag(part.e_tag);
            parts.push(listed.set_checksum_crc32(part.checksum_crc32).build());
        }
        let complete = server.client.complete_multipart_upload().bucket(BUCKET).key("k").upload_id(&id);
        let complete = complete.multipart_upload(list(&parts)).send().await.unwrap();
        assert_eq!(complete.checksum_type(), Some(&kind));
        assert!(complete.checksum_crc32().unwrap().ends_with(suffix));
        let is_same = server.get("k").await == body;
        assert!(is_same, "other bytes came back");
    }
}
