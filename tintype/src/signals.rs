//! The end of a program that serves: by Ctrl-C or SIGTERM, when what is under way has ended.

use std::io;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// How long requests that are under way may go on after the signal to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// The signals that end a program.
#[derive(Debug)]
pub struct EndSignals {
    interrupted: Signal,
    terminated: Signal,
}

impl EndSignals {
    /// From now on the signals are heard, and end nothing by themselves. Fails where the system allows no handler.
    pub fn listen() -> io::Result<Self> {
        let (interrupted, terminated) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(Self { interrupted, terminated })
    }

    /// Returns when one has come.
    pub async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
        }
    }
}

/// Waits for what is under way, ten seconds at most.
pub async fn finish<T>(under_way: impl Future<Output = T>) {
    if tokio::time::timeout(PATIENCE, under_way).await.is_err() {
        tracing::warn!("some requests were still under way after {} s and are cut off", PATIENCE.as_secs());
    }
}
