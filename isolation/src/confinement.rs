//! Removes all rights of a worker that its jobs don't need.

use std::io;

use rustix::process::{Resource, Rlimit, setrlimit};

/// Number of open files: the two pipes and the log.
const OPEN_FILES: u64 = 3;

/// Stack of the main thread, in bytes. Work that needs more starts a thread with a larger one.
const STACK_BYTES: u64 = 8 << 20;

/// Confines the process permanently: it can't open a file or a socket, write a file, leave a core dump, or start a
/// program or a process. The limits apply on every system; on Linux the system calls are filtered, too.
pub(crate) fn confine() -> io::Result<()> {
    let limits = [
        (Resource::Nofile, OPEN_FILES),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        (Resource::Stack, STACK_BYTES),
    ];
    for (resource, limit) in limits {
        setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?;
    }
    #[cfg(target_os = "linux")]
    crate::system_calls::filter()?;
    Ok(())
}
