//! Commands: what they print, the status with which they end, and the files that they leave.

mod messages;

mod mistakes;

mod otlp;

mod serve;

mod serve_uploads;

mod upload;

use std::path::Path;
use std::process::Output;

use crate::program::tintype;

/// The result of a command.
#[derive(Debug)]
struct CommandOutput {
    status: i32,
    /// Standard output.
    out: String,
    /// Standard error.
    err: String,
}

impl From<Output> for CommandOutput {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Runs a command in a folder.
fn run(folder: &Path, arguments: &[&str]) -> CommandOutput {
    tintype(arguments).current_dir(folder).output().unwrap().into()
}
