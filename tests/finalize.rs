//! The check of an upload: it is pending until the finaliser has checked it, and served only if it is clean.
//!
//! - `states`: from the upload to the served file, with and without a scanner;
//! - `headers`: unsigned headers;
//! - `events`: repeated, late and overlapping events.

mod events;

mod headers;

mod states;

use std::time::Duration;

use image::DynamicImage;
use serde_json::Value;
use tintype::local::names::ORIGINALS;
use upload_signer::arrival::scan::Scanner;

use crate::support::Running;
use crate::support::pictures::{png, quarters};

/// A PNG.
fn picture(width: u32, height: u32) -> Vec<u8> {
    png(&DynamicImage::from(quarters(width, height)).to_rgba8())
}

/// 300 KB of HTML.
fn html() -> Vec<u8> {
    let mut page = b"<!DOCTYPE html><script>alert(document.domain)</script>".to_vec();
    page.resize(300_000, b' ');
    page
}

/// Checks that no request to the edge or to S3 returns any part of an upload.
async fn check_unserved(stack: &Running, grant: &Value) {
    let path = format!("/{}", grant["key"].as_str().unwrap());
    for query in ["", "?original", "?w=64", "?w=64&fm=png", "?fm=json"] {
        let path = format!("{path}{query}");
        for (method, headers) in [
            ("GET", &[][..]),
            ("HEAD", &[][..]),
            ("GET", &[("range", "bytes=0-9")][..]),
            ("GET", &[("if-none-match", "\"0\"")][..]),
        ] {
            let got = stack.send(method, &path, headers).await;
            assert_eq!(got.status, 404, "{method} {path} {headers:?}");
            assert_eq!(got.header("cache-control"), "public, max-age=1", "{method} {path} {headers:?}");
            assert!(!got.body.starts_with(b"<!DOCTYPE"), "{method} {path}");
        }
    }
    // S3 refuses requests without credentials in every state.
    let object = format!("{}/{ORIGINALS}{path}", stack.stack.addresses.s3);
    let http = reqwest::Client::new();
    for request in [
        http.get(&object),
        http.head(&object),
        http.get(&object).header("range", "bytes=0-9"),
        http.get(format!("{object}?tagging")),
        http.get(format!("{}/{ORIGINALS}?list-type=2", stack.stack.addresses.s3)),
    ] {
        let refused = request.send().await.unwrap();
        let (status, url) = (refused.status().as_u16(), refused.url().clone());
        assert_eq!(status, 403, "{url}");
        let body = refused.text().await.unwrap();
        assert!(!body.contains("<!DOCTYPE") && !body.contains("pending"), "{url}: {body}");
    }
    assert!(stack.stored_variants().await.is_empty());
}

/// A scanner that runs a shell script.
fn shell(script: &str) -> Scanner {
    let command_line = ["sh", "-c", script].map(str::to_owned).to_vec();
    Scanner::Command { command_line, time_limit: Duration::from_secs(30) }
}
