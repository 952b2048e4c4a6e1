//! Videos: the local MediaConvert with real ffmpeg. Each test has its own S3; ffmpeg generates the clips that a test needs.
//!
//! `endpoint` runs the local MediaConvert; `clips` and `jobs` make its inputs. `protocol` tests requests and answers,
//! `inputs` and `outputs` tests files, `sources` tests damaged, interlaced and unusual ones, `times` the times of pictures and
//! sound, `lifecycle` and `events` tests jobs over time, `delivery` tests outputs behind the CDN, `upload_to_playback` tests
//! the whole path, `matrix` many kinds of clips, `frames` pictures of moments, `captions` that of captions, `private` that of a private video, `removal` its end.

mod captions;
pub(crate) mod clips;
mod delivery;
mod endpoint;
mod events;
mod frames;
mod inputs;
mod jobs;
mod lifecycle;
mod matrix;
mod outputs;
mod private;
mod protocol;
mod removal;
mod sources;
mod times;
mod upload_to_playback;
