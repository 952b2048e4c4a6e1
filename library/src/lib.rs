//! The library of files: what a file manager lists. Each original below `files/` and `private/` has one record: facts that S3
//! knows, a description of its picture, and what people have written about it.
//!
//! The bucket decides. A record is never computed from the content of an event: an event says only that a key has changed, and
//! [`keep::keep`] then makes the record equal to what the bucket has. So events may be repeated, late and in any order, and
//! the whole library can be computed again.
//!
//! Supported: lists of a caller's files or of all, newest first, with filters and a cursor, and names, folders, tags, alternative
//! texts and focal points that people write. Not supported: sorting by another
//! property, and search by parts of the content.
//!
//! Reading order:
//! - [`name`]: the id of a file, and its position in a list;
//! - [`record`]: the record; [`tags`]: the tags of an object that it repeats;
//! - [`store`]: the interface of a store of records;
//! - [`keep`]: makes a record equal to the bucket;
//! - [`edit`]: what people change;
//! - [`cursor`], [`filter`] and [`list`]: lists;
//! - `dynamodb` (feature `dynamodb`): the store in a `DynamoDB` table.

pub mod name;

pub mod record;

pub mod tags;

pub mod store;

pub mod keep;

pub mod edit;

pub mod cursor;

pub mod filter;

pub mod list;

#[cfg(feature = "dynamodb")]
pub mod dynamodb;
