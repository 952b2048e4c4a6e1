//! IAM on one machine: decides by the policies of a `CloudFormation` template what a role or a service may do.
//!
//! [`Template`] resolves the intrinsic functions of a synthesised template to the names of an [`Account`]. [`export()`] takes the
//! policies out of it: those of roles, and those of buckets, queues, topics and functions. [`Permissions`] reads this document
//! and decides each [`Call`].
//!
//! It has the parts of the policy language that Tintype's deployment uses. Everything else is an error when the document is
//! read: an element, an operator, a condition key, a policy variable, a kind of principal or a resource that contains policies. So
//! no rule is passed over.
//!
//! Reading order: `pattern` (wildcards), `context` (condition keys), `principal`, `call`, `condition`, `statement`, `permissions`
//! (decisions);
//! `template` with `attributes` (what resources are called), `export`.

mod attributes;
mod call;
mod condition;
mod context;
mod error;
mod export;
mod pattern;
mod permissions;
mod principal;
mod statement;
mod template;

pub use attributes::Account;
pub use call::{Call, Decision};
pub use context::{Context, Key};
pub use error::PolicyError;
pub use export::export;
pub use permissions::{Log, Permissions};
pub use principal::Caller;
pub use template::Template;
