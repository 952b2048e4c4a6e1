//! A disk that is full: an upload that doesn't fit is refused and leaves nothing, and everything else goes on.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::kill::{noise_png, sign, wait_until_clean};
use crate::program::Program;

/// The largest file that the stack can write, in KiB.
const LIMIT: u32 = 16 << 10;

#[tokio::test]
async fn an_upload_that_does_not_fit_on_the_disk_leaves_nothing_and_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let stack = Program::start_on_full_disk(folder.path(), LIMIT);
    let limit = (LIMIT as usize) << 10;
    let before = bytes_below(folder.path());
    let (large, small) = (vec![b'I'; limit + 1], noise_png(64, 48));
    let first = put(&stack, &small).await;
    assert_eq!(first.1, 200);
    assert_eq!(put(&stack, &large).await.1, 500);
    let second = put(&stack, &small).await;
    assert_eq!(second.1, 200);
    for key in [first.0, second.0] {
        let variant = reqwest::get(format!("{}/{key}?w=32&fm=png", stack.edge)).await.unwrap();
        assert_eq!(variant.status(), 200);
    }
    let left = bytes_below(folder.path()) - before;
    assert!(left < limit as u64, "{left} bytes are left");
}

/// Uploads a PNG. Returns its key and the status of the upload, after which it is clean.
async fn put(stack: &Program, file: &[u8]) -> (String, u16) {
    let request = json!({ "filename": "a.png", "type": "image/png", "size": file.len(), "method": "PUT" });
    let grant = sign(stack, &request).await;
    let mut put = reqwest::Client::new().put(grant["url"].as_str().unwrap()).body(file.to_vec());
    for (name, value) in grant["headers"].as_object().unwrap() {
        put = put.header(name, value.as_str().unwrap());
    }
    let status = put.send().await.unwrap().status().as_u16();
    if status == 200 {
        wait_until_clean(stack, &grant).await;
    }
    (grant["key"].as_str().unwrap().to_owned(), status)
}

/// The size of all files but the databases, which grow and shrink by themselves.
fn bytes_below(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let entries =
        entries.filter(|entry| entry.path().extension().is_none_or(|extension| extension != "redb"));
    entries
        .map(|entry| {
            if entry.file_type().unwrap().is_dir() {
                bytes_below(&entry.path())
            } else {
                entry.metadata().unwrap().len()
            }
        })
        .sum()
}
