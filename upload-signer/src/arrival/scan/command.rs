//! A scan by a program.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use bucket::ByteStream;
use tokio::io::AsyncWriteExt as _;

use super::result::{ScanError, ScanResult};

/// The interval at which the exit of the program is polled.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Runs the program with the content on standard input. The content is stored in an unnamed file first, so that a program
/// that reads slowly or not at all blocks nothing.
pub(super) async fn scan(command_line: &[String], content: ByteStream) -> Result<ScanResult, ScanError> {
    let Some((program, arguments)) = command_line.split_first() else {
        return Err(ScanError::Undecided("its command is empty".to_owned()));
    };
    let file = write_to_file(content).await?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::from(file)).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = KillOnDrop(command.spawn()?);
    let status = loop {
        match child.0.try_wait()? {
            Some(status) => break status,
            None => tokio::time::sleep(POLL_INTERVAL).await,
        }
    };
    result(status)
}

/// Maps exit statuses as `clamdscan` and similar programs define them.
fn result(status: ExitStatus) -> Result<ScanResult, ScanError> {
    match status.code() {
        Some(0) => Ok(ScanResult::Clean),
        Some(1) => Ok(ScanResult::Harmful),
        Some(_) | None => Err(ScanError::Undecided(format!("it exited with {status}"))),
    }
}

/// Writes the content to an unnamed temporary file, positioned at its start.
async fn write_to_file(content: ByteStream) -> Result<File, ScanError> {
    let mut file = tokio::fs::File::from_std(tempfile::tempfile()?);
    tokio::io::copy(&mut content.into_async_read(), &mut file).await?;
    file.flush().await?;
    let mut file = file.into_std().await;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

/// A process that is killed when the scan is dropped.
struct KillOnDrop(Child);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        // Fails if the process has exited.
        if self.0.kill().is_ok() {
            let _ = self.0.wait();
        }
    }
}
