//! Tests of the decoder:
//! - `headers`: supported and unsupported kinds of files;
//! - `random`: random files against the definition of the transform, in floating point;
//! - `turbo`: random files, whole and damaged, against libjpeg-turbo;
//! - `corpus`: real files against libjpeg-turbo;
//! - `arriving`: files that are decoded while they arrive;
//! - `damage`: truncated, altered and malicious files.
#![cfg(test)]

mod arriving;
mod corpus;
mod damage;
mod headers;
mod random;
mod support;
mod turbo;
