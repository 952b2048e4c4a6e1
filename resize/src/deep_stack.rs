//! A thread with a deep stack, for parsers and renderers that are recursive.

use crate::error::Error;

/// Stack size in bytes. Only the part that is used takes memory.
const STACK_BYTES: usize = 64 << 20;

/// Runs `work` on a thread with a stack that is deep enough for every file within the limits. If it panics, the result is
/// `panicked`.
pub(crate) fn on_deep_stack<T: Send>(
    panicked: impl FnOnce() -> Error,
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> Result<T, Error> {
    let unavailable = |error: std::io::Error| Error::Internal(error.to_string());
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        thread.map_err(unavailable)?.join().unwrap_or_else(|_| Err(panicked()))
    })
}
