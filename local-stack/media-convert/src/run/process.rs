//! A child process that prints lines.

use std::io::{self, BufRead as _, BufReader, Read};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Maximum length of an error line in bytes. Longer lines are cut.
const MAX_ERROR_BYTES: usize = 4096;

/// The error if ffmpeg or ffprobe is not installed.
pub(super) const MISSING: &str = "ffmpeg isn't installed on this machine, so videos can't be transcoded: install it (apt-get install ffmpeg) and start again";

/// The reason why a process fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProcessError {
    /// The program is not installed.
    #[error("{MISSING}")]
    Missing,
    /// The program reported an error: the last line of its error output.
    #[error("{0}")]
    Failed(String),
    /// The program cannot be started or its output cannot be read.
    #[error("ffmpeg can't be run: {0}")]
    Io(io::Error),
}

impl From<io::Error> for ProcessError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::Missing } else { Self::Io(error) }
    }
}

/// A running process. When this is dropped, the process and its descendants are killed.
pub(super) struct Process {
    /// The lines of its output, each with its line feed.
    pub(super) lines: mpsc::Receiver<String>,
    end: JoinHandle<Result<u64, ProcessError>>,
    /// `None` after the process was waited for.
    child: Arc<Mutex<Option<Child>>>,
}

impl Process {
    /// Starts a process in its own process group.
    pub(super) fn start(mut command: Command) -> Result<Self, ProcessError> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn()?;
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(ProcessError::Io(io::ErrorKind::BrokenPipe.into()));
        };
        let (sender, lines) = mpsc::channel(64);
        let child = Arc::new(Mutex::new(Some(child)));
        let waiting_child = Arc::clone(&child);
        let end = tokio::task::spawn_blocking(move || {
            let errors = std::thread::spawn(move || ErrorOutput::read(stderr));
            forward_lines(stdout, &sender)?;
            let errors = errors.join().unwrap_or_default();
            let status = match waiting_child.lock().unwrap_or_else(PoisonError::into_inner).take() {
                Some(mut child) => child.wait()?,
                None => return Err(ProcessError::Failed("the process was killed".to_owned())),
            };
            if status.success() {
                return Ok(errors.lines);
            }
            Err(ProcessError::Failed(if errors.last.is_empty() {
                format!("ffmpeg ended with {status}")
            } else {
                errors.last
            }))
        });
        Ok(Self { lines, end, child })
    }

    /// Waits until the process ends. Returns the number of lines of its error output.
    pub(super) async fn wait(mut self) -> Result<u64, ProcessError> {
        match (&mut self.end).await {
            Ok(result) => result,
            Err(panic) => Err(ProcessError::Failed(panic.to_string())),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The child stays here until it was waited for, so its process id cannot belong to another process yet.
        let Some(mut child) = self.child.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            return;
        };
        if let Some(pid) = Pid::from_raw(child.id().cast_signed()) {
            // An error means that the group has ended already.
            let _ = kill_process_group(pid, Signal::KILL);
        }
        let _ = child.wait();
    }
}

fn forward_lines(stdout: impl Read, sender: &mpsc::Sender<String>) -> io::Result<()> {
    let mut stdout = BufReader::new(stdout);
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line)? == 0 {
            return Ok(());
        }
        // After a cancellation no task receives the lines, but the pipe must still be emptied.
        let _ = sender.blocking_send(line);
    }
}

/// An error output.
#[derive(Debug, Default, PartialEq, Eq)]
struct ErrorOutput {
    /// The number of its lines.
    lines: u64,
    /// Its last line, without the memory address that ffmpeg puts before it.
    last: String,
}

impl ErrorOutput {
    fn read(stderr: impl Read) -> Self {
        let mut output = Self::default();
        let mut stderr = BufReader::new(stderr);
        let mut line = Vec::new();
        while stderr.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
            line.truncate(MAX_ERROR_BYTES);
            let text = String::from_utf8_lossy(&line);
            let text = text.trim();
            let text =
                text.strip_prefix('[').and_then(|rest| rest.split_once("] ")).map_or(text, |(_, rest)| rest);
            if !text.is_empty() {
                output.lines += 1;
                text.clone_into(&mut output.last);
                tracing::debug!(line = without_input_url(text.to_owned()), "ffmpeg");
            }
            line.clear();
        }
        output.last = without_input_url(output.last);
        output
    }
}

/// Replaces the URL of the input, which contains a signature.
fn without_input_url(text: String) -> String {
    match text.find("http://127.0.0.1") {
        Some(start) => {
            let rest = text.get(start..).and_then(|rest| rest.split_once(": ")).map_or("", |(_, rest)| rest);
            format!("{}the input: {rest}", text.get(..start).unwrap_or_default())
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_error_is_the_last_line_without_addresses_and_signatures() {
        let check = |stderr: &str, expected: &str| {
            assert_eq!(ErrorOutput::read(stderr.as_bytes()).last, expected, "{stderr:?}");
        };
        check("", "");
        check("first\n[mov,mp4 @ 0x55d] moov atom not found\n\n", "moov atom not found");
        check(
            "http://127.0.0.1:8081/b/k?X-Amz-Signature=1: Invalid data found when processing input\n",
            "the input: Invalid data found when processing input",
        );
    }

    #[tokio::test]
    async fn dropping_a_process_kills_its_descendants() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & echo $!; wait"]);
        let mut process = Process::start(command).unwrap();
        let descendant = process.lines.recv().await.unwrap();
        let descendant = Pid::from_raw(descendant.trim().parse().unwrap()).unwrap();
        assert!(is_alive(descendant));
        drop(process);
        // init reaps the orphan, which takes a moment.
        let end = async {
            while is_alive(descendant) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), end).await.expect("the descendant ends");
    }

    fn is_alive(pid: Pid) -> bool {
        let status =
            std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
        !status.is_empty() && !status.contains(") Z ")
    }

    #[tokio::test]
    async fn the_errors_of_a_process_that_succeeds_are_counted() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo '[x @ 0x1] damaged' >&2; echo >&2; echo again >&2"]);
        let mut process = Process::start(command).unwrap();
        while process.lines.recv().await.is_some() {}
        assert_eq!(process.wait().await.unwrap(), 2);
    }

    #[tokio::test]
    async fn the_error_of_a_process_is_its_own_message() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo half; echo '[x @ 0x1] it is broken' >&2; exit 3"]);
        let mut process = Process::start(command).unwrap();
        while process.lines.recv().await.is_some() {}
        assert_eq!(process.wait().await.unwrap_err().to_string(), "it is broken");
    }
}
