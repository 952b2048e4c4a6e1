//! `tintype serve` with storage that can't be used: `/readyz` says why in words, and what to do.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::Value;

use super::run;
use crate::program::{Program, tintype};

const KEYS: [(&str, &str); 2] =
    [("AWS_ACCESS_KEY_ID", "tintype"), ("AWS_SECRET_ACCESS_KEY", "tintype-local")];

/// A running `tintype serve` at a free port. Dropping it ends the program.
pub(super) struct Server {
    pub(super) child: Child,
    pub(super) url: String,
}

impl Server {
    pub(super) fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut child = tintype(&[&["serve", "--listen", "0"], arguments].concat())
            .envs(KEYS)
            .envs(variables.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut records = lines.map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
        let serving = records.find(|record| record["message"] == "serving").unwrap();
        let url = format!("http://{}", serving["address"].as_str().unwrap());
        // The program would end if nothing read its log.
        std::thread::spawn(move || records.for_each(drop));
        Self { child, url }
    }

    /// Status and sentence of `/readyz`.
    async fn readiness(&self) -> (u16, String) {
        let response = reqwest::get(format!("{}/readyz", self.url)).await.unwrap();
        let (status, body) = (response.status().as_u16(), response.text().await.unwrap());
        let detail = serde_json::from_str::<Value>(&body).ok().map(|problem| problem["detail"].clone());
        (status, detail.map_or(body, |detail| detail.as_str().unwrap().to_owned()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A web server that has nothing but a page for every request. Returns its URL, and the requests as they arrive.
fn web_server() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, requests) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap();
            sender.send(String::from_utf8_lossy(&request[..length]).into_owned()).unwrap();
            let page =
                "HTTP/1.1 404 Not Found\r\ncontent-length: 15\r\nconnection: close\r\n\r\n<p>Not here</p>";
            stream.write_all(page.as_bytes()).unwrap();
        }
    });
    (url, requests)
}

#[tokio::test]
async fn readiness_says_in_words_what_is_wrong_with_the_storage() {
    let folder = tempfile::tempdir().unwrap();
    let stack = Program::start(&folder.path().join("data"));
    let (other, _requests) = web_server();
    let bucket = "tintype-originals";
    for (bucket, s3, expected) in [
        (
            bucket,
            "http://127.0.0.1:9",
            "the storage doesn't answer: Connection refused (os error 111); check the endpoint",
        ),
        (bucket, &other, "what answers is not S3 (status 404 without a code); check the endpoint"),
        (bucket, &stack.edge, "what answers is not S3 (status 404 without a code); check the endpoint"),
        ("My_Bucket", &stack.s3, "InvalidBucketName (without a message); check the bucket's name"),
    ] {
        let server = Server::start(&["--originals", bucket, "--s3", s3], &[]);
        let (status, sentence) = server.readiness().await;
        assert_eq!(status, 503, "{bucket} {s3}: {sentence}");
        assert!(sentence.contains(expected), "{sentence}");
    }
}

#[test]
fn the_region_is_that_of_the_option_or_of_the_environment() {
    let environment = [("AWS_REGION", "eu-central-1")];
    for (option, variables, expected) in [
        (&[][..], &[][..], "/us-east-1/s3/aws4_request"),
        (&[], &environment, "/eu-central-1/s3/aws4_request"),
        (&["--region", "eu-west-1"], &environment, "/eu-west-1/s3/aws4_request"),
    ] {
        let (url, requests) = web_server();
        let arguments = [&["--originals", "originals", "--s3", &url], option].concat();
        // The server asks its storage at the start.
        let _server = Server::start(&arguments, variables);
        let request = requests.recv_timeout(Duration::from_mins(1)).unwrap();
        assert!(request.contains(expected), "{arguments:?}: {request}");
    }
}

#[test]
fn buckets_that_can_t_be_used_are_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let serve = |originals: &str, variants: &str| {
        let s3 = ["serve", "--s3", "http://127.0.0.1:9"];
        run(folder.path(), &[&s3[..], &["--originals", originals, "--variants", variants]].concat())
    };
    for (originals, variants, expected) in [
        ("", "b", "it is empty; write the name of a bucket"),
        ("s3://a", "b", "write the bucket's name alone: a"),
        ("a", "https://b.s3.amazonaws.com/", "it is not the name of a bucket"),
        ("a", "a", "--originals and --variants name the same bucket: variants need one of their own"),
    ] {
        let printed = serve(originals, variants);
        assert!(printed.status > 0, "{originals} {variants}");
        assert!(printed.err.contains(expected), "{}", printed.err);
    }
}
