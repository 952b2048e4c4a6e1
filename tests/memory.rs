//! Checks that rendering the largest sources, and documents with large pictures, takes no more memory than the plan predicts. The operating system measures
//! the memory.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use cdn_config::policy::Policy;
use contract::variant::Variant;
use resize::edge::config::Config;
use resize::pipeline::render;
use resize::plan::Plan;
use resize::source::Source;
use resize::stopwatch::Stopwatch;

/// The environment variable with the source's path. If it is set, the process measures itself.
const SOURCE: &str = "TINTYPE_TEST_MEMORY_SOURCE";

/// Memory in bytes that a process takes for its first picture of any size: code that is paged in, the threads' arenas,
/// encoders' tables.
const FIXED_BYTES: u64 = 16 << 20;

/// The most memory in bytes that a JPEG of any kind may take: it is decoded at a small scale.
const MOST_OF_A_JPEG: u64 = 64 << 20;

#[test]
fn the_largest_sources_take_no_more_memory_than_planned() {
    let folder = tempfile::tempdir().unwrap();
    let python = std::env::var("TINTYPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/large_sources.py");
    let output = Command::new(&python).arg(script).arg(folder.path()).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "pyvips didn't write the sources (`pip install pyvips[binary]`):\n{stderr}"
    );

    let mut files: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 11);
    let over: Vec<String> = files.iter().filter_map(|file| measure_in_own_process(file)).collect();
    assert!(over.is_empty(), "{over:#?}");
}

/// Measures a file in a separate process, because the peak of a process never decreases. Returns the failure, if any.
fn measure_in_own_process(file: &Path) -> Option<String> {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "memory::one_source_takes_no_more_memory_than_planned",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(SOURCE, file)
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    stdout.lines().filter(|line| line.contains("MiB")).for_each(|line| println!("{line}"));
    (!output.status.success()).then(|| format!("{}\n{stdout}", String::from_utf8_lossy(&output.stderr)))
}

/// The test that the separate process runs. Without [`SOURCE`] it does nothing.
#[test]
fn one_source_takes_no_more_memory_than_planned() {
    let Ok(file) = std::env::var(SOURCE) else { return };
    let before = status_bytes("VmRSS");
    let bytes = std::fs::read(&file).unwrap();
    let variant: Variant = "w=640,fm=webp".parse().unwrap();
    let mut settings = Config::of(&Policy::built_in()).settings;
    settings.limits.source_bytes = u64::MAX;
    let source = Source::open(&bytes, &settings.limits).unwrap();
    let planned = Plan::new(&source, &variant, &settings).unwrap().peak_bytes();

    render(&bytes, &variant, &settings, Stopwatch::start(Instant::now, Duration::from_mins(1))).unwrap();

    let taken = status_bytes("VmHWM").saturating_sub(before);
    let mebibytes = |bytes: u64| bytes >> 20;
    println!("{file}: {} of {} MiB", mebibytes(taken), mebibytes(planned));
    assert!(taken <= planned + FIXED_BYTES, "{taken} bytes, planned {planned}");
    if source.info().jpeg().is_some() {
        assert!(taken <= MOST_OF_A_JPEG, "{taken} bytes");
    }
}

/// A value of `/proc/self/status` in bytes.
fn status_bytes(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    let kibibytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kibibytes << 10
}
