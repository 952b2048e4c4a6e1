//! The JSON of jobs and answers between the service and its workers. The files are in the bodies of the messages.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::format::Format;
use contract::key::Key;
use contract::limits::Limits;
use contract::mark::Mark;
use contract::policy::{DefaultQualities, Profile};
use contract::request::{canonical_path, from_canonical_path};
use contract::variant::{Gravity, Quality, Side};
use serde::{Deserialize, Serialize};
use service::problem::Kind;

use super::content::Content;
use super::job::Job;
use super::marks::FetchedMark;
use super::problem::kind_and_reason;
use crate::edge::timings::Timings;
use crate::edge::variant_request::VariantRequest;
use crate::error::Error;
use crate::settings::{JpegDecoder, Settings};
use crate::stopwatch::Step;

#[derive(Debug, Deserialize, Serialize)]
struct WireJob {
    /// The canonical path of the variant.
    path: String,
    settings: WireSettings,
    mark: Option<WireMark>,
    ladder: Vec<u32>,
    kept_from: Option<Duration>,
    fetch: Duration,
    deadline: Duration,
}

#[derive(Debug, Deserialize, Serialize)]
struct WireSettings {
    source_bytes: u64,
    source_pixels: u64,
    frames: u32,
    animation_pixels: u64,
    output_side: u32,
    memory_bytes: u64,
    /// The qualities for JPEG, WebP and AVIF.
    qualities: [u8; 3],
    avif_budget: Duration,
    is_libjpeg_turbo: bool,
    profile: WireProfile,
    is_progressive: bool,
    keeps_credit: bool,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
enum WireProfile {
    Standard,
    Fast,
    Faithful,
}

/// A mark. Its numbers are thousandths.
#[derive(Debug, Deserialize, Serialize)]
struct WireMark {
    key: String,
    place: String,
    width: u16,
    margin: u16,
    opacity: u16,
    /// The file of its picture, in Base64.
    file: String,
}

/// An answer. The body is the picture or the document.
#[derive(Debug, Deserialize, Serialize)]
enum WireAnswer {
    Content {
        format: Option<String>,
        steps: Vec<(String, Duration)>,
        predicted: Duration,
    },
    /// `kind` is an index into [`Kind::ALL`], because several kinds have the same name.
    Failure {
        kind: usize,
        reason: String,
    },
}

/// The header of a job.
pub(super) fn job_to_bytes(job: &Job) -> Result<Vec<u8>, serde_json::Error> {
    let Job { request, settings, mark, ladder, kept_from, fetch, deadline } = job;
    let VariantRequest { key, variant } = request;
    serde_json::to_vec(&WireJob {
        path: canonical_path(key, variant),
        settings: WireSettings::of(settings),
        mark: mark.as_ref().map(WireMark::of),
        ladder: ladder.iter().map(|side| side.pixels()).collect(),
        kept_from: *kept_from,
        fetch: *fetch,
        deadline: *deadline,
    })
}

/// Reads the header of a job. `None` if the bytes are not a job.
pub(super) fn job_from_bytes(header: &[u8]) -> Option<Job> {
    let WireJob { path, settings, mark, ladder, kept_from, fetch, deadline } =
        serde_json::from_slice(header).ok()?;
    let (key, variant) = from_canonical_path(&path)?;
    Some(Job {
        request: VariantRequest { key, variant },
        settings: settings.to_settings()?,
        mark: match mark {
            Some(mark) => Some(mark.to_mark()?),
            None => None,
        },
        ladder: ladder.into_iter().map(Side::clamped).collect::<Option<_>>()?,
        kept_from,
        fetch,
        deadline,
    })
}

/// The header and the body of an answer.
pub(super) fn answer_to_bytes(
    content: Result<Content, Error>,
) -> Result<(Vec<u8>, Vec<u8>), serde_json::Error> {
    let (answer, body) = match content {
        Ok(Content { bytes, format, timings, predicted }) => {
            let steps = timings.steps.iter().map(|(step, time)| (step.name().to_owned(), *time)).collect();
            let format = format.map(|format| format.name().to_owned());
            (WireAnswer::Content { format, steps, predicted }, bytes.into())
        }
        Err(error) => {
            let (kind, reason) = kind_and_reason(&error);
            let kind = Kind::ALL.into_iter().position(|known| known == kind).unwrap_or(usize::MAX);
            (WireAnswer::Failure { kind, reason }, Vec::new())
        }
    };
    Ok((serde_json::to_vec(&answer)?, body))
}

/// The content in an answer, or the kind and the sentence of a failure. `None` if the message contains neither. The
/// header is checked like any other input, since the worker that wrote it has read an untrusted file.
pub(super) fn answer_from_bytes(
    header: &[u8],
    body: Vec<u8>,
    fetch: Duration,
) -> Option<Result<Content, (Kind, String)>> {
    match serde_json::from_slice(header).ok()? {
        WireAnswer::Content { format: None, .. } => Some(Ok(Content::json(body, fetch))),
        WireAnswer::Content { format: Some(format), steps, predicted } => {
            let format = Format::ALL.into_iter().find(|known| known.name() == format)?;
            let step = |(name, time): (String, _)| {
                Some((Step::ALL.into_iter().find(|step| step.name() == name)?, time))
            };
            let steps = steps.into_iter().map(step).collect::<Option<_>>()?;
            Some(Ok(Content::picture(body, format, Timings { fetch, steps }, predicted)))
        }
        WireAnswer::Failure { kind, reason } => Some(Err((*Kind::ALL.get(kind)?, reason))),
    }
}

impl WireMark {
    fn of(FetchedMark { mark, file }: &FetchedMark) -> Self {
        let Mark { key, place, width, margin, opacity } = mark;
        let (key, place) = (key.as_str().to_owned(), place.name().to_owned());
        Self { key, place, width: *width, margin: *margin, opacity: *opacity, file: STANDARD.encode(file) }
    }

