//! The program, started as its users start it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tintype::local::names::{ACCESS_KEY_ID, ORIGINALS, SECRET_ACCESS_KEY};

/// The arguments of a stack before its folder.
const LOCAL: [&str; 5] = ["local", "--port", "0", "--json", "--data"];

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
        Self::run(tintype(&LOCAL).arg(data).envs(variables.iter().copied()))
    }

    /// A stack that stores each variant, however cheap it is. `policy` is a file for its policy.
    pub(crate) fn start_storing(data: &Path, policy: &Path) -> Self {
        let built_in = include_str!("../../cdn-config/policy.json");
        let mut json: Value = serde_json::from_str(built_in).unwrap();
        json["delivery"]["keepFromMilliseconds"] = 0.into();
        std::fs::write(policy, json.to_string()).unwrap();
        Self::run(tintype(&LOCAL).arg(data).arg("--policy").arg(policy))
    }

    /// A stack that can't write more than `kibibytes` into one file, as on a disk that is full then.
    pub(crate) fn start_on_full_disk(data: &Path, kibibytes: u32) -> Self {
        let script = format!("trap '' XFSZ; ulimit -f {kibibytes}; exec \"$0\" \"$@\"");
        let program = tintype(&LOCAL);
        let mut limited = Command::new("bash");
        Self::run(limited.args(["-c", &script]).arg(program.get_program()).args(program.get_args()).arg(data))
    }

    fn run(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
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

/// A running `tintype serve` over the S3 of a stack. Dropping it kills the program.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) url: String,
}

impl Server {
    pub(crate) fn start(stack: &Program) -> Self {
        Self::start_with(stack, &[])
    }

    /// A server with additional environment variables.
    pub(crate) fn start_with(stack: &Program, variables: &[(&str, &str)]) -> Self {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--originals", ORIGINALS, "--s3", &stack.s3];
        let mut child = tintype(&arguments)
            .env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
            .env("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY)
            .envs(variables.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let address = log.find_map(|line| {
            let line: Value = serde_json::from_str(&line).unwrap();
            line["address"].as_str().map(str::to_owned)
        });
        // The program must not wait for a reader of its log.
        std::thread::spawn(move || log.for_each(drop));
        Self { child, url: format!("http://{}", address.expect("the server ended")) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The program has ended already if a file harmed it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
