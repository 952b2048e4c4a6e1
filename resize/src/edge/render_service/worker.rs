//! A worker: runs the jobs of a service in a process of its own, within limits of time and memory.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use isolation::limiter::Limiter;
use isolation::message::Message;
use isolation::worker::serve;

use super::content::content;
use super::wire::{answer_to_bytes, job_from_bytes};
use crate::error::Error;
use crate::plan::memory::DOCUMENT_BYTES;
use crate::source::file::File;
use crate::source::{Drawn, add_faces, drawn};
use crate::stopwatch::{Observer, Step, Stopwatch};

/// Processor time for everything that depends on the text of a drawing: parsing it, and drawing it.
const DRAWING_TIME: Duration = Duration::from_millis(1500);

/// Processor time for reading and drawing a page of a document.
const DOCUMENT_TIME: Duration = Duration::from_secs(3);

/// Processor time for the header of a file, and for the first pixels of a picture.
const HEADER_TIME: Duration = Duration::from_millis(1500);

/// Processor time for decoding, for each predicted byte of memory. The slowest decoder takes a third of it.
const NANOSECONDS_PER_BYTE: u64 = 10;

/// Memory in addition to the predicted one: the stack of a drawing's thread, its tree, and what decoders take for a
/// header.
const WORKING_BYTES: u64 = 256 << 20;

/// Memory of a drawing's tree, for each byte of its text.
const TREE_BYTES_PER_BYTE: u64 = 16;

/// Memory of a document, for each byte of its file: a copy of the file, and its list of objects.
const DOCUMENT_BYTES_PER_BYTE: u64 = 2;

/// The folder of faces that a deployment adds, such as the folder `fonts` of a Lambda layer.
const FONTS: &str = "/opt/fonts";

/// Runs a worker until the service ends.
pub fn main() -> ExitCode {
    add_faces(added_faces(Path::new(FONTS)));
    match serve(answer) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}

/// The files in the folder. They are read before the worker is confined.
fn added_faces(folder: &Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut files: Vec<_> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files.iter().filter_map(|file| std::fs::read(file).ok()).collect()
}

#[expect(clippy::print_stderr, reason = "a worker has no log")]
fn report(error: &std::io::Error) {
    eprintln!("a worker can't work: {error}");
}

fn answer(message: &Message, limiter: &Limiter) -> Message {
    let content = match job_from_bytes(&message.header) {
        Some(job) => {
            let observer = JobLimits::start(&message.body, limiter.clone());
            let watch = Stopwatch::start(Instant::now, job.deadline).observed_by(observer);
            content(File::Whole(&message.body), &job, watch)
        }
        None => Err(Error::Internal("a worker can't read its job".to_owned())),
    };
    let (header, body) = answer_to_bytes(content).unwrap_or_default();
    Message { header, body }
}

/// Limits a job step by step. Processor time counts while the file is read or decoded; the time of the following steps
/// depends only on the size of pictures.
#[derive(Debug)]
struct JobLimits {
    limiter: Limiter,
    is_drawn: bool,
    /// Memory in addition to the predicted one, in bytes.
    working_bytes: u64,
}

impl JobLimits {
    fn start(file: &[u8], limiter: Limiter) -> Self {
        let drawn = drawn(file);
        let length = file.len() as u64;
        // The plan predicts what the objects of a document take; until then it counts here.
        let (time, bytes_per_byte, unplanned) = match drawn {
            Some(Drawn::Drawing) => (DRAWING_TIME, TREE_BYTES_PER_BYTE, 0),
            Some(Drawn::Document) => (DOCUMENT_TIME, DOCUMENT_BYTES_PER_BYTE, DOCUMENT_BYTES),
            None => (HEADER_TIME, 0, 0),
        };
        let working_bytes = (WORKING_BYTES - unplanned).saturating_add(length.saturating_mul(bytes_per_byte));
        limiter.limit_time(time);
        limiter.limit_memory(working_bytes.saturating_add(unplanned).saturating_add(length));
        Self { limiter, is_drawn: drawn.is_some(), working_bytes }
    }
}

impl Observer for JobLimits {
    fn planned(&self, peak_bytes: u64) {
        self.limiter.limit_memory(self.working_bytes.saturating_add(peak_bytes));
        if !self.is_drawn {
            let time = Duration::from_nanos(peak_bytes.saturating_mul(NANOSECONDS_PER_BYTE));
            self.limiter.limit_time(HEADER_TIME + time);
        }
    }

    fn completed(&self, step: Step) {
        match step {
            Step::Plan | Step::Encode => self.limiter.resume_time(),
            Step::Decode | Step::Resize => self.limiter.pause_time(),
        }
    }
}
