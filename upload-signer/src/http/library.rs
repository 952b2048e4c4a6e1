//! `/library/files`: the library of files, for file managers. The CDN serves `/files/<id>/<name>`, so the library has a path of
//! its own.
//!
//! Reading order:
//! - [`access`]: the files that a caller may see;
//! - [`query`]: the parameters of a list; [`view`]: a file in an answer;
//! - `edit_body`: the body of a change; `change`: changes and removals;
//! - [`list`], [`file`], [`replacement`] and [`deletions`]: the handlers, a file for each route.

pub(crate) mod access;

pub(crate) mod query;

pub(crate) mod view;

mod edit_body;

mod change;

pub(crate) mod list;

pub(crate) mod file;

pub(crate) mod replacement;

pub(crate) mod deletions;
