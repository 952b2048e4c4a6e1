//! Runs one job: reads its input from S3, transcodes with ffmpeg, writes its outputs to S3.
//!
//! `runner` is the sequence of steps. `tools` starts ffmpeg and ffprobe as a `process`; `storage` is S3; `progress` is the
//! progress of a run, which other tasks read.

mod error;
mod folder;
mod process;
mod progress;
mod runner;
mod storage;
mod tools;

pub(crate) use error::RunError;
pub(crate) use process::ProcessError;
pub(crate) use progress::{Phase, Progress};
pub(crate) use runner::{JobResult, Runner};
pub(crate) use storage::{ObjectMetadata, StorageError, open_input};
pub use tools::Tools;
