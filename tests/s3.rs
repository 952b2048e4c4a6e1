//! The embedded S3, through the AWS SDK, raw HTTP, boto3 and the aws CLI.

mod access;
mod clients;
mod conditions;
mod durability;
mod events;
mod listing;
mod multipart;
mod objects;
pub(crate) mod server;
