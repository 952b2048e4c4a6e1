//! The HTTP API of the signer.
//!
//! Reading order:
//! - [`api`]: the state of the service; [`origins`]: CORS;
//! - `problem`, `body` and `caller`: errors, bodies and authentication, for all handlers;
//! - [`wait`]: answers that are held until an upload is checked; [`upload_status`]: the description of an upload;
//! - `lookup`: the key of an upload's id;
//! - `uploads`, `status` and `signed_urls`: the handlers, a file for each route;
//! - `library`: the routes of the library.

pub mod api;

pub mod origins;

pub(crate) mod problem;

pub(crate) mod body;

pub(crate) mod caller;

pub(crate) mod lookup;

pub mod wait;

pub mod upload_status;

pub(crate) mod uploads;

pub(crate) mod status;

pub(crate) mod signed_urls;

pub(crate) mod library;
