//! The output of commands on standard output.

use std::io::{self, Write as _};
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use tokio::sync::oneshot;

/// The error for output that can't be written. A reader that has closed the pipe, such as `head`, is not a failure of
/// the command.
#[derive(Debug, thiserror::Error)]
#[error("the output can't be written: {0}")]
pub struct OutputError(#[from] io::Error);

/// Prints a line, or several lines, at once.
pub fn print_line(text: &str) -> Result<(), OutputError> {
    let mut output = io::stdout().lock();
    output.write_all(format!("{text}\n").as_bytes())?;
    Ok(output.flush()?)
}

/// Completes when the reader of standard output has closed the pipe, as `head` does after its last line. Never
/// completes if standard output is not a pipe.
pub async fn reader_gone() {
    let (gone, is_gone) = oneshot::channel();
    // This runs on a separate thread: the runtime waits for its own blocking threads when it ends, and this thread may
    // never end.
    thread::spawn(move || {
        let stdout = io::stdout();
        let mut waited = [PollFd::new(&stdout, PollFlags::empty())];
        // If no events are requested, `poll` reports only errors. The error of a pipe means that its last reader has
        // closed it.
        while !waited.first().is_some_and(|output| output.revents().contains(PollFlags::ERR)) {
            if poll(&mut waited, None).is_err_and(|error| error != Errno::INTR) {
                return;
            }
            if waited
                .first()
                .is_some_and(|output| output.revents().intersects(PollFlags::HUP | PollFlags::NVAL))
            {
                return;
            }
        }
        // An error means that the command has ended.
        let _ = gone.send(());
    });
    if is_gone.await.is_err() {
        std::future::pending::<()>().await;
    }
}
