//! Callers: their tokens, and the uploads that they may make.
//!
//! Reading order:
//! - [`jwt`]: JSON Web Tokens and their claims;
//! - [`session`]: tokens that an application's backend issues, with limits;
//! - [`jwks`]: the public keys of a token issuer;
//! - `key_source` and `issuer` (feature `edge`): tokens of an `OpenID` provider;
//! - `access` (feature `edge`): the authentication of a caller, and the policy for it.

pub mod jwt;

pub mod session;

pub mod jwks;

#[cfg(feature = "edge")]
pub mod key_source;

#[cfg(feature = "edge")]
pub mod issuer;

#[cfg(feature = "edge")]
pub mod access;
