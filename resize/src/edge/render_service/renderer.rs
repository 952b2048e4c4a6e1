//! Chooses the process that renders a variant. JPEG and PNG are decoded in this process: their decoders are safe Rust,
//! and time and memory follow from the header. Other decoders can't be interrupted, so they run in workers, which can
//! be killed.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use bytes::Bytes;
use isolation::workers::{Cause, Failure, Workers};
use service::problem::{Kind, Problem};

use super::abandonment::AbandonmentGuard;
use super::content::{Content, content};
use super::job::Job;
use super::problem::{defect, render_problem, reported};
use super::shared_decodes::Want;
use super::slots::{Busy, RenderPermit};
use super::wire::{answer_from_bytes, job_to_bytes};
use crate::error::Error;
use crate::source::arriving::Arriving;
use crate::source::file::File;
use crate::stopwatch::Stopwatch;

/// Time after the deadline in which a worker may still report that the deadline has passed.
const DEADLINE_GRACE: Duration = Duration::from_millis(500);

/// The reason why there is no content.
pub(super) enum RenderFailure {
    /// The request fails.
    Problem(Problem),
    /// The worker ended during the job.
    Ended(Cause),
}

impl From<Busy> for RenderFailure {
    fn from(busy: Busy) -> Self {
        Self::Problem(busy.into())
    }
}

impl From<Problem> for RenderFailure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// `true` if the file is decoded in a worker. This includes JPEGs that only libjpeg-turbo reads.
pub(super) fn needs_worker(file: &[u8]) -> bool {
    match file {
        [0xff, 0xd8, ..] => jpeg::Header::read(file).is_err(),
        [0x89, b'P', b'N', b'G', ..] => false,
        _ => true,
    }
}

/// A file that is rendered in this process.
pub(super) enum LocalFile {
    Whole(Bytes),
    Arriving(Arriving),
    Shared(Want),
}

impl LocalFile {
    fn borrow(&self) -> File<'_> {
        match self {
            Self::Whole(bytes) => File::Whole(bytes),
            Self::Arriving(arriving) => File::Arriving(arriving),
            Self::Shared(want) => File::Shared(want.bytes(), want),
        }
    }
}

/// Renders in this process. When the future is dropped, the work stops after the current step.
pub(super) async fn render_here(
    file: LocalFile,
    job: Job,
    permit: RenderPermit,
) -> Result<Content, RenderError> {
    let guard = AbandonmentGuard::default();
    let is_abandoned: Arc<AtomicBool> = guard.flag();
    let span = tracing::Span::current();
    let rendering = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        let watch = Stopwatch::start(Instant::now, job.deadline).with_abandon_flag(is_abandoned);
        span.in_scope(|| content(file.borrow(), &job, watch))
    });
    match rendering.await {
        Ok(Err(Error::Interrupted)) => Err(RenderError::Interrupted),
        Ok(content) => content.map_err(|error| RenderError::Problem(render_problem(&error))),
        Err(panic) => Err(RenderError::Problem(defect(&panic.to_string()))),
    }
}

/// The reason why [`render_here`] has no content.
pub(super) enum RenderError {
    /// The request fails.
    Problem(Problem),
    /// The file has not arrived.
    Interrupted,
}

/// Renders in a worker, which ends when the future is dropped.
pub(super) async fn render_in_worker(
    workers: &Workers,
    file: Bytes,
    job: &Job,
    _permit: RenderPermit,
) -> Result<Content, RenderFailure> {
    let header = job_to_bytes(job).map_err(|error| defect(&error.to_string()))?;
    let answer = workers.run(&header, &file, job.deadline + DEADLINE_GRACE).await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(Failure::Ended(cause)) => return Err(RenderFailure::Ended(cause)),
        // The file isn't known to be the cause, so the answer isn't kept.
        Err(Failure::Late) => return Err(render_problem(&Error::DeadlineExceeded).into()),
        Err(Failure::Stopped) => {
            return Err(Problem::new(Kind::Busy, "the server is stopping; try again").into());
        }
        Err(error @ Failure::Start(_)) => return Err(defect(&error.to_string()).into()),
    };
    match answer_from_bytes(&answer.header, answer.body, job.fetch) {
        Some(Ok(content)) => Ok(content),
        Some(Err((kind, reason))) => Err(reported(kind, reason).into()),
        None => Err(RenderFailure::Ended(Cause::Crash)),
    }
}

/// The problem of a file that ended its worker.
pub(super) fn ended_problem(cause: Cause) -> Problem {
    let reason = match cause {
        Cause::Time => "the file takes too long to be decoded",
        Cause::Crash => "the file can't be decoded: its decoder failed, or took too much memory",
    };
    reported(Kind::Unreadable, reason.to_owned())
}

#[cfg(test)]
mod tests {
    use cdn_config::policy::Policy;
    use contract::key::Key;

    use super::super::slots::{RenderSlots, Slots};
    use super::*;
    use crate::edge::config::Config;
    use crate::edge::variant_request::VariantRequest;

    #[tokio::test]
    async fn a_worker_that_has_no_time_for_a_file_is_not_the_fault_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("worker");
        // Another process writes it: a program that is open for writing can't be started.
        let script = r#"printf '#!/bin/sh\nexec sleep 600\n' > "$0" && chmod 755 "$0""#;
        let written = std::process::Command::new("sh").arg("-c").arg(script).arg(&program).status().unwrap();
        assert!(written.success());
        let workers = Workers::of(program, 1);
        let key = Key::parse("files/1/a.gif").unwrap();
        let request = VariantRequest { key, variant: "w=64,fm=png".parse().unwrap() };
        let mut job = Job::new(request, None, &Config::of(&Policy::built_in()), None, Duration::ZERO);
        job.deadline = Duration::ZERO;
        let slots = RenderSlots::new(1, 1, Duration::ZERO);
        let permit = slots.fetch_permit().await.unwrap().render_permit(Slots::Workers).await.unwrap();
        let failed = render_in_worker(&workers, Bytes::from_static(b"GIF89a"), &job, permit).await;
        match failed {
            Err(RenderFailure::Problem(problem)) => assert_eq!(problem.kind(), Kind::DeadlineExceeded),
            Err(RenderFailure::Ended(cause)) => panic!("{cause:?}"),
            Ok(_) => panic!("an answer"),
        }
    }

    #[test]
    fn only_jpeg_and_png_are_decoded_in_this_process() {
        let view = codecs::View { samples: &[90; 64 * 48], width: 64, height: 48 };
        let jpeg = codecs::jpeg::encode(view, codecs::jpeg::Layout::Gray, 90).unwrap();
        assert!(!needs_worker(&jpeg));
        assert!(!needs_worker(b"\x89PNG\r\n\x1a\n"));
        for other in [&b"<svg/>"[..], b"II*\0", b"RIFF....WEBP", b"GIF89a", b"BM", b"\xff\xd8junk", b""] {
            assert!(needs_worker(other), "{other:?}");
        }
    }
}
