//! End-to-end tests: one binary, an in-process local stack on free ports.
#![cfg(test)]

mod animation;
mod auto_quality;
mod botocore;
mod colors;
mod configuration;
mod corpus;
mod crowd;
mod delivery;
mod finalize;
mod grammar;
mod hostile;
mod jpeg_decoders;
mod links;
mod loaders;
mod matrix;
mod memory;
mod multipart;
mod operations;
mod page;
mod pasted;
mod png_decoder;
mod policy;
mod s3;
mod serve;
mod sniffing;
mod sources;
mod statuses;
mod support;
mod transcode;
mod upkeep;
mod upload_clients;
mod uploads;
mod uppy;
mod variants;
mod video;
