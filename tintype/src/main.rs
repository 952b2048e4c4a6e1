//! The program `tintype`.

use std::process::ExitCode;

use clap::Parser as _;
use resize::edge::render_service::worker;
use tintype::cli::{self, Cli};

fn main() -> ExitCode {
    if isolation::is_worker() { worker::main() } else { run_command() }
}

#[tokio::main]
async fn run_command() -> ExitCode {
    match cli::run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of the output has closed the pipe, as `head` does. This is not a failure.
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "the log may not have been started")]
fn report(error: &cli::CommandError) {
    eprintln!("tintype: {error}");
}
