//! Pages that are drawn, and documents that are refused.

use std::time::{Duration, Instant};

use contract::limits::Limits;
use contract::variant::FrameNumber;

use super::*;
use crate::info::describe;
use crate::pipeline::render;
use crate::plan::Plan;
use crate::settings::test_settings;
use crate::source::Source;
use crate::source::file::File;
use crate::source::info::SourceFormat;
use crate::stopwatch::Stopwatch;

mod writer;

use writer::{document, file, stream};

/// A page of 80 × 60 points in four colours: red, green above blue, yellow.
const QUARTERS: &str =
    "1 0 0 rg 0 30 40 30 re f 0 1 0 rg 40 30 40 30 re f 0 0 1 rg 0 0 40 30 re f 1 1 0 rg 40 0 40 30 re f";
const RED: [u8; 3] = [255, 0, 0];
const GREEN: [u8; 3] = [0, 255, 0];
const BLUE: [u8; 3] = [0, 0, 255];
const YELLOW: [u8; 3] = [255, 255, 0];
const WHITE: [u8; 3] = [255, 255, 255];

fn watch() -> Stopwatch {
    Stopwatch::start(Instant::now, Duration::from_mins(1))
}

fn page(number: u32) -> Option<FrameNumber> {
    FrameNumber::clamped(number)
}

fn opened(file: &[u8], number: u32) -> Result<Source<'_>, Error> {
    Source::open_page(File::Whole(file), page(number), &Limits::default())
}

/// The variant's width, height and pixels.
fn drawn(file: &[u8], variant: &str) -> (u32, u32, Vec<[u8; 3]>) {
    let encoded = render(file, &variant.parse().unwrap(), &test_settings(), watch()).unwrap();
    let picture = image::load_from_memory(&encoded.bytes).unwrap().to_rgb8();
    (picture.width(), picture.height(), picture.pixels().map(|pixel| pixel.0).collect())
}

/// The pixels in the middle of the four quarters, row by row.
fn quarters(file: &[u8], variant: &str) -> ((u32, u32), [[u8; 3]; 4]) {
    let (width, height, pixels) = drawn(file, variant);
    let at = |x: u32, y: u32| pixels[(y * height / 4 * width + x * width / 4) as usize];
    ((width, height), [at(1, 1), at(3, 1), at(1, 3), at(3, 3)])
}

#[test]
fn a_page_has_the_size_of_its_crop_box_and_its_turn() {
    let media = "/MediaBox[0 0 80 60]";
    let plain = document(&[(media, QUARTERS)], "");
    assert_eq!(quarters(&plain, "fm=png"), ((80, 60), [RED, GREEN, BLUE, YELLOW]));
    let turned = document(&[(&format!("{media}/Rotate 90"), QUARTERS)], "");
    assert_eq!(quarters(&turned, "fm=png"), ((60, 80), [BLUE, RED, YELLOW, GREEN]));
    let cropped = document(&[(&format!("{media}/CropBox[40 0 80 30]"), QUARTERS)], "");
    assert_eq!(quarters(&cropped, "fm=png"), ((40, 30), [YELLOW; 4]));
    let elsewhere = document(&[("/MediaBox[-40 -30 40 30]", QUARTERS)], "");
    assert_eq!(quarters(&elsewhere, "fm=png"), ((80, 60), [WHITE, BLUE, WHITE, WHITE]));
}

#[test]
fn a_page_is_drawn_at_the_size_that_is_asked_for() {
    let text = "BT /F 24 Tf 8 20 Td (Tintype) Tj ET";
    let file = document(&[("/MediaBox[0 0 100 50]", text)], "");
    let (width, height, pixels) = drawn(&file, "w=1600,fm=png");
    assert_eq!((width, height), (1600, 800));
    let share =
        |is: fn(u8) -> bool| pixels.iter().filter(|pixel| is(pixel[0])).count() as f64 / pixels.len() as f64;
    // An enlarged picture of 100 pixels would be gray along all edges.
    let (black, gray) = (share(|level| level < 16), share(|level| (16..240).contains(&level)));
    assert!(black > 0.02 && gray < 0.015, "{black} black, {gray} gray");
}

#[test]
fn a_part_of_a_page_is_drawn_sharply_too() {
    let file = document(&[("/MediaBox[0 0 80 60]", QUARTERS)], "");
    assert_eq!(quarters(&file, "w=800,rect=20-15-40-30,fm=png"), ((800, 600), [RED, GREEN, BLUE, YELLOW]));
    let (width, _, pixels) = drawn(&file, "w=800,rect=20-15-40-30,fm=png");
    let row = &pixels[100 * width as usize..][..width as usize];
    assert!(row.iter().filter(|pixel| ![RED, GREEN].contains(pixel)).count() <= 2);
}

#[test]
fn each_page_is_drawn_by_its_number_and_a_missing_one_is_an_error() {
    let small = ("/MediaBox[0 0 80 60]", QUARTERS);
    let file = document(&[small, ("/MediaBox[0 0 30 90]", "0 1 0 rg 0 0 30 90 re f"), small], "");
    assert_eq!(quarters(&file, "frame=2,fm=png"), ((30, 90), [GREEN; 4]));
    assert_eq!(quarters(&file, "frame=3,fm=png").0, (80, 60));
    let info = opened(&file, 2).unwrap().info().clone();
    let page = DocumentPage { number: 2, pages: 3, picture_bytes: 0 };
    assert_eq!(info.format, SourceFormat::Pdf(page));
    assert_eq!(opened(&file, 4).err(), Some(Error::NoSuchPage { asked: 4, pages: 3 }));
}

