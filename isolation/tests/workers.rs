//! Tests with jobs that harm only their worker. The worker is `src/bin/harmful-worker.rs`.

#![cfg(test)]

use std::time::Duration;

use isolation::workers::{Cause, Failure, Workers};

/// A time limit that is long enough for every job that ends.
const ALLOWED: Duration = Duration::from_mins(1);

fn workers() -> Workers {
    Workers::of(env!("CARGO_BIN_EXE_harmful-worker").into(), 2)
}

/// The header of the answer to a job.
async fn ask(workers: &Workers, job: &str) -> String {
    let answer = workers.run(job.as_bytes(), b"", ALLOWED).await.unwrap();
    String::from_utf8(answer.header).unwrap()
}

async fn cause_of_end(workers: &Workers, job: &str, allowed: Duration) -> Cause {
    match workers.run(job.as_bytes(), b"", allowed).await {
        Err(Failure::Ended(cause)) => cause,
        other => panic!("{job}: {other:?}"),
    }
}

#[cfg(target_os = "linux")]
fn is_running(process: &str) -> bool {
    std::path::Path::new("/proc").join(process).exists()
}

#[tokio::test]
async fn a_worker_answers_one_job_after_the_other() {
    let workers = workers();
    let file: Vec<u8> = (0..5_000_000_u32).map(|n| n as u8).collect();
    let answer = workers.run(b"echo", &file, ALLOWED).await.unwrap();
    assert_eq!((&answer.header[..], answer.body), (&b"echo"[..], file));
    assert_eq!(ask(&workers, "process").await, ask(&workers, "process").await, "the process is kept");
}

#[tokio::test]
async fn concurrent_jobs_have_a_worker_each() {
    let workers = workers();
    let (first, second) = tokio::join!(ask(&workers, "process"), ask(&workers, "process"));
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_job_that_ends_its_worker_fails_and_the_next_job_gets_a_new_worker() {
    let workers = workers();
    let before = ask(&workers, "process").await;
    for (job, expected) in [
        ("overflow", Cause::Crash),
        ("panic", Cause::Crash),
        ("allocate 500 MiB", Cause::Crash),
        ("spin", Cause::Time),
    ] {
        assert_eq!(cause_of_end(&workers, job, ALLOWED).await, expected, "{job}");
        assert_eq!(ask(&workers, "allocate 50 MiB").await, (50 << 20).to_string(), "after {job}");
    }
    assert_ne!(ask(&workers, "process").await, before);
}

#[tokio::test]
async fn a_worker_that_is_stopped_from_outside_is_not_the_fault_of_the_job() {
    let workers = workers();
    let process = ask(&workers, "process").await;
    let job = workers.run(b"sleep", b"", ALLOWED);
    let stop = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        std::process::Command::new("kill").arg(&process).status().unwrap()
    };
    let (stopped, _) = tokio::join!(job, stop);
    assert!(matches!(stopped, Err(Failure::Stopped)), "{stopped:?}");
}

#[tokio::test]
async fn a_job_without_an_answer_in_time_ends_its_worker() {
    let workers = workers();
    for job in ["sleep", "spin unlimited"] {
        let late = workers.run(job.as_bytes(), b"", Duration::from_secs(1)).await;
        assert!(matches!(late, Err(Failure::Late)), "{job}: {late:?}");
    }
    assert_eq!(ask(&workers, "start a thread").await, "started");
}

#[tokio::test]
async fn a_worker_that_ended_while_it_was_idle_is_replaced() {
    let workers = workers();
    let process = ask(&workers, "process").await;
    let status = std::process::Command::new("kill").args(["-9", &process]).status().unwrap();
    assert!(status.success());
    assert_ne!(ask(&workers, "process").await, process);
}

#[tokio::test]
async fn a_worker_has_no_files_no_network_and_no_programs() {
    let workers = workers();
    for job in ["read a file", "write a file", "listen", "send", "start a program"] {
        assert_eq!(ask(&workers, job).await, "denied", "{job}");
    }
    assert_eq!(ask(&workers, "start a thread").await, "started");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_worker_has_no_environment_and_no_file_of_its_program() {
    let opened = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml").canonicalize().unwrap();
    let _open = std::fs::File::open(&opened).unwrap();
    let workers = workers();
    let process = std::path::Path::new("/proc").join(ask(&workers, "process").await);
    assert_eq!(std::fs::read(process.join("environ")).unwrap(), b"");
    let files = std::fs::read_dir(process.join("fd")).unwrap();
    assert!(files.map(|file| std::fs::read_link(file.unwrap().path()).unwrap()).all(|file| file != opened));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn workers_end_with_their_program_and_leave_no_zombie() {
    let workers = workers();
    let process = ask(&workers, "process").await;
    assert!(is_running(&process));
    drop(workers);
    let is_gone = async {
        while is_running(&process) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(ALLOWED, is_gone).await.unwrap();
}
