//! `tintype upload` against a running stack.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::{ImageFormat, RgbImage};

use super::{CommandOutput, run};
use crate::program::Program;

pub(super) fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(width, height, image::Rgb([200, 30, 30]))
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// Runs the command against a stack, with files that lie in the folder.
pub(super) fn upload(stack: &Program, folder: &Path, arguments: &[&str]) -> CommandOutput {
    run(folder, &[&["upload", "--signer", &stack.edge], arguments].concat())
}

pub(super) async fn size_of(url: &str) -> (u32, u32) {
    let response = reqwest::get(url).await.unwrap();
    assert_eq!(response.status(), 200, "{url}");
    let picture = image::load_from_memory(&response.bytes().await.unwrap()).unwrap();
    (picture.width(), picture.height())
}

#[tokio::test]
async fn the_printed_url_is_that_of_the_picture() {
    let folder = tempfile::tempdir().unwrap();
    let stack = Program::start(&folder.path().join("data"));
    // The type follows from the content, not from the name.
    fs::write(folder.path().join("my cat"), picture(40, 30)).unwrap();
    fs::write(folder.path().join("other.png"), picture(64, 16)).unwrap();
    let printed = upload(&stack, folder.path(), &["my cat", "other.png"]);
    assert_eq!((printed.status, printed.err.as_str()), (0, ""));
    let urls: Vec<&str> = printed.out.lines().collect();
    let [cat, other] = urls[..] else { panic!("{}", printed.out) };
    assert!(cat.starts_with(&format!("{}/files/", stack.edge)) && cat.ends_with("/my-cat.png"), "{cat}");
    assert_eq!(size_of(cat).await, (40, 30));
    assert_eq!(size_of(&format!("{cat}?w=16&fm=png")).await, (16, 12));
    assert_eq!(size_of(other).await, (64, 16));
}

#[tokio::test]
async fn a_private_file_needs_the_signature_in_the_printed_link() {
    let folder = tempfile::tempdir().unwrap();
    let stack = Program::start(&folder.path().join("data"));
    fs::write(folder.path().join("cat.png"), picture(40, 30)).unwrap();
    let printed = upload(&stack, folder.path(), &["--private", "cat.png"]);
    assert_eq!((printed.status, printed.err.as_str()), (0, ""));
    let link = printed.out.trim_end();
    assert!(link.contains("/private/") && link.contains("expires="), "{link}");
    assert_eq!(size_of(link).await, (40, 30));
    let bare = link.split('?').next().unwrap();
    assert_eq!(reqwest::get(bare).await.unwrap().status(), 403);
}

#[test]
fn a_refusal_names_the_file_and_says_what_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let variables = [("TINTYPE_UPLOAD_MAX_BYTES", "2000"), ("TINTYPE_UPLOAD_TYPES", "image/png,image/webp")];
    let stack = Program::start_with(&folder.path().join("data"), &variables);
    let check = |name: &str, content: &[u8], arguments: &[&str], expected: &str| {
        fs::write(folder.path().join(name), content).unwrap();
        let printed = upload(&stack, folder.path(), &[arguments, &[name]].concat());
        assert_eq!((printed.status, printed.out.as_str()), (1, ""), "{name}");
        assert!(printed.err.starts_with(&format!("tintype: {name}: ")), "{}", printed.err);
        assert!(printed.err.contains(expected), "{}", printed.err);
        assert_eq!(printed.err.lines().count(), 1, "{}", printed.err);
    };
    check("page.png", b"<!DOCTYPE html><script>1</script>", &[], "text/html are not accepted");
    check("page.png", b"<!DOCTYPE html><script>1</script>", &[], "allowed are image/png, image/webp");
    check(
        "page.png",
        b"<!DOCTYPE html><script>1</script>",
        &["--type", "image/png"],
        "refused and never served",
    );
    check("page.png", b"<!DOCTYPE html><script>1</script>", &["--type", "image/png"], "content is text/html");
    check("large.png", &[&picture(4, 4)[..], &[0; 2000]].concat(), &[], "at most 2000 are allowed");
    check("empty.png", b"", &[], "it is empty");
    check(
        "cat.png",
        &picture(4, 4),
        &["--session", "nonsense"],
        "name another caller with --session or --token",
    );
    for path in ["uploads", "s3/params", "elsewhere"] {
        let signer = format!("{}/{path}", stack.edge);
        let printed = run(folder.path(), &["upload", "--signer", &signer, "cat.png"]);
        let expected = format!("--signer {signer} has a path: write the URL without it");
        assert!(printed.status == 1 && printed.err.contains(&expected), "{path}: {}", printed.err);
    }
    fs::create_dir(folder.path().join("pictures")).unwrap();
    let printed = upload(&stack, folder.path(), &["pictures"]);
    assert_eq!(printed.err, "tintype: pictures: it is a folder; name the files in it\n");
    let printed = upload(&stack, folder.path(), &["none.png"]);
    assert_eq!(printed.err, "tintype: none.png: there is no such file\n");
}

#[test]
fn the_other_files_are_uploaded_if_one_fails() {
    let folder = tempfile::tempdir().unwrap();
    let stack = Program::start(&folder.path().join("data"));
    fs::write(folder.path().join("cat.png"), picture(40, 30)).unwrap();
    let printed = upload(&stack, folder.path(), &["none.png", "cat.png"]);
    assert_eq!(printed.status, 1);
    assert!(printed.out.ends_with("/cat.png\n"), "{}", printed.out);
    assert_eq!(
        printed.err,
        "tintype: none.png: there is no such file\ntintype: 1 of 2 files are not served\n"
    );
}

#[test]
fn without_a_stack_the_message_says_how_to_start_one() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("cat.png"), picture(4, 3)).unwrap();
    // Port 9 belongs to the discard service, which no machine runs today.
    let printed = run(folder.path(), &["upload", "--signer", "http://127.0.0.1:9", "cat.png"]);
    assert_eq!(printed.status, 1);
    assert!(
        printed.err.starts_with("tintype: cat.png: nothing answers at http://127.0.0.1:9 ("),
        "{}",
        printed.err
    );
    assert!(printed.err.contains("`tintype local`") && printed.err.contains("--signer"), "{}", printed.err);
    let printed = run(folder.path(), &["upload", "--signer", "127.0.0.1:9", "cat.png"]);
    assert_eq!(printed.status, 2);
    assert!(printed.err.contains("write http://127.0.0.1:9"), "{}", printed.err);
}
