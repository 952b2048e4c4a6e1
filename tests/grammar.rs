//! One grammar, two implementations: `contract::request` in Rust and the CDN's edge function in JavaScript.
//!
//! Reading order: [`decision`], what both come to; [`table`], the cases that specify it; [`agreement`],
//! random requests of pieces from [`operations`] and [`accept`]; [`signatures`], signed links;
//! [`runtime`], the language that CloudFront takes.

mod decision;

mod table;

mod agreement;

mod signatures;

mod operations;

mod accept;

mod runtime;
