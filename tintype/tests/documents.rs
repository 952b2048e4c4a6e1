//! Runs the shell blocks of the documents unchanged, in a clean folder and against a running stack. A document is one
//! shell session, so its blocks run in order and share their variables.
//!
//! The folder is like a checkout in which `./run` has run: it has `run` itself and the stack's data. The program is in a
//! `CARGO_TARGET_DIR` elsewhere. A block that can't run there, for example because it needs an AWS account, says so in its
//! info string: `sh no-run: needs AWS`.
//! Needs bash, curl, ffmpeg, Python and the AWS CLI, which `./test` installs.

mod markdown;

use std::ffi::OsString;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use codecs::Layout;

use crate::program::Program;
use markdown::{Block, blocks};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The documents that users follow, relative to the repository's root.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(ROOT);
    let mut folders: Vec<PathBuf> = vec![root.to_owned(), root.join("docs")];
    for folder in ["examples", "packages", "clients"].map(|folder| root.join(folder)) {
        folders.extend(subfolders(&folder));
        folders.push(folder);
    }
    let files = folders.iter().flat_map(|folder| entries(folder));
    let mut documents: Vec<PathBuf> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "md"))
        .map(|file| file.strip_prefix(root).unwrap().to_owned())
        .collect();
    documents.sort();
    documents
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn subfolders(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.is_dir()).collect()
}

fn blocks_of(document: &Path) -> Vec<Block> {
    blocks(&fs::read_to_string(Path::new(ROOT).join(document)).unwrap())
}

/// Runs the blocks of a document in the folder, against a stack whose data lies there. Returns what they print.
fn run_blocks(document: &Path, folder: &Path) -> String {
    let stack = Program::start(&folder.join("data"));
    symlink(format!("{ROOT}/run"), folder.join("run")).unwrap();
    let built = built_program();
    let script: String = blocks_of(document)
        .iter()
        .filter(|block| block.runs())
        .map(|block| with_addresses(&block.text, &stack))
        .collect();
    // A program in the background would outlive a block that fails.
    let script = format!("trap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n{script}");
    let output = Command::new("bash")
        .args(["-e", "-u", "-o", "pipefail", "-c", &script])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", built.path())
        .env("PATH", path_with(built.path()))
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {script}\nprints:\n{printed}\n{errors}", document.display());
    printed
}

/// A target directory with the program of this test, and a `cargo` that has nothing to build.
fn built_program() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("release")).unwrap();
    symlink(env!("CARGO_BIN_EXE_tintype"), folder.path().join("release/tintype")).unwrap();
    let cargo = folder.path().join("cargo");
    fs::write(&cargo, "#!/bin/sh\n").unwrap();
    fs::set_permissions(cargo, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// The script for a stack at other ports than the default ones. The default URL of commands is an argument then.
fn with_addresses(script: &str, stack: &Program) -> String {
    let edge = stack.edge.trim_start_matches("http://");
    let s3 = stack.s3.trim_start_matches("http://");
    let server = free_address();
    let media_convert = stack.media_convert.trim_start_matches("http://");
    script
        .replace("./run upload", &format!("./run upload --signer {}", stack.edge))
        // A block that names another signer keeps it.
        .replace(&format!("--signer {} --signer", stack.edge), "--signer")
        .replace("localhost:8080", edge)
        .replace("127.0.0.1:8080", edge)
        .replace("127.0.0.1:8081", s3)
        .replace("127.0.0.1:8082", media_convert)
        .replace("127.0.0.1:8090", &server)
}

/// An address that nothing listens on.
fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn path_with(folder: &Path) -> OsString {
    let mut path = OsString::from(folder);
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    path
}

/// Width and height of an AVIF file. All of it is decoded.
fn avif_size(file: &Path) -> (u32, u32) {
    let bytes = fs::read(file).unwrap();
    let picture = codecs::avif::open(&bytes).unwrap();
    let header = picture.header();
    let mut pixels = image::RgbaImage::new(header.width, header.height);
    picture.decode(Layout::Rgba, &mut pixels).unwrap();
    pixels.dimensions()
}

#[test]
fn every_block_with_commands_runs_or_says_why_it_can_not() {
    let mut running = 0;
    for document in documents() {
        for block in blocks_of(&document) {
            let place = format!("{}:{}", document.display(), block.line);
            match block.words()[..] {
                ["sh"] => running += 1,
                ["sh", "no-run:", _, ..] => {}
                ["sh", ..] => panic!("{place}: expected `sh` or `sh no-run: REASON`, found `{}`", block.info),
                [] => assert_eq!(block.command(), None, "{place}: mark a block with commands as `sh`"),
                // Another language, such as JSON.
                _ => {}
            }
        }
    }
    assert!(running >= 5, "{running} blocks run");
}

#[test]
fn the_blocks_of_the_readme_upload_a_picture_and_store_a_variant() {
    let folder = tempfile::tempdir().unwrap();
    run_blocks(Path::new("README.md"), folder.path());
    assert_eq!(avif_size(&folder.path().join("cat.avif")), (640, 480));
}

#[test]
fn the_blocks_of_every_other_document_succeed() {
    for document in documents() {
        if document != Path::new("README.md") && blocks_of(&document).iter().any(Block::runs) {
            run_blocks(&document, tempfile::tempdir().unwrap().path());
        }
    }
}
