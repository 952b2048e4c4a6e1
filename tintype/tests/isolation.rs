//! Hostile files: each is refused, and harms neither the local stack, nor `tintype serve`, nor another request. `TINTYPE_CORPUS` adds those of a
//! folder.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use crate::kill::{noise_png, sign, wait_until, wait_until_clean};
use crate::program::{Program, Server};

mod bombs;

/// Processor time that a hostile file may cost, in seconds.
const MAX_SECONDS: f64 = 2.0;

/// Processor time that a hostile document may cost, in seconds.
const MAX_DOCUMENT_SECONDS: f64 = 3.5;

const LEGITIMATE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40">
    <rect width="60" height="40" fill="#00aa00"/></svg>"##;

#[tokio::test]
async fn a_hostile_file_costs_little_while_others_are_served() {
    let folder = tempfile::tempdir().unwrap();
    let stack = Program::start(folder.path());
    check_costs(&stack, &stack.edge, stack.child.id(), hostile_files()).await;
}

#[tokio::test]
async fn a_hostile_file_costs_as_little_in_a_server_over_s3() {
    let folder = tempfile::tempdir().unwrap();
    let stack = Program::start(folder.path());
    let server = Server::start(&stack);
    check_costs(&stack, &server.url, server.child.id(), hostile_files()).await;
}

#[tokio::test]
async fn a_hostile_document_costs_little_while_others_are_served() {
    let folder = tempfile::tempdir().unwrap();
    let stack = Program::start(folder.path());
    let server = Server::start(&stack);
    let documents = bombs::bombs().into_iter().map(|(name, file)| HostileFile {
        name: name.to_owned(),
        media_type: "application/pdf",
        file,
        // What there is of a page is shown.
        may_be_shown: true,
    });
    check_costs(&stack, &server.url, server.child.id(), documents.collect()).await;
}

/// Uploads hostile files to a stack. Asks the server at `url` for a variant of each, and for those of harmless files at the
/// same time and afterwards. `server` is the id of its process.
async fn check_costs(stack: &Program, url: &str, server: u32, files: Vec<HostileFile>) {
    let noise = noise_png(300, 200);
    for HostileFile { name, media_type, file, may_be_shown } in files {
        let most = if media_type == "application/pdf" { MAX_DOCUMENT_SECONDS } else { MAX_SECONDS };
        let hostile = upload(stack, &name, media_type, &file).await;
        let photo = upload(stack, "photo.png", "image/png", &noise).await;
        let before = processor_seconds(server);
        let answer = tokio::spawn(reqwest::get(format!("{url}/{hostile}?w=640&fm=png")));
        assert_eq!(picture(url, &photo, 256).await.width(), 256, "a request at the same time as {name}");

        let answer = answer.await.unwrap().unwrap();
        let status = answer.status();
        assert!(status.is_client_error() || may_be_shown && status == 200, "{name}: {status}");
        let media_type = if status == 200 { "image/png" } else { "application/problem+json" };
        assert_eq!(answer.headers()["content-type"], media_type, "{name}");
        let seconds = processor_seconds(server) - before;
        println!("{name}: {status}, {seconds:.2} s");
        assert!(seconds <= most, "{name} cost {seconds} s of processor time");

        let is_running = |process: Process| process.id == server && !process.is_zombie;
        assert!(processes().any(is_running), "{name} ended the program");
        let legitimate = upload(stack, "mark.svg", "image/svg+xml", LEGITIMATE.as_bytes()).await;
        assert_eq!(picture(url, &legitimate, 48).await.get_pixel(20, 20).0, [0, 170, 0], "after {name}");
    }
}

#[tokio::test]
async fn workers_end_with_a_killed_program() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path());
    let hostile = upload(&program, "slow.svg", "image/svg+xml", exponential_selector().as_bytes()).await;
    let request = tokio::spawn(reqwest::get(format!("{}/{hostile}?w=64", program.edge)));
    let parent = program.child.id();
    let workers = move || -> Vec<u32> {
        processes().filter(|process| process.parent == parent).map(|process| process.id).collect()
    };
    let has_worker = tokio::task::spawn_blocking(move || wait_until(|| !workers().is_empty())).await.unwrap();
    assert!(has_worker);
    let workers = workers();
    program.kill();
    // The connection is broken.
    let _ = request.await;
    let is_gone = |id: &u32| processes().all(|process| process.id != *id || process.is_zombie);
    assert!(wait_until(|| workers.iter().all(is_gone)), "{workers:?}");
}

