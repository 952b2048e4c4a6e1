//! The decoder against a reference of its own, against libjpeg-turbo, and against damage.
#![cfg(test)]

mod corpus;
mod damage;
mod headers;
mod random;
mod support;
mod turbo;
