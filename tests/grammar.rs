//! The two implementations of the grammar agree: `contract::request` in Rust, and the CDN's edge function in JavaScript.
//!
//! Reading order: [`decision`], the common form of results; [`table`], the cases that specify the grammar; [`agreement`],
//! random requests from [`parts`], [`operations`] and [`accept`]; [`signatures`], signed links; [`vectors`], the vectors of
//! [`links`] for other languages; [`passes`], those of private videos; [`runtime`], the edge function in njs.

mod decision;

mod table;

mod agreement;

mod signatures;

mod links;

mod vectors;

mod passes;

mod parts;

mod operations;

mod accept;

mod runtime;

pub(crate) use signatures::any_query;
