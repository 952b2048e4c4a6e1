//! The configuration of a function.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// The program that runs a function's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// The package's own program `bootstrap`.
    Provided,
    /// Node.js, with the exported function that the handler names.
    NodeJs,
}

/// The configuration of a function.
#[derive(Clone, Debug)]
pub struct FunctionConfig {
    /// The name, in the log and in the environment.
    pub name: String,
    /// The ARN.
    pub arn: String,
    /// The runtime.
    pub runtime: Runtime,
    /// The handler, such as `index.handler`. Custom runtimes get it as a variable.
    pub handler: String,
    /// The folder of the unpacked code.
    pub code: PathBuf,
    /// The file that gets the log. It is created if it is missing.
    pub log: PathBuf,
    /// The memory limit in megabytes.
    pub memory_megabytes: u32,
    /// The time limit of an invocation.
    pub timeout: Duration,
    /// The maximum number of concurrent invocations.
    pub concurrency: usize,
    /// The environment variables: those of the function, and those that Lambda sets from its role and region.
    pub environment: Vec<(String, String)>,
    /// The folders of programs on this machine, as in `PATH`.
    pub search_path: OsString,
}
