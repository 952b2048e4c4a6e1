//! Kills the program in the middle of its work and starts it again on the same data. It must never serve anything
//! half-written, and never lose anything that it acknowledged.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::program::Program;

pub(crate) async fn sign(program: &Program, request: &Value) -> Value {
    let url = format!("{}/uploads", program.edge);
    reqwest::Client::new().post(url).json(request).send().await.unwrap().json().await.unwrap()
}

/// Starts a PUT that the signer granted, and sends only the bytes in `sent`.
fn begin_put(grant: &Value, sent: &[u8]) -> TcpStream {
    let url: http::Uri = grant["url"].as_str().unwrap().parse().unwrap();
    let mut stream = TcpStream::connect(url.authority().unwrap().as_str()).unwrap();
    let mut head =
        format!("PUT {} HTTP/1.1\r\nhost: {}\r\n", url.path_and_query().unwrap(), url.authority().unwrap());
    for (name, value) in grant["headers"].as_object().unwrap() {
        write!(head, "{name}: {}\r\n", value.as_str().unwrap()).unwrap();
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(sent).unwrap();
    stream
}

fn blobs(data: &Path) -> usize {
    std::fs::read_dir(data.join("s3/blobs")).unwrap().count()
}

/// Waits for a condition. Returns `false` if it doesn't hold within 20 seconds.
pub(crate) fn wait_until(mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(20);
    while Instant::now() < deadline {
        if condition() {
            return true;
        }
        std::thread::yield_now();
    }
    false
}

pub(crate) async fn wait_until_clean(program: &Program, grant: &Value) {
    let url = format!("{}/uploads/{}", program.edge, grant["id"].as_str().unwrap());
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let state: Value = reqwest::get(&url).await.unwrap().json().await.unwrap();
        if state["state"] == "clean" {
            return;
        }
        assert!(Instant::now() < deadline, "not clean: {state}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_kill_in_the_middle_of_an_upload_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path());
    let bytes = vec![7_u8; 4 << 20];
    let request = json!({ "filename": "a.jpg", "type": "image/jpeg", "size": bytes.len(), "method": "PUT" });
    let grant = sign(&program, &request).await;
    let stream = begin_put(&grant, &bytes[..bytes.len() / 2]);
    assert!(wait_until(|| blobs(folder.path()) > 0), "the upload is being written");
    program.kill();
    drop(stream);

    let program = Program::start(folder.path());
    assert_eq!(blobs(folder.path()), 0, "the half-written upload is gone");
    let url = format!("{}/{}", program.edge, grant["key"].as_str().unwrap());
    assert_eq!(reqwest::get(url).await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_kill_while_a_variant_is_rendered_or_stored_leaves_a_whole_variant_or_none() {
    let (folder, policy) = (tempfile::tempdir().unwrap(), tempfile::NamedTempFile::new().unwrap());
    let mut program = Program::start_storing(folder.path(), policy.path());
    let photo = noise_png(900, 700);
    let request = json!({ "filename": "a.png", "type": "image/png", "size": photo.len(), "method": "PUT" });
    let grant = sign(&program, &request).await;
    let mut put = reqwest::Client::new().put(grant["url"].as_str().unwrap()).body(photo.clone());
    for (name, value) in grant["headers"].as_object().unwrap() {
        put = put.header(name, value.as_str().unwrap());
    }
    assert_eq!(put.send().await.unwrap().status(), 200);
    let key = grant["key"].as_str().unwrap().to_owned();
    wait_until_clean(&program, &grant).await;

    for width in [640, 480, 384, 256, 128] {
        let before = blobs(folder.path());
        let url = format!("{}/{key}?w={width}&fm=png", program.edge);
        let request = tokio::spawn(reqwest::get(url));
        let data = folder.path().to_owned();
        let is_storing =
            tokio::task::spawn_blocking(move || wait_until(|| blobs(&data) > before)).await.unwrap();
        assert!(is_storing, "the variant is being stored");
        program.kill();
        // The viewer's connection is broken, unless the picture arrived before the kill.
        let _ = request.await;

        program = Program::start_storing(folder.path(), policy.path());
        let response = reqwest::get(format!("{}/{key}?w={width}&fm=png", program.edge)).await.unwrap();
        assert_eq!(response.status(), 200);
        let picture = image::load_from_memory(&response.bytes().await.unwrap()).unwrap();
        assert_eq!(picture.width(), width);
    }
    let original = reqwest::get(format!("{}/{key}", program.edge)).await.unwrap();
    assert_eq!(original.bytes().await.unwrap(), photo, "the acknowledged upload is there");
}

/// A picture that doesn't compress, so that storing it takes a while.
pub(crate) fn noise_png(width: u32, height: u32) -> Vec<u8> {
    let mut state = 1_u32;
    let picture = image::RgbImage::from_fn(width, height, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = state.to_be_bytes();
        image::Rgb([a, b, c])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
