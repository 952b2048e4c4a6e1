//! The signer behind HTTP.

pub(crate) mod asking;

pub mod origins;

pub mod status;

pub mod handler;
