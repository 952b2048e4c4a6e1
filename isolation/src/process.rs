//! One worker process, seen from the program.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::WORKER_ARGUMENT;
use crate::message::{Lengths, Message};

/// A worker process. Dropping it kills the process.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl Process {
    /// Starts a worker of `program`, without its environment, in a process group of its own: Ctrl-C reaches only the
    /// program, which then finishes its requests.
    pub(crate) fn start(program: &Path) -> io::Result<Self> {
        let mut child = Command::new(program)
            .arg(WORKER_ARGUMENT)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        Ok(Self { child, input, output })
    }

    /// Sends a job and waits until the worker has read all of it. The worker starts the job only after that. So a
    /// failure here isn't the fault of the job: the worker had ended before.
    pub(crate) async fn send(&mut self, header: &[u8], body: &[u8]) -> io::Result<()> {
        self.input.write_all(&Lengths::of(header, body).to_bytes()).await?;
        self.input.write_all(header).await?;
        self.input.write_all(body).await?;
        self.output.read_exact(&mut [0]).await.map(drop)
    }

    /// Waits for the answer. Fails if the worker ends without one.
    pub(crate) async fn receive(&mut self) -> io::Result<Message> {
        let mut lengths = [0; Lengths::BYTES];
        self.output.read_exact(&mut lengths).await?;
        let lengths = Lengths::from_bytes(lengths)?;
        Ok(Message { header: self.read(lengths.header).await?, body: self.read(lengths.body).await? })
    }

    async fn read(&mut self, length: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        (&mut self.output).take(length).read_to_end(&mut bytes).await?;
        if bytes.len() as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// Kills the process if it still runs, and returns the signal that ended it.
    pub(crate) async fn end(mut self) -> Option<i32> {
        use std::os::unix::process::ExitStatusExt as _;

        // A process that has ended already keeps its status.
        let _ = self.child.start_kill();
        self.child.wait().await.ok()?.signal()
    }
}

/// The file of this program. On Linux the path leads to the running program, even if its file has been replaced.
pub(crate) fn this_program() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") { Ok(PathBuf::from("/proc/self/exe")) } else { std::env::current_exe() }
}
