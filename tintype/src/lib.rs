//! The library of the program `tintype`: a local stack, a server over any S3, and a look over deployments.
//!
//! Reading order: [`stack`] starts everything on one machine: the emulators of the crates `local-s3`, `local-edge` and
//! `local-media-convert`, and the handlers that run on AWS; `events` is EventBridge; [`secrets`] are the data folder's;
//! [`links`] signs with them; [`policy`] follows the policy's file; [`page`] is the page at `/`. [`serve`] is the resize
//! service alone, over any S3; [`signals`] end either. [`doctor`] looks over a deployment, this one or another, from
//! outside.

pub mod links;

pub mod policy;

pub mod secrets;

pub mod signals;

pub mod stack;

pub mod serve;

mod events;

pub mod page;

pub mod doctor;