/// Uploads a file, waits until it is clean, and returns its key.
async fn upload(program: &Program, name: &str, media_type: &str, file: &[u8]) -> String {
    let request = json!({ "filename": name, "type": media_type, "size": file.len(), "method": "PUT" });
    let grant = sign(program, &request).await;
    let mut put = reqwest::Client::new().put(grant["url"].as_str().unwrap()).body(file.to_vec());
    for (name, value) in grant["headers"].as_object().unwrap() {
        put = put.header(name, value.as_str().unwrap());
    }
    assert_eq!(put.send().await.unwrap().status(), 200);
    wait_until_clean(program, &grant).await;
    grant["key"].as_str().unwrap().to_owned()
}

/// A variant of a file, decoded.
async fn picture(url: &str, key: &str, width: u32) -> image::RgbImage {
    let response = reqwest::get(format!("{url}/{key}?w={width}&fm=png")).await.unwrap();
    assert_eq!(response.status(), 200, "{key}");
    image::load_from_memory(&response.bytes().await.unwrap()).unwrap().to_rgb8()
}

/// A file that was made to do harm.
struct HostileFile {
    name: String,
    media_type: &'static str,
    file: Vec<u8>,
    /// `true` if a picture is accepted as well as a refusal.
    may_be_shown: bool,
}

/// One file of each kind that once ended or blocked the program, and the hostile files of the corpus.
fn hostile_files() -> Vec<HostileFile> {
    let drawing = |name: &str, text: String| HostileFile {
        name: name.to_owned(),
        media_type: "image/svg+xml",
        file: text.into_bytes(),
        may_be_shown: false,
    };
    let mut files = vec![
        drawing("selector.svg", exponential_selector()),
        drawing("patterns.svg", chained_patterns()),
        drawing("dashes.svg", repeated_dashes()),
        drawing("filter.svg", vast_filter()),
        HostileFile {
            name: "strip.tif".to_owned(),
            media_type: "image/tiff",
            file: mislabelled_strip(),
            may_be_shown: false,
        },
        HostileFile {
            name: "scans.jpg".to_owned(),
            media_type: "image/jpeg",
            file: empty_scans(0xc0, 10_000, 200),
            may_be_shown: true,
        },
    ];
    files.extend(corpus());
    files
}

/// A selector of descendants that backtracks through elements of its own kind.
fn exponential_selector() -> String {
    let selector = format!("x {}rect", "g ".repeat(30));
    let (open, close) = ("<g>".repeat(60), "</g>".repeat(60));
    drawing(&format!("<style>{selector}{{fill:red}}</style>{open}<rect width='5' height='5'/>{close}"))
}

