//! The local S3, tested with the AWS SDK, plain HTTP, boto3 and the AWS CLI.

mod access;
mod clients;
mod conditions;
mod durability;
mod events;
mod lifecycle;
mod listing;
mod multipart;
mod objects;
pub(crate) mod server;
