//! A job of `MediaConvert`: its events, and the status of the video after each of them.

pub mod event;

pub mod progress;
