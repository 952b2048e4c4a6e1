//! Videos: the local MediaConvert endpoint with real ffmpeg, over an S3 of its own. Clips are made by ffmpeg when a test
//! needs them.

mod clips;
mod delivery;
mod events;
mod jobs;
mod life;
mod odd;
mod outputs;
mod path;
mod studio;
mod wire;
