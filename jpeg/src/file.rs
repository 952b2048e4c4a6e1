//! The structure of a JPEG file (ITU-T T.81, annex B): markers, header, tables and scan headers.

pub(crate) mod markers;

pub(crate) mod header;

pub(crate) mod codes;

pub(crate) mod tables;

pub(crate) mod scan;

pub(crate) mod segments;
