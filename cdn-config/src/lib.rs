//! The configuration of the CDN and of the event bus as values: policy, edge functions, behaviours, cache rules, headers
//! and event rules.
//!
//! The deployment writes these values into a CloudFront distribution and into EventBridge rules, and the local stack
//! uses them:
//!
//! ```
//! use cdn_config::behaviors::{OriginId, behavior_of};
//! use cdn_config::key_value::key_value_data;
//! use cdn_config::policy::Policy;
//!
//! assert_eq!(behavior_of("/files/1/cat.jpg").origin, OriginId::Originals);
//! assert_eq!(behavior_of("/uploads").origin, OriginId::Signer);
//!
//! let policy = Policy::built_in();
//! assert_eq!(policy.rules.default_qualities.webp.get(), 76);
//!
//! // The edge function reads the policy from the key-value store.
//! let (key, value) = &key_value_data(&policy)[0];
//! assert_eq!(key, "policy");
//! assert!(value.contains(r#""opens":["w","h","fit","crop","q","t","fm"]"#));
//! ```
//!
//! Reading order:
//! - [`policy`]: the operator's policy, read from `policy.json`;
//! - [`video`]: the policy's renditions of videos;
//! - [`functions`]: the sources of the two edge functions;
//! - [`key_value`]: the policy in the key-value store;
//! - [`behaviors`]: cache behaviours, origins and failover;
//! - [`cache`]: cache key and lifetimes;
//! - [`headers`]: response headers;
//! - [`response_headers`]: adds those headers to a response;
//! - [`events`] and [`event_rules`]: sets of events, and their routing to functions;
//! - [`export`]: the values as JSON documents for the deployment.

pub mod policy;

pub mod video;

pub mod functions;

pub mod key_value;

pub mod behaviors;

pub mod cache;

pub mod headers;

pub mod response_headers;

pub mod events;

pub mod event_rules;

pub mod export;
