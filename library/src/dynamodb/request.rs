//! The members of requests to `DynamoDB`.

use contract::key::Key;
use serde_json::{Map, Value, json};

use super::item::{ALL, owner_partition, partition};
use crate::name::{FileId, Position};
use crate::store::{Range, Revision, Scope};

/// The index of all files.
const NEWEST: &str = "newest";

/// The index of the files of each owner.
const NEWEST_OF_OWNER: &str = "newestOfOwner";

/// A text that is greater than every position.
const END: &str = "g";

/// The primary key of an object's item.
pub(super) fn primary_key(key: &Key) -> Value {
    json!({ "pk": { "S": partition(&FileId::of(key)) }, "sk": { "S": key.as_str() } })
}

/// A query for the first item of an id.
pub(super) fn find(id: &FileId) -> Map<String, Value> {
    members([
        ("KeyConditionExpression", json!("pk = :pk")),
        ("ExpressionAttributeValues", json!({ ":pk": { "S": partition(id) } })),
        ("ConsistentRead", json!(true)),
        ("Limit", json!(1)),
    ])
}

/// A request that succeeds only if the item has a revision, or if there is none.
pub(super) fn condition(expected: Revision) -> Map<String, Value> {
    if expected == Revision::ABSENT {
        return members([("ConditionExpression", json!("attribute_not_exists(pk)"))]);
    }
    members([
        ("ConditionExpression", json!("rev = :rev")),
        ("ExpressionAttributeValues", json!({ ":rev": { "N": expected.0.to_string() } })),
    ])
}

/// A query for a part of a list, newest first. `BETWEEN` includes both ends, so the answer may begin with the record at the end of
/// the range. `None` if the part is empty.
pub(super) fn page(scope: &Scope, range: &Range) -> Option<Map<String, Value>> {
    let (index, attribute, list) = match scope {
        Scope::All => (NEWEST, "all", ALL.to_owned()),
        Scope::Owner(owner) => (NEWEST_OF_OWNER, "owner", owner_partition(owner.as_deref())),
    };
    let from = range.from.as_ref().map_or("0", Position::as_str);
    let before = range.before.as_ref().map_or(END, Position::as_str);
    if from >= before {
        return None;
    }
    Some(members([
        ("IndexName", json!(index)),
        ("KeyConditionExpression", json!("#list = :list AND #at BETWEEN :from AND :to")),
        ("ExpressionAttributeNames", json!({ "#list": attribute, "#at": "at" })),
        (
            "ExpressionAttributeValues",
            json!({ ":list": { "S": list }, ":from": { "S": from }, ":to": { "S": before } }),
        ),
        ("ScanIndexForward", json!(false)),
    ]))
}

/// The members of a request.
pub(super) fn members<const N: usize>(all: [(&str, Value); N]) -> Map<String, Value> {
    all.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}
