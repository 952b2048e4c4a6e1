//! The steps that flows share.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use image::{Rgb, RgbImage};
use jiff::Timestamp;
use serde_json::{Value, json};
use tintype::local::names::ORIGINALS;
use upload_signer::callers::session::Session;

use super::client::{Client, Gone};
use super::facts::Shared;
use super::process::Process;
use super::services::{EDGE, keys};
use super::world::World;
use crate::support::pictures::jpeg;

/// A picture of one colour.
pub(crate) fn picture(color: Rgb<u8>) -> Vec<u8> {
    jpeg(&RgbImage::from_pixel(96, 64, color))
}

pub(crate) fn key(facts: &Shared) -> String {
    facts.borrow().key.clone().unwrap()
}

/// Uploads a file by form.
pub(crate) async fn upload(
    client: &Client<'_>,
    facts: &Shared,
    name: &str,
    media_type: &str,
    bytes: &[u8],
) -> Result<(), Gone> {
    let grant = client.ask_signer("/uploads", &json!({ "filename": name, "type": media_type })).await?;
    facts.borrow_mut().granted(&grant);
    facts.borrow_mut().sends(bytes);
    let is_stored = client.post_form(&grant, bytes).await?;
    facts.borrow_mut().is_acknowledged = is_stored;
    Ok(())
}

/// Uploads a private file by form with a session. Returns the path of the session.
pub(crate) async fn upload_privately(
    client: &Client<'_>,
    facts: &Shared,
    name: &str,
    media_type: &str,
    bytes: &[u8],
) -> Result<String, Gone> {
    let end = Timestamp::now() + Duration::from_hours(1);
    let session = format!("/u/{}", Session::new("alice", end).to_token(&keys()));
    let request = json!({ "filename": name, "type": media_type, "visibility": "private" });
    let grant = client.ask_signer(&format!("{session}/uploads"), &request).await?;
    facts.borrow_mut().granted(&grant);
    facts.borrow_mut().sends(bytes);
    let is_stored = client.post_form(&grant, bytes).await?;
    facts.borrow_mut().is_acknowledged = is_stored;
    Ok(session)
}

/// The path that the signer signs for a session.
pub(crate) async fn signed(client: &Client<'_>, session: &str, path: &str) -> Result<String, Gone> {
    let url = json!({ "url": format!("{EDGE}{path}") });
    let link = client.ask_signer(&format!("{session}/signed-urls"), &url).await?;
    Ok(link["url"].as_str().unwrap().strip_prefix(EDGE).unwrap().to_owned())
}

/// Begins an upload in parts and sends two. Returns the signer's answer and the entity tags of the parts.
pub(crate) async fn parts(
    client: &Client<'_>,
    facts: &Shared,
    bytes: &[u8],
) -> Result<(Value, Vec<String>), Gone> {
    let request = json!({ "filename": "cat.jpg", "type": "image/jpeg" });
    let upload = client.ask_signer("/s3/multipart", &request).await?;
    facts.borrow_mut().granted(&upload);
    facts.borrow_mut().sends(bytes);
    let mut tags = Vec::new();
    let (head, tail) = bytes.split_at(bytes.len() / 2);
    for (part, number) in [head, tail].into_iter().zip(1..) {
        let url = format!("http://signer{}", upload_path(&upload, &format!("/{number}")));
        let (got, _) = client.send(Method::GET, &url, &[], Bytes::new()).await?;
        let signed: Value = serde_json::from_slice(&got.body).unwrap();
        let url = signed["url"].as_str().unwrap();
        let (got, _) = client.send(Method::PUT, url, &[], Bytes::copy_from_slice(part)).await?;
        assert_eq!(got.status, 200, "{}", String::from_utf8_lossy(&got.body));
        tags.push(got.headers["etag"].to_str().unwrap().to_owned());
    }
    Ok((upload, tags))
}

pub(crate) fn upload_path(upload: &Value, rest: &str) -> String {
    let (id, key) = (upload["uploadId"].as_str().unwrap(), upload["key"].as_str().unwrap());
    format!("/s3/multipart/{id}{rest}?key={}", key.replace('/', "%2F"))
}

/// Deletes the file.
pub(crate) async fn delete(client: &Client<'_>, facts: &Shared) -> Result<(), Gone> {
    facts.borrow_mut().is_deleted = true;
    let delete = client.s3().delete_object().bucket(ORIGINALS).key(key(facts));
    client.run(Box::pin(delete.send())).await.map(drop)
}

/// Replaces the file by another, as a client with write access to the bucket can.
pub(crate) async fn replace(
    client: &Client<'_>,
    facts: &Shared,
    bytes: &[u8],
    tags: &str,
) -> Result<(), Gone> {
    facts.borrow_mut().sends(bytes);
    let put = client.s3().put_object().bucket(ORIGINALS).key(key(facts)).content_type("image/jpeg");
    let put = put.tagging(tags).body(bytes.to_vec().into());
    let is_stored = client.run(Box::pin(put.send())).await?.is_ok();
    facts.borrow_mut().is_acknowledged = is_stored;
    Ok(())
}

pub(crate) async fn ask_server(
    client: &Client<'_>,
    world: &World,
    url: &str,
    method: Method,
) -> Result<(), Gone> {
    let asked = client.send(method, url, &[], Bytes::new()).await;
    world.restart(Process::Server);
    asked.map(drop)
}
