//! The library of the program `tintype`. Each command is a module; the program only parses the command line.
//!
//! - `local` (feature `local`, on by default): emulators, services and the page on one machine;
//! - [`serve`]: the image API over any S3, without the emulated edge;
//! - [`sign`]: a signed link of a local stack;
//! - [`session`]: an upload session of a local stack;
//! - [`doctor`]: checks of a running deployment.
//!
//! Without the feature `local`, no emulator is built. The feature `tls` adds TLS for an S3 on another machine.
//!
//! [`cli`] has the command line. The commands share [`policy_file`], [`secrets`], [`signals`] and [`bucket_origin`].

pub mod cli;

#[cfg(feature = "local")]
pub mod local;

pub mod serve;

pub mod sign;

pub mod session;

pub mod doctor;

pub mod policy_file;

pub mod secrets;

pub mod signals;

pub mod bucket_origin;
