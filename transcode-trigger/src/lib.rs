//! Turns "an object was created" events of S3 into `MediaConvert` jobs, one per video, and the jobs' events into a
//! status document that clients poll.
//!
//! - **Supported**: videos in MP4, QuickTime, WebM, Matroska, AVI, MPEG streams, ASF and MXF, as far as
//!   `MediaConvert` reads them; HLS and DASH over the same segments, one MP4 file, posters and seek thumbnails; a
//!   cost limit per video; captions in WebVTT; sound alone; events that come late, repeatedly and in any order.
//! - **Not supported**: live streams, DRM, text tracks in the video file, several audio tracks to choose from.
//!
//! A plan needs no I/O. For a probed video it contains every output and the estimated cost:
//!
//! ```
//! use cdn_config::video::VideoPolicy;
//! use transcode_trigger::plan::{Plan, Renditions};
//! use transcode_trigger::source::{SourceVideo, VideoTrack};
//!
//! let source = SourceVideo {
//!     duration_ms: Some(30_000),
//!     bytes: 4_194_304,
//!     video: Some(VideoTrack {
//!         width: 640,
//!         height: 360,
//!         rotation: 0,
//!         sample_aspect: (1, 1),
//!         frame_rate: Some((25, 1)),
//!         is_hdr: false,
//!         codec: "AVC".to_owned(),
//!     }),
//!     audio: None,
//! };
//! let plan = Plan::new(&source, &VideoPolicy::default())?;
//! let video = plan.video.ok_or(transcode_trigger::plan::PlanError::NoTracks)?;
//! let Renditions::Ladder(ladder) = &video.renditions else { panic!("the default policy has a fixed ladder") };
//! let names: Vec<_> = ladder.iter().map(|rendition| rendition.name.as_str()).collect();
//! assert_eq!(names, ["270p", "360p"]);
//! assert!(plan.cost.dollars() < 0.02);
//! # Ok::<(), transcode_trigger::plan::PlanError>(())
//! ```
//!
//! Reading order of the core, which does no I/O:
//! - [`inputs`]: which objects are videos to transcode; [`keys`]: the keys of everything that the trigger and its
//!   jobs write;
//! - [`sniff`]: the containers for video and sound, recognised by their first bytes;
//! - [`source`]: a probed video; [`captions`]: its captions; [`plan`]: its outputs and their cost;
//! - [`claim`]: the record that lets one process create the job, and only one;
//! - [`status`]: the status document; [`poster`]: the poster that players display; [`job`]: the events of a job, and the status after each.
//!
//! The module `edge` (Cargo feature `edge`) connects the core to S3, `MediaConvert`, EventBridge and the queue of
//! events.

pub mod inputs;

pub mod keys;

pub mod sniff;

pub mod source;

pub mod captions;

pub mod plan;

pub mod claim;

pub mod status;

pub mod poster;

pub mod job;

#[cfg(feature = "edge")]
pub mod edge;
