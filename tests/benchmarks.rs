//! The scripts of `./bench`: their arithmetic, and the published figures compared with the raw data. No time is measured.

use std::path::Path;
use std::process::Command;

#[test]
fn the_figures_that_the_documents_show_follow_from_the_raw_data() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../benches/peers");
    let python = std::env::var("TINTYPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(&python)
        .args(["-B", "-m", "unittest", "discover"])
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| {
            panic!("{python} can't be started (set TINTYPE_PYTHON to another Python): {error}")
        });
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}");
    let ran =
        printed.lines().find_map(|line| line.strip_prefix("Ran ")).expect("unittest says how many tests ran");
    assert!(
        ran.split(' ').next().and_then(|count| count.parse().ok()).is_some_and(|count: u32| count > 15),
        "{ran}"
    );
}
