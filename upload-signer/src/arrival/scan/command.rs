//! A scan by a program.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use bucket::ByteStream;
use tokio::io::AsyncWriteExt as _;

use super::result::{ScanError, ScanResult};

/// How often it is looked whether the program has ended.
const GLANCE: Duration = Duration::from_millis(20);

/// Runs the program with the content as its standard input. The content lies in a file without a name meanwhile,
/// so that a program that reads slowly, or not at all, holds nothing up.
pub(super) async fn scan(words: &[String], content: ByteStream) -> Result<ScanResult, ScanError> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(ScanError::CantTell("no program is named".to_owned()));
    };
    let file = stored(content).await?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::from(file)).stdout(Stdio::null()).stderr(Stdio::null());
    let mut running = Running(command.spawn()?);
    let status = loop {
        match running.0.try_wait()? {
            Some(status) => break status,
            None => tokio::time::sleep(GLANCE).await,
        }
    };
    finding(status)
}

/// Exit statuses as `clamdscan` and its like have them.
fn finding(status: ExitStatus) -> Result<ScanResult, ScanError> {
    match status.code() {
        Some(0) => Ok(ScanResult::Clean),
        Some(1) => Ok(ScanResult::Harmful),
        Some(_) | None => Err(ScanError::CantTell(format!("it ended with {status}"))),
    }
}

async fn stored(content: ByteStream) -> Result<File, ScanError> {
    let mut file = tokio::fs::File::from_std(tempfile::tempfile()?);
    tokio::io::copy(&mut content.into_async_read(), &mut file).await?;
    file.flush().await?;
    let mut file = file.into_std().await;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

/// A program that doesn't outlive the interest in it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Where it has ended already there is nothing to end.
        if self.0.kill().is_ok() {
            let _ = self.0.wait();
        }
    }
}
