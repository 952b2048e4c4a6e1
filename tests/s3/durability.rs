//! Durability: complete objects survive a restart, unfinished ones are removed.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use local_s3::Store;

use super::server::{BUCKET, Server, blob_count, refusal};

#[tokio::test]
async fn objects_and_unfinished_uploads_survive_a_restart() {
    let server = Server::start().await;
    let put = server.client.put_object().bucket(BUCKET).key("k").body(ByteStream::from_static(b"hello"));
    put.content_type("image/png").tagging("a=b").metadata("m", "v").send().await.unwrap();
    let create = server.client.create_multipart_upload().bucket(BUCKET).key("big").send().await.unwrap();
    let id = create.upload_id.unwrap();
    let part = server.client.upload_part().bucket(BUCKET).key("big").upload_id(&id).part_number(1);
    part.body(ByteStream::from_static(b"part")).send().await.unwrap();

    let server = server.restart().await;
    let get = server.client.get_object().bucket(BUCKET).key("k").send().await.unwrap();
    assert_eq!((get.content_type(), get.tag_count()), (Some("image/png"), Some(1)));
    assert_eq!(get.metadata().unwrap()["m"], "v");
    assert_eq!(get.body.collect().await.unwrap().to_vec(), b"hello");
    let parts = server.client.list_parts().bucket(BUCKET).key("big").upload_id(&id).send().await.unwrap();
    assert_eq!(parts.parts()[0].size(), Some(4));
}

#[tokio::test]
async fn files_without_a_record_are_removed_at_the_start() {
    let server = Server::start().await;
    server.put("k", b"hello").await;
    let directory = server.stop().await;
    for name in ["left-over", "0123456789abcdef0123456789abcdef"] {
        fs::write(directory.path().join("blobs").join(name), b"half-writ").unwrap();
    }
    let server = Server::start_in(directory).await;
    assert_eq!(server.blob_count(), 1);
    assert_eq!(server.get("k").await, b"hello");
}

#[tokio::test]
async fn a_store_that_is_open_can_not_be_opened_again() {
    let server = Server::start().await;
    assert!(Store::open(server.directory.path()).is_err());
    let directory = server.stop().await;
    assert!(Store::open(directory.path()).is_ok());
}

#[tokio::test]
async fn an_upload_whose_client_disconnects_leaves_nothing() {
    let server = Server::start().await;
    let presigning = PresigningConfig::expires_in(Duration::from_mins(1)).unwrap();
    let put = server.client.put_object().bucket(BUCKET).key("k").content_length(1000);
    let put = put.presigned(presigning).await.unwrap();
    let address = server.endpoint.strip_prefix("http://").unwrap().to_owned();
    let path = put.uri().strip_prefix(server.endpoint.as_str()).unwrap().to_owned();
    let mut head = format!("PUT {path} HTTP/1.1\r\nhost: {address}\r\n");
    for (name, value) in put.headers() {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    let sending = tokio::task::spawn_blocking(move || {
        let mut connection = TcpStream::connect(address).unwrap();
        connection.write_all(head.as_bytes()).unwrap();
        connection.write_all(b"\r\nhalf of it").unwrap();
        drop(connection);
    });
    sending.await.unwrap();
    let directory = server.stop().await;
    assert_eq!(blob_count(directory.path()), 0);
    let server = Server::start_in(directory).await;
    assert!(server.keys().await.is_empty());
}

#[tokio::test]
async fn a_content_that_has_vanished_is_an_error_until_it_is_written_again() {
    let server = Server::start().await;
    for key in ["lost", "kept"] {
        server.put(key, key.as_bytes()).await;
    }
    let blobs = fs::read_dir(server.directory.path().join("blobs")).unwrap();
    let mut blobs = blobs.map(|entry| entry.unwrap().path());
    fs::remove_file(blobs.find(|blob| fs::read(blob).unwrap() == b"lost").unwrap()).unwrap();

    let get = server.client.get_object().bucket(BUCKET).key("lost").send().await;
    assert_eq!(refusal(get), ("InternalError".to_owned(), 500));
    assert_eq!(server.get("kept").await, b"kept");
    server.put("lost", b"found").await;
    assert_eq!(server.get("lost").await, b"found");
}

#[tokio::test]
async fn a_folder_that_can_not_be_written_to_refuses_uploads_and_loses_none() {
    let server = Server::start().await;
    server.put("k", b"hello").await;
    let (blobs, elsewhere) = ["blobs", "elsewhere"].map(|name| server.directory.path().join(name)).into();
    fs::rename(&blobs, &elsewhere).unwrap();
    let put = server.client.put_object().bucket(BUCKET).key("new").body(ByteStream::from_static(b"new"));
    assert_eq!(refusal(put.send().await), ("InternalError".to_owned(), 500));
    assert_eq!(server.keys().await, ["k"]);

    fs::rename(&elsewhere, &blobs).unwrap();
    assert_eq!(server.get("k").await, b"hello");
    server.put("new", b"new").await;
    assert_eq!((server.get("new").await, server.blob_count()), (b"new".to_vec(), 2));
}
