//! transcode-trigger