#[test]
fn a_description_says_how_many_pages_the_document_has() {
    let file = document(&[("/MediaBox[0 0 595 842]", ""), ("/MediaBox[0 0 80 60]", "")], "");
    let info = describe(&file, &test_settings(), watch()).unwrap();
    assert_eq!((info.format, info.pages, info.frames), ("pdf", Some(2), 1));
    assert_eq!((info.width, info.height, info.has_alpha), (595, 842, false));
}

#[test]
fn a_document_with_a_password_and_a_damaged_one_are_refused_with_a_sentence() {
    let key = "00".repeat(32);
    let encryption = format!("/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{key}>/U<{key}>>>");
    let locked = document(&[("/MediaBox[0 0 80 60]", QUARTERS)], &encryption);
    let sentence = |file: &[u8]| opened(file, 1).err().unwrap().to_string();
    assert_eq!(sentence(&locked), "the PDF opens with a password only: send it without a password");
    for damaged in [&b"%PDF-1.7\n"[..], b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n", &document(&[], "")]
    {
        let sentence = sentence(damaged);
        assert!(sentence.starts_with("the file is damaged: the PDF has no "), "{sentence}");
    }
}

#[test]
fn a_cut_document_shows_the_pages_that_are_left() {
    let file = document(&[("/MediaBox[0 0 80 60]", QUARTERS)], "");
    let end = file.windows(4).position(|at| at == b"xref").unwrap();
    assert_eq!(quarters(&file[..end], "fm=png"), ((80, 60), [RED, GREEN, BLUE, YELLOW]));
}

#[test]
fn a_page_without_a_size_and_one_of_any_size_are_drawn_within_the_limits() {
    let huge = document(&[("/MediaBox[0 0 200000 100000]", "0 1 0 rg 0 0 200000 100000 re f")], "");
    assert_eq!(quarters(&huge, "w=64,fm=png"), ((64, 32), [GREEN; 4]));
    let none = document(&[("", "")], "");
    assert!(opened(&none, 1).unwrap().info().size.pixels() > 0);
    let flat = document(&[("/MediaBox[0 0 1000 0.001]", "")], "");
    assert!(opened(&flat, 1).unwrap().info().size.height() > 0);
}

#[test]
fn pages_that_contain_themselves_and_deep_states_end() {
    let nested = format!("{} 1 0 0 rg 0 0 9 9 re f", "q 1 0 0 1 0 0 cm ".repeat(100_000));
    let file = document(&[("/MediaBox[0 0 8 8]", &nested)], "");
    assert_eq!(quarters(&file, "fm=png"), ((8, 8), [RED; 4]));
    let mut cyclic = document(&[("/MediaBox[0 0 8 8]", "")], "");
    let kids = b"/Kids[3 0 R]";
    let at = cyclic.windows(kids.len()).position(|at| at == kids).unwrap();
    cyclic[at..at + kids.len()].copy_from_slice(b"/Kids[2 0 R]");
    assert!(matches!(opened(&cyclic, 1), Ok(_) | Err(Error::Damaged(_))));
}

#[test]
fn the_memory_of_a_page_follows_its_largest_picture_wherever_that_is() {
    let peak = |resources: &str, pictures: &[&str]| {
        let mut objects = vec![
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            b"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 80 60]>>".to_vec(),
            format!("<</Type/Page/Parent 2 0 R/Resources<<{resources}>>>>").into_bytes(),
        ];
        objects.extend(pictures.iter().map(|entries| stream(entries, b"0 0 9 9 re f")));
        let file = file(&objects, "");
        let source = opened(&file, 1).unwrap();
        let plan = Plan::new(&source, &"w=80,fm=png".parse().unwrap(), &test_settings()).unwrap();
        plan.peak_bytes() - file.len() as u64
    };
    let picture = |width: u32, more: &str| {
        format!("/Type/XObject/Subtype/Image/Width {width}/Height 1000/BitsPerComponent 8{more}")
    };
    let (color, gray) = (picture(4000, "/ColorSpace/DeviceRGB"), picture(9000, "/ColorSpace/DeviceGray"));
    let none = peak("", &[]);
    let one = peak("/XObject<</A 4 0 R>>", &[&color]);
    assert!(one > none + 4000 * 1000 * (3 + 3 + 4));
    assert_eq!(peak("/XObject<</A 4 0 R/B 5 0 R>>", &[&gray, &color]), one, "one is decoded at a time");
    let form = "/Subtype/Form/Resources<</XObject<</A 5 0 R>>>>";
    assert_eq!(peak("/XObject<</A 4 0 R>>", &[form, &color]), one);
    assert_eq!(peak("/Pattern<</A 4 0 R>>", &[form, &color]), one);
    assert_eq!(peak("/ExtGState<</A<</SMask<</G 4 0 R>>>>>>", &[form, &color]), one);
    let masked = format!("{color}/SMask 5 0 R");
    assert!(peak("/XObject<</A 4 0 R>>", &[&masked, &gray]) >= one + 9000 * 1000);
    let compressed = picture(4000, "/Filter/JPXDecode");
    assert!(peak("/XObject<</A 4 0 R>>", &[&compressed]) > one);
    let itself = "/Subtype/Form/Resources<</XObject<</A 4 0 R/B 4 0 R>>>>";
    assert_eq!(peak("/XObject<</A 4 0 R>>", &[itself]), none);
}
