//! The packages for npm, compiled once for all tests that use them.

use std::process::Command;
use std::sync::LazyLock;

/// The folder of the packages, whose `dist` folders are built from the current sources. Needs Node.js and the packages of
/// its lock file, which `./test` installs.
pub(crate) fn built() -> &'static str {
    static BUILT: LazyLock<&str> = LazyLock::new(|| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../packages");
        let output = Command::new("node").arg("build.mjs").current_dir(folder).output();
        let output =
            output.unwrap_or_else(|error| panic!("node can't be started: {error}; ./test installs it"));
        let said = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
        folder
    });
    *BUILT
}
