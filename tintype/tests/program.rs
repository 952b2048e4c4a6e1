//! The program, started as its users start it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A command line of the program, without environment variables that would change its behaviour.
pub(crate) fn tintype(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tintype"));
    for (name, _) in
        std::env::vars().filter(|(name, _)| name.starts_with("TINTYPE_") || name.starts_with("AWS_"))
    {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

/// A running stack. Dropping it kills the program.
pub(crate) struct Program {
    pub(crate) child: Child,
    pub(crate) edge: String,
    pub(crate) s3: String,
    pub(crate) media_convert: String,
}

impl Program {
    pub(crate) fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    /// A stack with additional environment variables.
    pub(crate) fn start_with(data: &Path, variables: &[(&str, &str)]) -> Self {
        let mut child = tintype(&["local", "--port", "0", "--json", "--data"])
            .arg(data)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addresses: Value = serde_json::from_str(&line).unwrap();
        let address = |name: &str| addresses[name].as_str().unwrap().to_owned();
        Self { child, edge: address("edge"), s3: address("s3"), media_convert: address("mediaconvert") }
    }

    /// Kills the program with SIGKILL, so that none of its code runs afterwards.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // The program has ended already if the test killed it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
