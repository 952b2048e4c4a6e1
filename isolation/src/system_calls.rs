//! Filters system calls on Linux. A call outside the list fails as one that the kernel doesn't have (`ENOSYS`), so that
//! libraries that try the call continue without it.

use std::io;

use libc::c_long;
use rustix::process::getpid;
use rustix::thread::set_no_new_privs;
use seccompiler::SeccompCmpArgLen::{Dword, Qword};
use seccompiler::SeccompCmpOp::{Eq, MaskedEq};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCondition, SeccompFilter, SeccompRule, TargetArch, apply_filter,
};

/// The calls that are allowed with any arguments: for open files, memory, threads, time and signals.
const ALLOWED: &[c_long] = &[
    libc::SYS_brk,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_close,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_getrandom,
    libc::SYS_gettid,
    libc::SYS_madvise,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_nanosleep,
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_sigaltstack,
    libc::SYS_write,
    libc::SYS_writev,
];

/// Filters the calls of this thread and of those that it starts. A kernel without filters leaves the process as it is.
pub(crate) fn filter() -> io::Result<()> {
    let program = program().map_err(io::Error::other)?;
    set_no_new_privs(true)?;
    match apply_filter(&program) {
        Ok(()) => Ok(()),
        Err(seccompiler::Error::Prctl(error) | seccompiler::Error::Seccomp(error))
            if matches!(error.raw_os_error(), Some(libc::ENOSYS | libc::EINVAL)) =>
        {
            Ok(())
        }
        Err(error) => Err(io::Error::other(error)),
    }
}

fn program() -> Result<BpfProgram, seccompiler::BackendError> {
    let own = u64::from(getpid().as_raw_nonzero().get().unsigned_abs());
    let to_itself = || SeccompCondition::new(0, Dword, Eq, own).and_then(|it| SeccompRule::new(vec![it]));
    let threads =
        SeccompCondition::new(0, Qword, MaskedEq(libc::CLONE_THREAD as u64), libc::CLONE_THREAD as u64)?;
    let own_limits = SeccompCondition::new(0, Dword, Eq, 0)?;
    let mut rules: std::collections::BTreeMap<_, _> =
        ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    // Permits threads, and no processes. `clone3` isn't on the list, because its flags are in memory, which a filter
    // can't read.
    rules.insert(libc::SYS_clone, vec![SeccompRule::new(vec![threads])?]);
    rules.insert(libc::SYS_kill, vec![to_itself()?]);
    rules.insert(libc::SYS_tgkill, vec![to_itself()?]);
    rules.insert(libc::SYS_prlimit64, vec![SeccompRule::new(vec![own_limits])?]);
    let missing = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
    let architecture = TargetArch::try_from(std::env::consts::ARCH)?;
    SeccompFilter::new(rules, missing, SeccompAction::Allow, architecture)?.try_into()
}
