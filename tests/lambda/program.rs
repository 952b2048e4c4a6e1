//! A packaged program, unzipped and started as Lambda starts it.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tintype::local::names::{ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY};
use tokio::process::{Child, Command};

use super::runtime_api::{Outcome, RuntimeApi};
use crate::support::Running;

/// The folder of the packages.
fn packages() -> PathBuf {
    let folder = std::env::var_os("TINTYPE_PACKAGES");
    PathBuf::from(folder.expect("TINTYPE_PACKAGES must name the folder of packages that ./package makes"))
}

/// A running program. It is killed when this value is dropped.
pub(super) struct Program {
    api: RuntimeApi,
    folder: TempDir,
    _child: Child,
}

impl Program {
    pub(super) async fn start(name: &str, stack: &Running, variables: &[(&str, &str)]) -> Self {
        let (api, folder) = (RuntimeApi::start().await, unzipped(&packages(), name));
        let child = command(&folder, name, &api, stack, variables).spawn().unwrap();
        Self { api, folder, _child: child }
    }

    /// Starts a program that can't start, and waits for its end.
    pub(super) async fn end_of(name: &str, stack: &Running, variables: &[(&str, &str)]) -> End {
        let (api, folder) = (RuntimeApi::start().await, unzipped(&packages(), name));
        let status = command(&folder, name, &api, stack, variables).status().await.unwrap();
        End { status, reported: api.init_error(), log: log_of(&folder) }
    }

    /// Sends an event to the program, and waits for the outcome.
    pub(super) async fn call(&self, event: &Value) -> Outcome {
        self.api.call(event).await
    }

    /// The only line of the log with this message.
    pub(super) fn logged(&self, message: &str) -> Value {
        let log = self.log();
        let lines =
            log.lines().map(|line| serde_json::from_str(line).expect("a line of the log is not JSON"));
        let found: Vec<Value> = lines.filter(|line: &Value| line["message"] == message).collect();
        let [line] = &found[..] else { panic!("not one line '{message}': {log}") };
        line.clone()
    }

    /// The program's log so far.
    pub(super) fn log(&self) -> String {
        log_of(&self.folder)
    }
}

/// The end of a program that couldn't start.
pub(super) struct End {
    pub(super) status: ExitStatus,
    /// The program's report to Lambda.
    pub(super) reported: Option<Value>,
    pub(super) log: String,
}

fn unzipped(packages: &Path, name: &str) -> TempDir {
    let zip = packages.join(name).join("bootstrap.zip");
    assert!(zip.exists(), "{} is missing; ./package makes it", zip.display());
    let folder = tempfile::tempdir().unwrap();
    // Python's `zipfile` drops the permissions, which the program needs. Not every machine has `unzip`.
    let script = "import os, sys, zipfile\n\
                  archive = zipfile.ZipFile(sys.argv[1])\n\
                  for entry in archive.infolist():\n    \
                      path = archive.extract(entry, sys.argv[2])\n    \
                      os.chmod(path, entry.external_attr >> 16 & 0o777)\n";
    let output = std::process::Command::new("python3")
        .args(["-c", script])
        .arg(&zip)
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

fn command(
    folder: &TempDir,
    name: &str,
    api: &RuntimeApi,
    stack: &Running,
    variables: &[(&str, &str)],
) -> Command {
    let log = std::fs::File::create(folder.path().join("log")).unwrap();
    let mut command = Command::new(folder.path().join("bootstrap"));
    command
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", &api.address)
        .env("AWS_LAMBDA_FUNCTION_NAME", name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "log")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "stream")
        .env("AWS_REGION", REGION)
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY)
        .env("TINTYPE_S3_ENDPOINT", &stack.stack.addresses.s3)
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .kill_on_drop(true);
    command
}

fn log_of(folder: &TempDir) -> String {
    std::fs::read_to_string(folder.path().join("log")).unwrap()
}
