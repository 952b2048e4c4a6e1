//! The service around the core, behind the feature `edge`: HTTP, S3, CloudFront and the queue of S3's events.
//!
//! Reading order: [`http`] answers requests; [`render_service`] renders each variant once, within the limits of its
//! queue; [`store`] reads originals and stores variants; [`upkeep`] purges and prewarms variants when an original
//! changes; [`library_keeper`] keeps the library's records equal to the originals; [`config`] holds the settings.

pub mod http;

pub mod render_service;

pub mod store;

pub mod upkeep;

pub mod library_keeper;

pub mod config;

pub mod settling;

mod metrics;

mod timings;

mod variant_metadata;

mod variant_request;
