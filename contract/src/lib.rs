//! The rules that all parts of Tintype share: object keys, the grammar of image URLs, formats, signatures, the policy
//! and cache lifetimes. Pure functions and values: no I/O, no clock, no environment.
//!
//! The main function is [`request::route`]. It turns the path, the query and the `Accept` header of a viewer's request
//! into a [`request::Route`], whose path at the origin is the key of the CDN's cache:
//!
//! ```
//! use contract::policy::{DefaultQualities, Rules, UnknownParameters, UnsignedAccess};
//! use contract::request::{Verifier, route};
//! use contract::variant::{Quality, Side};
//!
//! let rules = Rules {
//!     unsigned: UnsignedAccess::Widths,
//!     unknown: UnknownParameters::Ignore,
//!     ladder: [320, 640, 1280].into_iter().filter_map(Side::clamped).collect(),
//!     shapes: Vec::new(),
//!     qualities: Vec::new(),
//!     default_qualities: DefaultQualities { jpeg: Quality::MAX, webp: Quality::MAX, avif: Quality::MAX },
//!     presets: [].into(),
//!     marks: [].into(),
//! };
//! let accept = "image/avif,image/webp,*/*";
//!
//! let route_of = |query| route("/files/1/cat.jpg", query, accept, &rules, Verifier::NONE);
//!
//! // The width is rounded up to the ladder, the format negotiated, and the unknown parameter ignored.
//! assert_eq!(route_of("w=600&utm_source=mail")?.origin_path(), "/files/1/cat.jpg/w=640,fm=auto.avif");
//!
//! let error = route_of("w=600&blur=20").unwrap_err();
//! assert_eq!((error.reason.status(), error.detail.as_str()), (403, "this 'blur' needs a signed link, or a preset that has it"));
//! # Ok::<(), contract::error::RequestError>(())
//! ```
//!
//! The CDN's edge function implements the same grammar in JavaScript, and tests compare the two. Not in this crate: the
//! policy's file and the edge function (crate `cdn-config`), and everything that reads or writes an object.
//!
//! Reading order:
//! - `escape`: the spelling of texts in canonical paths;
//! - [`key`]: the key of an object in the originals bucket, and its paths;
//! - [`media_types`]: the media types of uploads;
//! - [`mod@format`]: output formats and their negotiation;
//! - [`color`]: colours in requests;
//! - [`variant`]: a variant and its canonical text, which is also the cache key;
//! - [`ratio`]: ratios of a picture's sides;
//! - [`parameters`]: names, aliases and texts of the parameters;
//! - [`imgix`] and `misspelling`: parameters that only imgix has, and misspelt names;
//! - [`sentences`] and [`error`]: the errors of the image API;
//! - [`query`]: a query's values, and the variant that they ask for;
//! - [`preset`]: named sets of parameters;
//! - [`policy`]: the access of unsigned requests;
//! - [`limits`]: bounds on the work that one request can cause;
//! - [`signing_keys`]: secrets and their rotation;
//! - [`request`]: the route of a viewer's request;
//! - [`link`]: signed links;
//! - [`variant_count`]: the number of variants that a policy allows;
//! - [`caching`]: cache lifetimes and related headers;
//! - [`state`]: the tag that permits reading an original;
//! - [`renditions`]: the names of renditions of videos.

pub(crate) mod escape;

pub mod key;

pub mod media_types;

pub mod format;

pub mod color;

pub mod variant;

pub mod mark;

pub mod ratio;

pub mod parameters;

pub mod imgix;

pub(crate) mod misspelling;

pub mod sentences;

pub mod error;

pub mod query;

pub mod preset;

pub mod policy;

pub mod limits;

pub mod signing_keys;

pub mod request;

pub mod link;

pub mod variant_count;

pub mod caching;

pub mod state;

pub mod renditions;

pub mod web_vtt;
