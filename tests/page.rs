//! The page at `/` in Chromium. The tests are in `page/`. They need Node.js, the packages of
//! `page/package-lock.json`, a Chromium and ffmpeg, which `./test` installs.

use std::process::Command;

use crate::support::Running;

#[tokio::test(flavor = "multi_thread")]
async fn the_page_works_in_chromium() {
    passes("page.test.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_editor_of_the_page_works_in_chromium() {
    passes("editor.test.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn large_files_are_uploaded_in_parts_in_chromium() {
    passes("large_files.test.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_are_noticed_in_chromium() {
    passes("duplicates.test.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_library_works_in_chromium() {
    passes("library.test.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_views_of_the_library_work_in_chromium() {
    passes("views.test.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_picture_is_cropped_in_chromium() {
    passes("crop.test.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_replaced_in_chromium() {
    passes("replace.test.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_works_from_right_to_left_in_chromium() {
    passes("right_to_left.test.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_library_offers_samples_in_chromium() {
    passes("samples.test.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn videos_play_in_chromium() {
    passes("videos.test.mjs").await;
}

/// Runs a file of tests over a stack of its own.
async fn passes(file: &str) {
    let stack = Running::with_library().await;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/page");
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec", file]).current_dir(folder).env("EDGE", stack.edge());
    let output = tokio::task::spawn_blocking(move || node.output()).await.unwrap();
    let output = output.unwrap_or_else(|error| panic!("node can't be started: {error}; ./test installs it"));
    let output_text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output_text}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(output_text.contains("pass"), "no test ran: {output_text}");
}
