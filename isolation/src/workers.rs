//! The workers of a program: started when they are needed, and kept for the next job.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rustix::process::Signal;

use crate::message::Message;
use crate::process::{Process, this_program};

/// The workers of a program. Dropping them ends them.
#[derive(Debug)]
pub struct Workers {
    program: PathBuf,
    max_idle: usize,
    idle: Mutex<Vec<Process>>,
}

/// The reason why a job has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The system can't start a worker.
    #[error("no worker can be started: {0}")]
    Start(io::Error),
    /// The worker was stopped from outside, for example because the system is ending the program.
    #[error("the worker was stopped")]
    Stopped,
    /// There was no answer in the allowed time. The job is the cause, or the machine has too much other work.
    #[error("the worker gave no answer in time")]
    Late,
    /// The worker ended during the job. The job is the cause.
    #[error("the worker ended: {}", .0.name())]
    Ended(Cause),
}

/// The reason why a worker ended during a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// It exceeded the job's processor time.
    Time,
    /// It failed: its stack overflowed, its memory was exhausted, or its code has a defect.
    Crash,
}

impl Cause {
    /// The name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Crash => "crash",
        }
    }
}

impl Workers {
    /// Workers of this program, of which at most `max_idle` wait for the next job. No worker is started yet. Fails if
    /// the program's file is unknown.
    pub fn of_this_program(max_idle: usize) -> io::Result<Self> {
        Ok(Self::of(this_program()?, max_idle))
    }

    /// Workers of another program.
    pub fn of(program: PathBuf, max_idle: usize) -> Self {
        Self { program, max_idle, idle: Mutex::default() }
    }

    /// Runs a job in a worker. The worker's process ends if the answer takes longer than `allowed`, and also if the
    /// future is dropped. The next job then gets a new worker.
    pub async fn run(&self, header: &[u8], body: &[u8], allowed: Duration) -> Result<Message, Failure> {
        let job = self.run_to_end(header, body);
        tokio::time::timeout(allowed, job).await.unwrap_or(Err(Failure::Late))
    }

    async fn run_to_end(&self, header: &[u8], body: &[u8]) -> Result<Message, Failure> {
        let mut process = self.send(header, body).await?;
        match process.receive().await {
            Ok(answer) => {
                self.keep(process);
                Ok(answer)
            }
            Err(_) => Err(match process.end().await.and_then(Signal::from_named_raw) {
                Some(Signal::XCPU) => Failure::Ended(Cause::Time),
                Some(Signal::TERM | Signal::INT | Signal::HUP) => Failure::Stopped,
                Some(_) | None => Failure::Ended(Cause::Crash),
            }),
        }
    }

    /// Sends a job to an idle worker or to a new one. A worker that has ended while it was idle is skipped.
    async fn send(&self, header: &[u8], body: &[u8]) -> Result<Process, Failure> {
        while let Some(mut process) = self.take() {
            if process.send(header, body).await.is_ok() {
                return Ok(process);
            }
        }
        let mut process = Process::start(&self.program).map_err(Failure::Start)?;
        process.send(header, body).await.map_err(Failure::Start)?;
        Ok(process)
    }

    fn take(&self) -> Option<Process> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn keep(&self, process: Process) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.max_idle {
            idle.push(process);
        }
    }
}
