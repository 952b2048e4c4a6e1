//! The API of CloudFront's key-value stores: `DescribeKeyValueStore`, `ListKeys` and `UpdateKeys`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode};
use local_edge::functions::key_values::KeyValues;
use serde::Deserialize;
use serde_json::json;

use crate::failure::failure;

/// CloudFront's quotas ("Quotas on key value stores"): changes in one call, characters of a key and of a value, bytes of all.
const MAX_CHANGES: usize = 50;
const MAX_KEY_CHARS: usize = 512;
const MAX_VALUE_CHARS: usize = 1024;
const MAX_BYTES: usize = 5 << 20;

/// The stores by their ARNs, as a service.
pub(crate) fn app(stores: BTreeMap<String, KeyValues>) -> Router {
    let stores =
        stores.into_iter().map(|(arn, values)| (arn, Store { values, changes: 0, pairs: BTreeMap::new() }));
    Router::new()
        .route("/key-value-stores/{arn}", get(describe))
        .route("/key-value-stores/{arn}/keys", get(list).post(update))
        .with_state(Stores(Arc::new(Mutex::new(stores.collect()))))
}

#[derive(Clone, Debug)]
struct Stores(Arc<Mutex<BTreeMap<String, Store>>>);

#[derive(Debug)]
struct Store {
    values: KeyValues,
    /// The number of changes, which is the `ETag`.
    changes: u64,
    pairs: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Update {
    #[serde(default)]
    puts: Vec<Put>,
    #[serde(default)]
    deletes: Vec<Delete>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Put {
    key: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Delete {
    key: String,
}

impl Stores {
    fn with(&self, arn: &str, answer: impl FnOnce(&mut Store) -> Response) -> Response {
        let mut stores = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match stores.get_mut(arn) {
            Some(store) => answer(store),
            None => failure(StatusCode::NOT_FOUND, "ResourceNotFoundException", "there is no such store"),
        }
    }
}

impl Store {
    fn bytes(&self) -> usize {
        self.pairs.iter().map(|(key, value)| key.len() + value.len()).sum()
    }

    fn etag(&self) -> [(&'static str, String); 1] {
        [("etag", format!("KV{}", self.changes))]
    }

    /// Applies an update. The error is the reason why CloudFront would refuse it.
    fn update(&mut self, update: Update) -> Result<(), &'static str> {
        if update.puts.len() + update.deletes.len() > MAX_CHANGES {
            return Err("an update has at most 50 changes");
        }
        let is_long = |put: &Put| {
            put.key.chars().count() > MAX_KEY_CHARS || put.value.chars().count() > MAX_VALUE_CHARS
        };
        if update.puts.iter().any(is_long) {
            return Err("a key has at most 512 characters, and a value 1,024");
        }
        let mut pairs = self.pairs.clone();
        for Delete { key } in update.deletes {
            pairs.remove(&key);
        }
        pairs.extend(update.puts.into_iter().map(|put| (put.key, put.value)));
        if pairs.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() > MAX_BYTES {
            return Err("a store has at most 5 MB");
        }
        self.pairs = pairs;
        self.changes += 1;
        self.values.replace(self.pairs.clone());
        Ok(())
    }
}

async fn describe(State(stores): State<Stores>, Path(arn): Path<String>) -> Response {
    stores.with(&arn, |store| {
        let answer = json!({
            "KvsARN": arn,
            "ItemCount": store.pairs.len(),
            "TotalSizeInBytes": store.bytes(),
            "Created": 0,
            "LastModified": 0,
            "Status": "READY",
        });
        (store.etag(), Json(answer)).into_response()
    })
}

/// Lists all pairs on one page.
async fn list(State(stores): State<Stores>, Path(arn): Path<String>) -> Response {
    stores.with(&arn, |store| {
        let items = store.pairs.iter().map(|(key, value)| json!({ "Key": key, "Value": value }));
        Json(json!({ "Items": items.collect::<Vec<_>>() })).into_response()
    })
}

async fn update(
    State(stores): State<Stores>,
    Path(arn): Path<String>,
    headers: HeaderMap,
    Json(update): Json<Update>,
) -> Response {
    stores.with(&arn, |store| {
        let [(_, etag)] = store.etag();
        if headers.get("if-match").is_none_or(|version| version != etag.as_str()) {
            return failure(StatusCode::CONFLICT, "ConflictException", "If-Match isn't the store's ETag");
        }
        match store.update(update) {
            Ok(()) => {
                let answer = json!({ "ItemCount": store.pairs.len(), "TotalSizeInBytes": store.bytes() });
                (store.etag(), Json(answer)).into_response()
            }
            Err(reason) => failure(StatusCode::BAD_REQUEST, "ValidationException", reason),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(key: &str, value: &str) -> Put {
        Put { key: key.to_owned(), value: value.to_owned() }
    }

    #[test]
    fn an_update_within_the_quotas_reaches_the_edge_function() {
        let values = KeyValues::default();
        let mut store = Store { values: values.clone(), changes: 0, pairs: BTreeMap::new() };
        let puts = vec![put("a", &"x".repeat(1024)), put("b", "2")];
        assert_eq!(store.update(Update { puts, deletes: Vec::new() }), Ok(()));
        let deletes = vec![Delete { key: "a".to_owned() }];
        assert_eq!(store.update(Update { puts: vec![put("c", "3")], deletes }), Ok(()));
        assert_eq!(
            [values.get("a"), values.get("b"), values.get("c")],
            [None, Some("2".into()), Some("3".into())]
        );
        assert_eq!((store.changes, store.bytes()), (2, 4));
    }

    #[test]
    fn an_update_beyond_a_quota_changes_nothing() {
        let mut store = Store { values: KeyValues::default(), changes: 0, pairs: BTreeMap::new() };
        let many = (0..51).map(|number| put(&number.to_string(), "")).collect();
        for puts in [many, vec![put("a", &"x".repeat(1025))], vec![put(&"x".repeat(513), "a")]] {
            assert!(store.update(Update { puts, deletes: Vec::new() }).is_err());
        }
        assert_eq!((store.changes, store.pairs.len()), (0, 0));
    }
}
