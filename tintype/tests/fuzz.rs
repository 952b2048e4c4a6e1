//! A few damaged files of each format, as `scripts/fuzz` tries many: `tintype serve` answers every request, none with 500, and no
//! worker takes much more memory than predicted.

use std::process::Command;

/// Number of damaged files of each format.
const FILES: &str = "8";

/// Seconds after the deadline in which an answer is accepted. The machine of a test may be busy.
const LATE: &str = "120";

fn check(format: &str) {
    let python = std::env::var("TINTYPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fuzz/fuzz.py");
    let program = env!("CARGO_BIN_EXE_tintype");
    let output = Command::new(python)
        .args([
            "-B",
            script,
            format,
            "600",
            "--files",
            FILES,
            "--seed",
            "1",
            "--late",
            LATE,
            "--program",
            program,
        ])
        .output()
        .unwrap();
    let [report, errors] =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    println!("{report}");
    assert!(output.status.success(), "{report}{errors}");
    assert!(report.starts_with(&format!("{format}: {FILES} files in ")), "{report}");
}

#[test]
fn damaged_jpegs_are_answered() {
    check("jpeg");
}

#[test]
fn damaged_pngs_are_answered() {
    check("png");
}

#[test]
fn damaged_webps_are_answered() {
    check("webp");
}

#[test]
fn damaged_gifs_are_answered() {
    check("gif");
}

#[test]
fn damaged_tiffs_are_answered() {
    check("tiff");
}

#[test]
fn damaged_jxls_are_answered() {
    check("jxl");
}

#[test]
fn damaged_avifs_are_answered() {
    check("avif");
}

#[test]
fn damaged_heics_are_answered() {
    check("heic");
}

#[test]
fn damaged_bmps_are_answered() {
    check("bmp");
}

#[test]
fn damaged_icons_are_answered() {
    check("ico");
}

#[test]
fn damaged_drawings_are_answered() {
    check("svg");
}

#[test]
fn damaged_documents_are_answered() {
    check("pdf");
}
