//! Ends a command that serves requests: after Ctrl-C or SIGTERM it finishes the requests in progress.

use std::io;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Maximum time that requests in progress may take after the signal.
const GRACE_PERIOD: Duration = Duration::from_secs(10);

/// The signals that end a program.
#[derive(Debug)]
pub struct EndSignals {
    interrupted: Signal,
    terminated: Signal,
}

impl EndSignals {
    /// Starts to listen for signals. From then on, a signal doesn't end the program at once. Fails if the system
    /// refuses the handler.
    pub fn listen() -> io::Result<Self> {
        let (interrupted, terminated) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(Self { interrupted, terminated })
    }

    /// Waits for the first signal.
    pub async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
        }
    }
}

/// Waits for the requests in progress, at most ten seconds.
pub async fn finish<T>(requests: impl Future<Output = T>) {
    if tokio::time::timeout(GRACE_PERIOD, requests).await.is_err() {
        tracing::warn!("some requests didn't finish within {} s and are aborted", GRACE_PERIOD.as_secs());
    }
}
