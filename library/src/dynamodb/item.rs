//! The item of a record.

use serde_json::{Value, json};

use crate::name::FileId;
use crate::record::FileRecord;
use crate::store::{LibraryError, Revision, StoredRecord};

/// The partition of the list of all files.
pub(super) const ALL: &str = "ALL";

/// The partition of an id.
pub(super) fn partition(id: &FileId) -> String {
    format!("FILE#{id}")
}

/// The partition of an owner's list.
pub(super) fn owner_partition(owner: Option<&str>) -> String {
    format!("OWNER#{}", owner.unwrap_or_default())
}

/// The item of a record with a revision.
pub(super) fn item(record: &FileRecord, revision: Revision) -> Result<Value, LibraryError> {
    let corrupt = |reason: String| LibraryError::Corrupt(reason);
    let position = record.position().ok_or_else(|| corrupt(format!("{} is not a key", record.key)))?;
    let text = serde_json::to_string(record).map_err(|error| corrupt(error.to_string()))?;
    Ok(json!({
        "pk": { "S": partition(&record.id) },
        "sk": { "S": record.key },
        "all": { "S": ALL },
        "owner": { "S": owner_partition(record.facts.owner.as_deref()) },
        "at": { "S": position.as_str() },
        "rev": { "N": revision.0.to_string() },
        "record": { "S": text },
    }))
}

/// Reads an item.
pub(super) fn stored(item: &Value) -> Result<StoredRecord, LibraryError> {
    let missing = |name: &str| LibraryError::Corrupt(format!("an item has no {name}"));
    let revision = item.pointer("/rev/N").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let text = item.pointer("/record/S").and_then(Value::as_str).ok_or_else(|| missing("record"))?;
    let record = serde_json::from_str(text).map_err(|error| LibraryError::Corrupt(error.to_string()))?;
    Ok(StoredRecord { record, revision: Revision(revision.ok_or_else(|| missing("rev"))?) })
}
