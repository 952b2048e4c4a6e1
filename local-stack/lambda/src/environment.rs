//! An execution environment: one process of a function with its Runtime API. It is frozen while it waits for an event.

use std::fs::{File, OpenOptions};
use std::io;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

use crate::config::{FunctionConfig, Runtime};
use crate::outcome::{InvokeError, Outcome};
use crate::runtime_api::RuntimeApi;

/// The runtime for Node.js.
const NODEJS: &str = include_str!("nodejs.mjs");

/// The time in which a function must ask for its first event (developer guide, "Init phase").
const START_TIME: Duration = Duration::from_secs(10);

/// The interval between two looks at the memory of a process.
const MEMORY_INTERVAL: Duration = Duration::from_millis(50);

/// The size of a page of memory in bytes, as Linux has it on the machines that Lambda uses.
const PAGE_BYTES: u64 = 4096;

/// One process. It is killed when this value is dropped.
#[derive(Debug)]
pub(crate) struct Environment {
    api: RuntimeApi,
    child: Child,
    group: Option<Pid>,
    /// The number of events that the process has asked for.
    asked: u64,
    /// The folder `/tmp` of the process. It is removed with it.
    _folder: TempDir,
}

impl Environment {
    /// Starts a process, and waits until it asks for an event.
    pub(crate) async fn start(config: &FunctionConfig) -> Result<Self, InvokeError> {
        let api = RuntimeApi::start().await.map_err(not_started)?;
        let folder = tempfile::tempdir().map_err(not_started)?;
        let child =
            command(config, &api, &folder).and_then(|mut command| command.spawn()).map_err(not_started)?;
        let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let mut started = Self { api, child, group, asked: 0, _folder: folder };
        let failure = tokio::select! {
            asked = started.api.asked_again(0) => {
                started.asked = asked;
                started.signal(Signal::STOP);
                return Ok(started);
            }
            error = started.api.start_failure() => error.to_string(),
            status = started.child.wait() => {
                status.map_or_else(|error| error.to_string(), |status| status.to_string())
            }
            () = tokio::time::sleep(START_TIME) => format!("it asks for no event in {} s", START_TIME.as_secs()),
        };
        Err(InvokeError::NotStarted(failure))
    }

    /// Gives the process an event. `answer` gets the outcome, as soon as a streamed answer begins. Returns `true` if the
    /// process is ready for another event.
    pub(crate) async fn run(
        &mut self,
        config: &FunctionConfig,
        event: &Value,
        answer: oneshot::Sender<Result<Outcome, InvokeError>>,
    ) -> bool {
        self.signal(Signal::CONT);
        let outcome = self.api.send(event, &config.arn, config.timeout);
        let mut answer = Some(answer);
        let end = self.until_ready(config, outcome, &mut answer).await;
        match end {
            Ok(()) => {
                self.signal(Signal::STOP);
                true
            }
            Err(error) => {
                tracing::error!(%error, function = config.name, "an invocation failed");
                self.signal(Signal::KILL);
                // A streamed answer has begun. Its viewer sees that it breaks off.
                if let Some(answer) = answer {
                    let _ = answer.send(Err(error));
                }
                false
            }
        }
    }

    /// Waits until the process has answered and asks for the next event, or breaks a limit.
    async fn until_ready(
        &mut self,
        config: &FunctionConfig,
        mut outcome: oneshot::Receiver<Result<Outcome, InvokeError>>,
        answer: &mut Option<oneshot::Sender<Result<Outcome, InvokeError>>>,
    ) -> Result<(), InvokeError> {
        let deadline = tokio::time::sleep(config.timeout);
        tokio::pin!(deadline);
        let mut memory = tokio::time::interval(MEMORY_INTERVAL);
        loop {
            tokio::select! {
                received = &mut outcome, if answer.is_some() => {
                    let received = received.unwrap_or(Err(InvokeError::Exited));
                    if let Some(answer) = answer.take() {
                        // A caller that has gone doesn't need the outcome.
                        let _ = answer.send(received);
                    }
                }
                asked = self.api.asked_again(self.asked), if answer.is_none() => {
                    self.asked = asked;
                    return Ok(());
                }
                _ = self.child.wait() => return Err(InvokeError::Exited),
                () = &mut deadline => return Err(InvokeError::TimedOut(config.timeout.as_secs_f64())),
                _ = memory.tick() => {
                    if self.memory_bytes() > u64::from(config.memory_megabytes) << 20 {
                        return Err(InvokeError::OutOfMemory(config.memory_megabytes));
                    }
                }
            }
        }
    }

    /// The memory that the process uses, in bytes.
    fn memory_bytes(&self) -> u64 {
        let pages = self.child.id().and_then(|id| {
            let sizes = std::fs::read_to_string(format!("/proc/{id}/statm")).ok()?;
            sizes.split(' ').nth(1)?.parse::<u64>().ok()
        });
        pages.unwrap_or_default() * PAGE_BYTES
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group
            && let Err(error) = kill_process_group(group, signal)
        {
            tracing::debug!(%error, "a process has gone");
        }
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
    }
}

fn command(config: &FunctionConfig, api: &RuntimeApi, folder: &TempDir) -> io::Result<Command> {
    let log = log_file(config)?;
    let mut command = match config.runtime {
        Runtime::Provided => Command::new(config.code.join("bootstrap")),
        Runtime::NodeJs => {
            let runtime = folder.path().join("runtime.mjs");
            std::fs::write(&runtime, NODEJS)?;
            let mut command = Command::new("node");
            command.arg(runtime);
            command
        }
    };
    command
        .env_clear()
        .env("PATH", &config.search_path)
        .env("TMPDIR", folder.path())
        .env("LAMBDA_TASK_ROOT", &config.code)
        .env("AWS_LAMBDA_RUNTIME_API", &api.address)
        .env("AWS_LAMBDA_FUNCTION_NAME", &config.name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", config.memory_megabytes.to_string())
        .env("AWS_LAMBDA_LOG_GROUP_NAME", &config.name)
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "local")
        .env("_HANDLER", &config.handler)
        .envs(config.environment.iter().map(|(name, value)| (name, value)))
        .current_dir(&config.code)
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .kill_on_drop(true);
    Ok(command)
}

fn log_file(config: &FunctionConfig) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(&config.log)
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` passes the error by value")]
fn not_started(error: io::Error) -> InvokeError {
    InvokeError::NotStarted(error.to_string())
}
