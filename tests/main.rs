//! End-to-end tests: one binary; each test starts an in-process local stack on free ports.
//!
//! What viewers get
//! - `variants`, `shapes`, `operations`, `matrix`, `animation`, `sources`: size, shape, orientation, colours and format.
//! - `colors`, `jpeg_decoders`, `png_decoder`, `auto_quality`: pictures compared with independent decoders.
//! - `grammar`, `loaders`, `pasted`: the URL grammar in both languages, URLs that other tools build, examples of the documents.
//! - `delivery`, `names`, `statuses`, `links`, `policy`: the edge's cache, names of any characters, error statuses, signed
//!   links, changes of the policy.
//!
//! Uploads
//! - `uploads`, `multipart`, `botocore`: what a signature allows, uploads in parts, signatures compared with botocore's.
//! - `owners`: only its owner can read a private file.
//! - `finalize`, `sniffing`, `media_types`: the check of an upload before it is served; every type that is accepted.
//! - `openapi`: the signer's answers and the document of its API.
//! - `webhook`: messages about uploads and videos.
//! - `library`: the stores of the library, and its API.
//! - `upload_clients`, `uppy`: curl, botocore, the AWS CLI and stock Uppy as clients.
//! - `clients`: the packages for npm and the file for Python.
//!
//! Video
//! - `transcode`: the trigger over simulated AWS services. `video`: the local MediaConvert with ffmpeg.
//!
//! Load, damage and limits
//! - `transfers`: originals that are read in parts, replaced or cut meanwhile, and shared by several variants.
//! - `keep`: variants that are stored, or made anew.
//! - `crowd`, `upkeep`, `invalidations`, `hostile`, `memory`, `corpus`: many requests at once, replaced originals, quotas of
//!   the CDN, damaged files, peak memory, a folder of real media.
//!
//! Programs and deployment
//! - `serve`, `doctor`, `page`, `s3`: `tintype serve`, `tintype doctor`, the page in Chromium, the local S3.
//! - `methods`: the methods of each path of every server.
//! - `deployed`: uploads, variants and removals over a synthesised template and packaged functions.
//! - `lambda`, `deployment`, `permissions`, `costs`, `configuration`, `examples`, `tooling`, `benchmarks`: packaged functions,
//!   templates, the permissions that calls need, the calls of an upload, documents, the repository's own commands, the arithmetic
//!   of `./bench`.
//!
//! `needs.txt` lists what a module needs in addition to Rust. `support` starts stacks and reads answers.
#![cfg(test)]

mod animation;
mod auto_quality;
mod benchmarks;
mod botocore;
mod clients;
mod colors;
mod configuration;
mod corpus;
mod costs;
mod crowd;
mod delivery;
mod deployed;
mod deployment;
mod doctor;
mod examples;
mod faces;
mod faults;
mod finalize;
mod grammar;
mod hostile;
mod invalidations;
mod jpeg_decoders;
mod keep;
mod lambda;
mod library;
mod links;
mod loaders;
mod marks;
mod matrix;
mod media_types;
mod memory;
mod methods;
mod multipart;
mod names;
mod openapi;
mod operations;
mod owners;
mod page;
mod pasted;
mod pdf;
mod permissions;
mod png_decoder;
mod policy;
mod s3;
mod serve;
mod shapes;
mod sniffing;
mod sources;
mod statuses;
mod support;
mod tooling;
mod transcode;
mod transfers;
mod upkeep;
mod upload_clients;
mod uploads;
mod uppy;
mod variants;
mod video;
mod webhook;
