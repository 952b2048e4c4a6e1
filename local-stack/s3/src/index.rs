//! The index: ordered tables in one file, changed in durable transactions.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::path::Path;

use redb::{Key, ReadableTable, Table, TableDefinition};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::database::Database;
use super::error::StoreError;
use super::record::{ObjectRecord, PartRecord};

/// Records are JSON, so that a field can be added without a migration.
type Records<K> = TableDefinition<'static, K, &'static [u8]>;

/// Buckets by name.
pub(crate) const BUCKETS: Records<&str> = TableDefinition::new("buckets");
/// Objects by bucket and key.
pub(crate) const OBJECTS: Records<(&str, &str)> = TableDefinition::new("objects");
/// Multipart uploads by bucket, key and ID.
pub(crate) const UPLOADS: Records<(&str, &str, &str)> = TableDefinition::new("uploads");
/// Parts by upload and number.
pub(crate) const PARTS: Records<(&str, u16)> = TableDefinition::new("parts");
/// Events that wait for delivery, by number.
pub(crate) const OUTBOX: Records<u64> = TableDefinition::new("outbox");
/// The progress of events by number: the rules with at most this delay, in milliseconds, have handled the event.
pub(crate) const PASSED: TableDefinition<'static, u64, u64> = TableDefinition::new("passed");
/// Counters by name.
pub(crate) const COUNTERS: TableDefinition<'static, &str, u64> = TableDefinition::new("counters");

/// Opens the index, and creates it if it is missing.
pub(crate) fn open(path: &Path) -> Result<Database, StoreError> {
    let database = Database::open(path)?;
    let transaction = database.begin_write()?;
    transaction.open_table(BUCKETS)?;
    transaction.open_table(OBJECTS)?;
    transaction.open_table(UPLOADS)?;
    transaction.open_table(PARTS)?;
    transaction.open_table(OUTBOX)?;
    transaction.open_table(PASSED)?;
    transaction.open_table(COUNTERS)?;
    transaction.commit()?;
    Ok(database)
}

/// The names of all files that records refer to.
pub(crate) fn named_blobs(
    objects: &impl ReadableTable<(&'static str, &'static str), &'static [u8]>,
    parts: &impl ReadableTable<(&'static str, u16), &'static [u8]>,
) -> Result<HashSet<String>, StoreError> {
    let mut names = HashSet::new();
    for row in objects.iter()? {
        names.insert(parse::<ObjectRecord>(row?.1.value())?.blob);
    }
    for row in parts.iter()? {
        names.insert(parse::<PartRecord>(row?.1.value())?.blob);
    }
    Ok(names)
}

/// The record of a key.
pub(crate) fn get<'k, K: Key + 'static, T: DeserializeOwned>(
    table: &impl ReadableTable<K, &'static [u8]>,
    key: impl Borrow<K::SelfType<'k>>,
) -> Result<Option<T>, StoreError> {
    table.get(key)?.map(|record| parse(record.value())).transpose()
}

/// Sets the record of a key. Returns the previous record.
pub(crate) fn put<'k, K: Key + 'static, T: Serialize + DeserializeOwned>(
    table: &mut Table<K, &'static [u8]>,
    key: impl Borrow<K::SelfType<'k>>,
    record: &T,
) -> Result<Option<T>, StoreError> {
    let bytes = serde_json::to_vec(record)?;
    table.insert(key, bytes.as_slice())?.map(|before| parse(before.value())).transpose()
}

/// Removes the record of a key and returns it.
pub(crate) fn take<'k, K: Key + 'static, T: DeserializeOwned>(
    table: &mut Table<K, &'static [u8]>,
    key: impl Borrow<K::SelfType<'k>>,
) -> Result<Option<T>, StoreError> {
    table.remove(key)?.map(|before| parse(before.value())).transpose()
}

/// Reads a record.
pub(crate) fn parse<T: DeserializeOwned>(record: &[u8]) -> Result<T, StoreError> {
    Ok(serde_json::from_slice(record)?)
}
