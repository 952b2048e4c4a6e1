//! The signer behind HTTP.

pub mod api;

pub mod origins;

pub(crate) mod problem;

pub(crate) mod body;

pub(crate) mod caller;

pub(crate) mod uploads;

pub(crate) mod status;

pub(crate) mod signed_urls;
