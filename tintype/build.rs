//! Gives the program its version with the commit, for `tintype --version`. Without git or outside a repository, such as in a
//! source archive, the version has no commit.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let version = commit().map_or_else(|| version.clone(), |commit| format!("{version} ({commit})"));
    println!("cargo::rustc-env=TINTYPE_VERSION={version}");
}

/// The commit of this source. The build script runs again when another commit is checked out or made.
fn commit() -> Option<String> {
    // A source archive may lie inside another repository.
    let folder = git(&["rev-parse", "--show-prefix"])?;
    if folder != "tintype/" {
        return None;
    }
    // The log of HEAD changes with each commit and checkout. If the file doesn't exist, Cargo would run this script at
    // each build.
    for name in ["logs/HEAD", "HEAD"] {
        let path = git(&["rev-parse", "--git-path", name])?;
        if Path::new(&path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    git(&["rev-parse", "--short=10", "HEAD"])
}

/// The output of a git command, without the line's end.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim_end().to_owned())
}
