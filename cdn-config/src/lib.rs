//! CloudFront as values: what the deployment writes into a distribution, and what the local edge plays.
//!
//! Reading order:
//! - [`policy`]: what an operator decides, read from `policy.json`;
//! - [`video`]: the part of it that is about transcoding;
//! - [`functions`]: the two edge functions, as source;
//! - [`key_value`]: the policy as the edge function reads it, in the key-value store;
//! - [`behaviors`]: which path goes to which origin, and what stands in when an origin has nothing;
//! - [`cache`]: what caches keep, and for how long;
//! - [`headers`]: the headers that every response to a viewer carries;
//! - [`response_headers`]: adds those headers to a response;
//! - [`export`]: all of it as one document, for the deployment.

pub mod policy;

pub mod video;

pub mod functions;

pub mod key_value;

pub mod behaviors;

pub mod cache;

pub mod headers;

pub mod response_headers;

pub mod export;
