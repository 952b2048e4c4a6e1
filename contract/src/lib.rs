//! What every part of Tintype must agree on. Pure: no I/O, no clock, no environment.
//!
//! Reading order:
//! - [`key`]: the name of an object in the originals bucket, and its spelling in a URL;
//! - [`mod@format`]: the formats a variant can have, and what `Accept` allows;
//! - [`color`]: a colour as a viewer writes it;
//! - [`variant`]: what was asked of a source, in one canonical spelling that is also the cache key;
//! - [`policy`]: what an operator allows unsigned requests to ask for;
//! - [`parameters`]: names, aliases, and what is said of values;
//! - [`sentences`]: what a viewer is told;
//! - [`preset`]: named sets of parameters;
//! - [`signing_keys`]: secrets that texts are authenticated with;
//! - [`request`]: path, query and `Accept` of a viewer in, a [`request::Route`] or a [`error`] out;
//! - [`caching`]: how long each outcome may be kept;
//! - [`state`]: the tag that says whether an original may be read.

pub mod key;

pub mod format;

pub mod color;

pub mod variant;

pub mod policy;

pub mod parameters;

pub mod sentences;

pub mod preset;

pub mod error;

pub mod signing_keys;

pub mod request;

pub mod caching;

pub mod state;
