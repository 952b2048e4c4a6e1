//! CloudFront on one machine: one distribution, as a service.
//!
//! It emulates the cache behaviours, the two edge functions with their key-value store (the deployed source, in `QuickJS`
//! with CloudFront's event format and quotas), the cache with one fetch for many viewers and revalidation of expired
//! responses, origins with failover, the signed requests to a function URL, the response headers policy, conditional and
//! range requests on cached responses, and `CreateInvalidation` with its quotas and tags.
//!
//! It refuses URLs above CloudFront's length limit, invalidation paths and results of functions that CloudFront would
//! refuse, and paths at a function URL whose signature Lambda would refuse. It has no TLS, no Brotli, no signed cookies and no other API operations;
//! it doesn't check the signatures of API requests.
//!
//! To start it, give [`distribution::app`] its behaviours, an edge function store and a router for each origin, and serve
//! the router that it returns. [`invalidation::app`] is CloudFront's API over the same cache.
//!
//! Reading order: [`distribution`]; [`policy`] (what the operator decides); [`behaviors`]; [`functions`] (edge functions); [`cache`];
//! `conditional` (answers from cached responses); `compression`; [`origins`]; [`function_url`]; [`invalidation`].

pub mod distribution;

pub mod policy;

pub mod behaviors;

pub mod functions;

pub mod cache;

mod compression;

mod conditional;

pub mod function_url;

pub mod origins;

pub mod invalidation;
