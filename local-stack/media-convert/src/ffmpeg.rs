//! ffmpeg and ffprobe as programs: started with argument lists, never through a shell, and ended with the interest
//! in them.

use std::io::{self, BufRead as _, BufReader, Read};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::sync::mpsc;

use super::media::{self, Media};
use super::plan::guards;

/// As much of what a program says of its failure is kept, in bytes.
const COMPLAINT_BYTES: usize = 4096;

/// What is said where the programs are missing.
pub(crate) const MISSING: &str = "ffmpeg isn't installed on this machine, so videos can't be transcoded: install it (apt-get install ffmpeg) and start again";

/// The two programs.
#[derive(Clone, Debug)]
pub struct Tools {
    /// Transcodes. A name is looked for in `PATH`.
    pub ffmpeg: PathBuf,
    /// Tells what is in a file.
    pub ffprobe: PathBuf,
}

impl Default for Tools {
    /// Those of the machine.
    fn default() -> Self {
        Self { ffmpeg: "ffmpeg".into(), ffprobe: "ffprobe".into() }
    }
}

/// Why a program didn't do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ToolError {
    /// It isn't there.
    #[error("{MISSING}")]
    Missing,
    /// It says that it can't; its last line.
    #[error("{0}")]
    Failed(String),
    /// It can't be started or heard.
    #[error("ffmpeg can't be run: {0}")]
    Io(io::Error),
}

impl From<io::Error> for ToolError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::Missing } else { Self::Io(error) }
    }
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Advance {
    /// Frames of the first video that are encoded.
    pub(crate) frames: u64,
    /// How far the outputs are, in microseconds.
    pub(crate) time_us: u64,
}

impl Tools {
    /// Whether both programs can be started. Blocks.
    pub(crate) fn are_there(&self) -> bool {
        [&self.ffmpeg, &self.ffprobe].into_iter().all(|program| {
            let mut command = Command::new(program);
            command.arg("-version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.status().is_ok_and(|status| status.success())
        })
    }

    /// What is in the file at a URL.
    pub(crate) async fn probe(&self, url: &str) -> Result<Media, ToolError> {
        let mut printed = String::new();
        self.ask(&["-show_format", "-show_streams", "-of", "json", url], |line| printed.push_str(line))
            .await?;
        let mut media =
            media::read(printed.as_bytes()).map_err(|error| ToolError::Failed(error.to_string()))?;
        if media.duration_s == 0.0 && !media.tracks.is_empty() {
            media.duration_s = self.last_moment(url).await?;
        }
        Ok(media)
    }

    /// When the last packet of a file begins, in seconds. What a browser records tells no duration, so that all of the
    /// file is read for it.
    async fn last_moment(&self, url: &str) -> Result<f64, ToolError> {
        let mut last = 0.0;
        let arguments = ["-show_entries", "packet=pts_time", "-of", "csv=print_section=0", url];
        self.ask(&arguments, |line| {
            last = line.trim_matches([',', '\n']).parse().map_or(last, |time| f64::max(last, time));
        })
        .await?;
        Ok(last)
    }

    /// What ffprobe prints, line by line.
    async fn ask(&self, arguments: &[&str], mut heard: impl FnMut(&str)) -> Result<(), ToolError> {
        let mut command = Command::new(&self.ffprobe);
        command.args(["-hide_banner", "-v", "error"]).args(guards()).args(arguments);
        let mut running = Running::start(command)?;
        while let Some(line) = running.lines.recv().await {
            heard(&line);
        }
        running.ended().await
    }

    /// Transcodes: in `folder`, with all arguments. What it tells of its progress goes to `advanced`.
    pub(crate) async fn transcode(
        &self,
        arguments: &[String],
        folder: &Path,
        mut advanced: impl FnMut(Advance),
    ) -> Result<(), ToolError> {
        let mut command = Command::new(&self.ffmpeg);
        command.args(arguments).current_dir(folder);
        let mut running = Running::start(command)?;
        let mut advance = Advance::default();
        while let Some(line) = running.lines.recv().await {
            match line.trim().split_once('=') {
                Some(("frame", value)) => advance.frames = value.trim().parse().unwrap_or(advance.frames),
                Some(("out_time_us", value)) => advance.time_us = value.parse().unwrap_or(advance.time_us),
                Some(("progress", _)) => advanced(advance),
                _ => {}
            }
        }
        running.ended().await
    }
}

/// A program that runs. It and all that it started end when this is dropped.
struct Running {
    /// What it prints, line by line, each with its end.
    lines: mpsc::Receiver<String>,
    ended: tokio::task::JoinHandle<Result<(), ToolError>>,
    child: Arc<Mutex<Option<Child>>>,
}

impl Running {
    /// Starts it in a process group of its own.
    fn start(mut command: Command) -> Result<Self, ToolError> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn()?;
        let (Some(printed), Some(complaints)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(ToolError::Io(io::ErrorKind::BrokenPipe.into()));
        };
        let (sender, lines) = mpsc::channel(64);
        let child = Arc::new(Mutex::new(Some(child)));
        let waited_for = Arc::clone(&child);
        let ended = tokio::task::spawn_blocking(move || {
            let complaint = std::thread::spawn(move || last_line(complaints));
            pass_on(printed, &sender)?;
            let complaint = complaint.join().unwrap_or_default();
            let status = match waited_for.lock().unwrap_or_else(PoisonError::into_inner).take() {
                Some(mut child) => child.wait()?,
                None => return Err(ToolError::Failed("it was ended".to_owned())),
            };
            if status.success() {
                return Ok(());
            }
            Err(ToolError::Failed(if complaint.is_empty() {
                format!("ffmpeg ended with {status}")
            } else {
                complaint
            }))
        });
        Ok(Self { lines, ended, child })
    }

