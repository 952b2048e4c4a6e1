//! End-to-end tests: one binary, an in-process local stack on free ports.
