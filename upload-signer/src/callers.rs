//! The caller of a request, and what the caller may upload.

pub mod jwt;

pub mod session;

pub mod jwks;

#[cfg(feature = "edge")]
pub mod issuer;

#[cfg(feature = "edge")]
pub mod access;
