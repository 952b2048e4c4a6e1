//! S3 on one machine: the wire protocol by the crate `s3s`, over a small durable store on disk.
//!
//! It supports buckets, objects (`PUT`, `GET`, `HEAD`, `DELETE`, copies, ranges, conditions, checksums), uploads by forms with
//! a signed policy, multipart uploads, tags, listings, and the permissions that policies of roles and buckets give to several
//! principals. It checks signatures of version 4 in headers, URLs and forms. Each object has one version, the newest, as if a lifecycle rule removed older
//! ones at once. Each change writes its event, in EventBridge's format, into an outbox in the same transaction. A bucket
//! allows pages of any origin until it gets CORS rules, and lifecycle rules remove what has expired when they are called.
//!
//! It refuses what S3 refuses: names, sizes, policies, digests and orders of parts that break the rules. It has no ACLs,
//! encryption, older versions, storage classes or virtual-hosted addresses.
//!
//! To start it, open a [`Store`] and serve the router that [`app`] returns, or [`app_with_principals`] for several principals.
//!
//! Reading order: `store` has `buckets`, `objects` and `multipart` over `index` (records, in a `database`), `blob` (contents) and `receive`
//! (request bodies); `listing`, `conditions`, `checksum` and `tags` are rules of S3; `events`, `outbox` and `lifecycle`; `gateway` is the
//! HTTP service, with `signed_headers`, `signing_region`, `access` (who calls), `needs` (permissions of operations), `guard`
//! (decisions), `cors` with `cors_rule`, `refusal` and `shared_body`; behind it are `api` (S3's operations) and `post` (forms).
//!
//! Invariant: a record is committed only after its content is durable, and a content is removed only after the commit
//! that removes its last record. So a kill can leave only files without a record, which the next start removes.

mod access;
mod api;
mod blob;
mod buckets;
mod checksum;
mod clock;
mod conditions;
mod cors;
mod cors_rule;
pub mod database;
mod error;
mod events;
mod gateway;
mod guard;
mod index;
mod lifecycle;
mod listing;
mod methods;
mod multipart;
mod needs;
mod objects;
mod outbox;
mod post;
mod receive;
mod record;
mod refusal;
mod shared_body;
mod signed_headers;
mod signing_region;
mod store;
mod tags;

pub use cors_rule::CorsRule;
pub use error::{ClientError, StoreError};
pub use events::ACCOUNT;
pub use gateway::{app, app_with_principals};
pub use guard::Principal;
pub use lifecycle::LifecycleRule;
pub use store::Store;