    fn to_mark(&self) -> Option<FetchedMark> {
        let place = Gravity::ALL.into_iter().find(|place| place.name() == self.place)?;
        let Self { width, margin, opacity, .. } = *self;
        let mark = Mark { key: Key::parse(&self.key).ok()?, place, width, margin, opacity };
        Some(FetchedMark { mark, file: STANDARD.decode(&self.file).ok()?.into() })
    }
}

impl WireSettings {
    fn of(settings: &Settings) -> Self {
        let Settings { limits, qualities, avif_budget, jpeg_decoder, profile, is_progressive, keeps_credit } =
            *settings;
        let Limits { source_bytes, source_pixels, frames, animation_pixels, output_side, memory_bytes } =
            limits;
        let DefaultQualities { jpeg, webp, avif } = qualities;
        Self {
            source_bytes,
            source_pixels,
            frames,
            animation_pixels,
            output_side: output_side.pixels(),
            memory_bytes,
            qualities: [jpeg, webp, avif].map(Quality::get),
            avif_budget,
            is_libjpeg_turbo: jpeg_decoder == JpegDecoder::LibjpegTurbo,
            profile: match profile {
                Profile::Standard => WireProfile::Standard,
                Profile::Fast => WireProfile::Fast,
                Profile::Faithful => WireProfile::Faithful,
            },
            is_progressive,
            keeps_credit,
        }
    }

    fn to_settings(&self) -> Option<Settings> {
        let [jpeg, webp, avif] = self.qualities.map(|quality| Quality::clamped(u32::from(quality)));
        Some(Settings {
            limits: Limits {
                source_bytes: self.source_bytes,
                source_pixels: self.source_pixels,
                frames: self.frames,
                animation_pixels: self.animation_pixels,
                output_side: Side::clamped(self.output_side)?,
                memory_bytes: self.memory_bytes,
            },
            qualities: DefaultQualities { jpeg: jpeg?, webp: webp?, avif: avif? },
            avif_budget: self.avif_budget,
            jpeg_decoder: if self.is_libjpeg_turbo { JpegDecoder::LibjpegTurbo } else { JpegDecoder::Own },
            profile: match self.profile {
                WireProfile::Standard => Profile::Standard,
                WireProfile::Fast => Profile::Fast,
                WireProfile::Faithful => Profile::Faithful,
            },
            is_progressive: self.is_progressive,
            keeps_credit: self.keeps_credit,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_read_as_it_was_written() {
        let quality = |quality| Quality::clamped(quality).unwrap();
        let (key, variant) =
            from_canonical_path("/private/u1/caf~C3~A9.svg/w=64,mark=logo.0123abcd,fm=auto.webp").unwrap();
        let job = |profile| Job {
            request: VariantRequest { key: key.clone(), variant: variant.clone() },
            settings: Settings {
                limits: Limits { source_bytes: 7, frames: 3, memory_bytes: u64::MAX, ..Limits::default() },
                qualities: DefaultQualities { jpeg: quality(1), webp: quality(2), avif: quality(3) },
                avif_budget: Duration::from_millis(77),
                jpeg_decoder: JpegDecoder::LibjpegTurbo,
                profile,
                is_progressive: true,
                keeps_credit: true,
            },
            mark: Some(FetchedMark {
                mark: Mark {
                    key: Key::parse("private/marks/logo.png").unwrap(),
                    place: Gravity::BottomLeft,
                    width: 1,
                    margin: 2,
                    opacity: 3,
                },
                file: b"\x89PNG".as_slice().into(),
            }),
            ladder: [64, 128].map(|side| Side::clamped(side).unwrap()).to_vec(),
            kept_from: Some(Duration::from_millis(180)),
            fetch: Duration::from_micros(5),
            deadline: Duration::from_secs(20),
        };
        for job in [Profile::Standard, Profile::Fast, Profile::Faithful].map(job) {
            let read = job_from_bytes(&job_to_bytes(&job).unwrap()).unwrap();
            assert_eq!(format!("{read:?}"), format!("{job:?}"));
        }
        assert!(job_from_bytes(b"{}").is_none());
    }

    #[test]
    fn an_answer_is_read_as_it_was_written() {
        let fetch = Duration::from_millis(3);
        let steps = Step::ALL.map(|step| (step, Duration::from_micros(9))).to_vec();
        let predicted = Duration::from_millis(200);
        let content = Content::picture(b"webp".to_vec(), Format::Webp, Timings { fetch, steps }, predicted);
        let (expected, (header, body)) = (content.timings.header(), answer_to_bytes(Ok(content)).unwrap());
        let read = answer_from_bytes(&header, body, fetch).unwrap().unwrap();
        assert_eq!((read.media_type(), &read.bytes[..]), ("image/webp", &b"webp"[..]));
        assert_eq!((read.timings.header(), read.predicted), (expected, predicted));
    }

    #[test]
    fn every_failure_keeps_its_kind_and_sentence() {
        for error in [
            Error::TooManyBytes { bytes: 2, limit: 1 },
            Error::NoSuchFrame { asked: 3, frames: 2 },
            Error::Unsupported("a sentence"),
            Error::Damaged("a tag".to_owned()),
            Error::DeadlineExceeded,
            Error::Internal("a defect".to_owned()),
        ] {
            let expected = kind_and_reason(&error);
            let (header, body) = answer_to_bytes(Err(error)).unwrap();
            let read = answer_from_bytes(&header, body, Duration::ZERO).unwrap();
            assert_eq!(read.err(), Some(expected));
        }
        assert!(answer_from_bytes(b"junk", Vec::new(), Duration::ZERO).is_none());
    }
}
