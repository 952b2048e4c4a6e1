//! Runs jobs on untrusted files in worker processes of the same program. A decoder that overflows its stack, never ends
//! or uses all memory then ends only its worker, and not the program with all its other requests.
//!
//! A worker is the program itself, started with [`WORKER_ARGUMENT`]. It inherits neither environment nor open files,
//! confines itself before it reads its first job, and answers one job after the other over two pipes:
//!
//! - [`workers`]: the program's side. [`Workers`](workers::Workers) starts workers, keeps them for the next job, and
//!   ends those that exceed the time of a job;
//! - [`worker`]: the worker's side. [`serve`](worker::serve) confines the process and answers jobs;
//! - [`limiter`]: the limits of a job's processor time and memory;
//! - [`message`]: a job or an answer on a pipe.
//!
//! The crate knows nothing about the jobs: header and body are bytes.

pub mod workers;

mod process;

pub mod worker;

pub mod limiter;

mod confinement;

#[cfg(target_os = "linux")]
mod system_calls;

pub mod message;

/// The first argument of a worker's command line. The program passes it when it starts itself as a worker.
pub const WORKER_ARGUMENT: &str = "--worker";

/// `true` if this process was started as a worker. A program must check this before it does anything else.
pub fn is_worker() -> bool {
    std::env::args_os().nth(1).is_some_and(|argument| argument == WORKER_ARGUMENT)
}
