//! All of Tintype on one machine: the handlers that run on AWS, behind an S3, an edge and an event bus that
//! behave as AWS's do.
//!
//! Reading order: [`stack`] starts everything; [`edge`] is CloudFront; [`s3`] is S3; [`media_convert`] is
//! `MediaConvert`; `events` is EventBridge; [`secrets`] are the data folder's; [`links`] signs with them;
//! [`policy`] follows the policy's file; [`page`] is the page at `/`. [`serve`] is the resize service alone, over any S3;
//! [`signals`] end either. [`doctor`] looks over a deployment, this one or another, from outside.

pub mod links;

pub mod policy;

pub mod secrets;

pub mod signals;

pub mod stack;

pub mod serve;

pub mod edge;

pub mod s3;

pub mod media_convert;

mod events;

mod sigv4;

pub mod page;

pub mod doctor;
