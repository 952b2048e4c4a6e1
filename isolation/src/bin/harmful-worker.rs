//! A worker that does what its job says, even if that is harmful. The tests of this crate start it.

use std::net::{TcpListener, UdpSocket};
use std::process::{Command, ExitCode};
use std::time::Duration;

use isolation::limiter::Limiter;
use isolation::message::Message;

const MEBIBYTE: usize = 1 << 20;

fn main() -> ExitCode {
    match isolation::worker::serve(answer) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn answer(job: &Message, limiter: &Limiter) -> Message {
    limiter.limit_time(Duration::from_millis(300));
    limiter.limit_memory(100 << 20);
    let text = match job.header.as_slice() {
        b"echo" => return job.clone(),
        b"process" => std::process::id().to_string(),
        b"overflow" => overflow(1).to_string(),
        b"spin" => spin().to_string(),
        b"spin unlimited" => {
            limiter.pause_time();
            spin().to_string()
        }
        b"sleep" => {
            std::thread::sleep(Duration::from_mins(10));
            String::new()
        }
        b"allocate 50 MiB" => vec![1_u8; 50 * MEBIBYTE].len().to_string(),
        b"allocate 500 MiB" => vec![1_u8; 500 * MEBIBYTE].len().to_string(),
        b"read a file" => denied(&std::fs::read("/proc/self/status")),
        b"write a file" => denied(&std::fs::write("/tmp/tintype-worker", b"written")),
        b"listen" => denied(&TcpListener::bind("127.0.0.1:0")),
        b"send" => denied(&UdpSocket::bind("127.0.0.1:0")),
        b"start a program" => denied(&Command::new("/bin/true").status()),
        b"start a thread" => std::thread::spawn(|| "started".to_owned()).join().unwrap_or_default(),
        _ => unknown(job),
    };
    Message { header: text.into_bytes(), body: Vec::new() }
}

fn denied<T>(result: &std::io::Result<T>) -> String {
    if result.is_err() { "denied".to_owned() } else { "allowed".to_owned() }
}

fn overflow(depth: u64) -> u64 {
    let room = std::hint::black_box([depth; 512]);
    if depth == u64::MAX { 0 } else { overflow(depth + 1) + room.iter().sum::<u64>() }
}

fn spin() -> u64 {
    let mut turns = 0_u64;
    while std::hint::black_box(turns) < u64::MAX {
        turns += 1;
    }
    turns
}

#[expect(clippy::panic, reason = "a worker may have a defect")]
fn unknown(job: &Message) -> String {
    panic!("unknown: {}", String::from_utf8_lossy(&job.header));
}
