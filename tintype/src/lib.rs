//! The library of the program `tintype`. Each command is a module; the program only parses the command line.
//!
//! - `local` (feature `local`, on by default): emulators, services and the page on one machine;
//! - `deployed` (feature `local`): a synthesised deployment on one machine;
//! - `library` (feature `local`): the library of a local stack;
//! - [`serve`]: the image API over any S3, without the emulated edge;
//! - [`upload`]: an upload to a local stack or a deployment;
//! - [`sign`]: a signed link of a local stack;
//! - [`check_policy`]: what a policy means;
//! - [`session`]: an upload session of a local stack;
//! - [`doctor`]: checks of a running deployment.
//!
//! Without the feature `local`, no emulator is built. The feature `tls` adds TLS for an S3 on another machine.
//!
//! [`cli`] has the command line. The commands share [`client`], [`output`], `number`, [`policy_file`], [`secrets`],
//! [`signals`], `sockets` and [`bucket_origin`].

pub mod cli;

#[cfg(feature = "local")]
pub mod local;

#[cfg(feature = "local")]
pub mod deployed;

#[cfg(feature = "local")]
pub mod library;

pub mod serve;

pub mod upload;

pub mod sign;

pub mod check_policy;

pub mod session;

pub mod doctor;

pub mod client;

pub mod output;

mod number;

pub mod policy_file;

pub mod secrets;

pub mod signals;

mod sockets;

pub mod bucket_origin;