    /// Waits for its end.
    async fn ended(mut self) -> Result<(), ToolError> {
        match (&mut self.ended).await {
            Ok(result) => result,
            Err(panic) => Err(ToolError::Failed(panic.to_string())),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It is there until it has been waited for, so that the number can't be another's yet.
        let Some(mut child) = self.child.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            return;
        };
        if let Some(pid) = Pid::from_raw(child.id().cast_signed()) {
            // An error says that it has ended already.
            let _ = kill_process_group(pid, Signal::KILL);
        }
        let _ = child.wait();
    }
}

fn pass_on(printed: impl Read, sender: &mpsc::Sender<String>) -> io::Result<()> {
    let mut printed = BufReader::new(printed);
    loop {
        let mut line = String::new();
        if printed.read_line(&mut line)? == 0 {
            return Ok(());
        }
        // Nobody listens any longer where the job was canceled; the pipe is emptied all the same.
        let _ = sender.blocking_send(line);
    }
}

/// The last line of what is said, without the address in memory that ffmpeg puts before it.
fn last_line(said: impl Read) -> String {
    let mut last = String::new();
    let mut said = BufReader::new(said);
    let mut line = Vec::new();
    while said.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
        line.truncate(COMPLAINT_BYTES);
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        let text =
            text.strip_prefix('[').and_then(|rest| rest.split_once("] ")).map_or(text, |(_, rest)| rest);
        if !text.is_empty() {
            text.clone_into(&mut last);
        }
        line.clear();
    }
    // The input's URL carries a signature.
    match last.find("http://127.0.0.1") {
        Some(start) => {
            let rest = last.get(start..).and_then(|rest| rest.split_once(": ")).map_or("", |(_, rest)| rest);
            format!("{}the input: {rest}", last.get(..start).unwrap_or_default())
        }
        None => last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_the_last_line_without_addresses_and_signatures() {
        let check = |said: &str, expected: &str| assert_eq!(last_line(said.as_bytes()), expected, "{said:?}");
        check("", "");
        check("first\n[mov,mp4 @ 0x55d] moov atom not found\n\n", "moov atom not found");
        check(
            "http://127.0.0.1:8081/b/k?X-Amz-Signature=1: Invalid data found when processing input\n",
            "the input: Invalid data found when processing input",
        );
    }

    #[tokio::test]
    async fn a_program_that_is_missing_is_said_in_one_sentence() {
        let tools = Tools { ffmpeg: "/nowhere/ffmpeg".into(), ffprobe: "/nowhere/ffprobe".into() };
        assert!(!tools.are_there());
        assert_eq!(tools.probe("x").await.unwrap_err().to_string(), MISSING);
        let error = tools.transcode(&[], Path::new("/"), |_| {}).await.unwrap_err();
        assert_eq!(error.to_string(), MISSING);
    }

    #[tokio::test]
    async fn a_program_that_is_given_up_ends_with_all_that_it_started() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & echo $!; wait"]);
        let mut running = Running::start(command).unwrap();
        let started = running.lines.recv().await.unwrap();
        let started = Pid::from_raw(started.trim().parse().unwrap()).unwrap();
        assert!(is_alive(started));
        drop(running);
        // The orphan is init's to bury, which takes a moment.
        while is_alive(started) {
            tokio::task::yield_now().await;
        }
    }

    fn is_alive(pid: Pid) -> bool {
        let status =
            std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
        !status.is_empty() && !status.contains(") Z ")
    }

    #[tokio::test]
    async fn a_failure_is_told_in_the_programs_words() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo half; echo '[x @ 0x1] it is broken' >&2; exit 3"]);
        let mut running = Running::start(command).unwrap();
        while running.lines.recv().await.is_some() {}
        assert_eq!(running.ended().await.unwrap_err().to_string(), "it is broken");
    }
}
