//! The README's shell block, run as it is written in an empty folder against a running stack. Needs curl, ffmpeg and
//! Python, which `./test` installs.

use std::process::Command;

use crate::support::{Running, pictures};

/// The first shell block of the README.
fn first_block() -> String {
    let readme = include_str!("../README.md");
    let block = readme.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next());
    block.expect("the README has a shell block").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_shell_block_of_the_readme_uploads_a_picture_and_gets_a_variant() {
    let stack = Running::start().await;
    let script = first_block();
    assert!(script.contains("localhost:8080"), "{script}");
    let script = script.replace("localhost:8080", stack.edge().trim_start_matches("http://"));
    let folder = tempfile::tempdir().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", &script]).current_dir(folder.path());
    let output = tokio::task::spawn_blocking(move || shell.output()).await.unwrap().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(printed.contains("200 OK"), "{printed}");
    let variant = std::fs::read(folder.path().join("cat.avif")).unwrap();
    assert!(variant.get(4..12) == Some(b"ftypavif"), "{printed}");
    assert_eq!(pictures::decode(&variant).dimensions(), (640, 480));
}