/// A chain of patterns, each filled with the next one. A parenthesis in each name hides the reference from simple
/// readers.
fn chained_patterns() -> String {
    let mut patterns = String::new();
    for n in 0..20_000 {
        write!(patterns, "<pattern id='p){n}' width='9' height='9' patternUnits='userSpaceOnUse'>").unwrap();
        write!(patterns, r#"<rect width="9" height="9" fill="url('#p){}')"/></pattern>"#, n + 1).unwrap();
    }
    drawing(&format!(r#"<defs>{patterns}</defs><rect width="9" height="9" fill="url('#p)0')"/>"#))
}

/// A line of half a million dashes, used a hundred times.
fn repeated_dashes() -> String {
    let ten = |id: &str| format!("<use href='#{id}'/>").repeat(10);
    let line = "<path id='a' d='M0 0H1000000' stroke='#000' stroke-dasharray='2'/>";
    drawing(&format!(
        "<defs>{line}<g id='b'>{}</g><g id='c'>{}</g></defs><use href='#c'/>",
        ten("a"),
        ten("b")
    ))
}

/// A filter whose region is ten thousand times the picture.
fn vast_filter() -> String {
    let region = "x='-1000%' y='-1000%' width='10000%' height='10000%'";
    let blur = "<feGaussianBlur stdDeviation='1'/>".repeat(40);
    drawing(&format!("<filter id='f' {region}>{blur}</filter><rect width='9' height='9' filter='url(#f)'/>"))
}

fn drawing(content: &str) -> String {
    format!("<svg xmlns='http://www.w3.org/2000/svg' width='100' height='100'>{content}</svg>")
}

/// A TIFF of 16 × 16 pixels. The JPEG in its only strip says 16384 × 16384.
fn mislabelled_strip() -> Vec<u8> {
    const SHORT: u16 = 3;
    const LONG: u16 = 4;
    let strip = empty_scans(0xc2, 16_384, 1);
    let entries: [(u16, u16, u32); 9] = [
        (256, LONG, 16),                 // width
        (257, LONG, 16),                 // height
        (258, SHORT, 8),                 // bits per sample
        (259, SHORT, 7),                 // compression: JPEG
        (262, SHORT, 1),                 // black is zero
        (273, LONG, 8 + 2 + 9 * 12 + 4), // strip offsets
        (277, SHORT, 1),                 // samples per pixel
        (278, LONG, 16),                 // rows per strip
        (279, LONG, strip.len() as u32), // strip byte counts
    ];
    let mut file = b"II*\0\x08\0\0\0\x09\0".to_vec();
    for (tag, kind, value) in entries {
        file.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        file.extend([1_u32.to_le_bytes(), value.to_le_bytes()].concat());
    }
    file.extend([0; 4]);
    file.extend(strip);
    file
}

/// A gray JPEG of `side` × `side` pixels whose scans have no data. `frame` is the marker of its kind.
fn empty_scans(frame: u8, side: u16, scans: usize) -> Vec<u8> {
    let [high, low] = side.to_be_bytes();
    let tables = [&[0xff, 0xdb, 0, 67, 0][..], &[1; 64]].concat();
    let frame = [0xff, frame, 0, 11, 8, high, low, high, low, 1, 1, 0x11, 0];
    let codes = |class: u8| [&[0xff, 0xc4, 0, 20, class, 1][..], &[0; 15], &[0]].concat();
    let scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0];
    let head = [&[0xff, 0xd8][..], &tables, &frame, &codes(0), &codes(0x10)].concat();
    [head, scan.repeat(scans), vec![0xff, 0xd9]].concat()
}

/// The hostile files of the corpus.
fn corpus() -> Vec<HostileFile> {
    let Ok(folder) = std::env::var("TINTYPE_CORPUS") else { return Vec::new() };
    let folder = Path::new(&folder).join("findings");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let hostile = files.iter().filter_map(|path| {
        let name = path.file_name()?.to_str()?;
        let media_type = match path.extension()?.to_str()? {
            "svg" => "image/svg+xml",
            "tif" => "image/tiff",
            "jpg" => "image/jpeg",
            _ => return None,
        };
        name.starts_with("hostile_").then(|| HostileFile {
            name: name.to_owned(),
            media_type,
            file: std::fs::read(path).unwrap(),
            may_be_shown: true,
        })
    });
    hostile.collect()
}

/// A process, by `/proc/<id>/stat` (proc(5)).
struct Process {
    id: u32,
    parent: u32,
    is_zombie: bool,
    /// Processor time of the process, and of its children that have ended, in seconds.
    seconds: f64,
}

fn processes() -> impl Iterator<Item = Process> {
    let entries = std::fs::read_dir("/proc").unwrap();
    entries.filter_map(|entry| {
        let id = entry.unwrap().file_name().to_str()?.parse().ok()?;
        // The process may have ended since.
        let line = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        let fields: Vec<&str> = line.rsplit_once(") ")?.1.split(' ').collect();
        // proc(5) counts fields from 1, and the first two fields are not in this list.
        let field = |number: usize| fields[number - 3];
        let ticks: u32 = (14..=17).map(|number| field(number).parse::<u32>().unwrap()).sum();
        let parent = field(4).parse().unwrap();
        Some(Process { id, parent, is_zombie: field(3) == "Z", seconds: f64::from(ticks) / 100.0 })
    })
}

/// The processor time of a program and of all its workers, in seconds.
fn processor_seconds(program: u32) -> f64 {
    processes().filter(|process| [process.id, process.parent].contains(&program)).map(|it| it.seconds).sum()
}
