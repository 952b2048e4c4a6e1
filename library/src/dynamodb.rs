//! The store in one `DynamoDB` table.
//!
//! | attribute | content |
//! | --- | --- |
//! | `pk` | partition key of the table: `FILE#` and the id |
//! | `sk` | sort key of the table: the key of the object |
//! | `all` | partition key of the index `newest`: `ALL` |
//! | `owner` | partition key of the index `newestOfOwner`: `OWNER#` and the owner's tag, which is empty for none |
//! | `at` | sort key of both indexes: the position in lists |
//! | `rev` | the revision, a number |
//! | `record` | the record as JSON |
//!
//! Both indexes project all attributes. Each change of a record is one conditional write of one item. An index follows its table
//! after a moment, so lists are eventually consistent, and [`LibraryStore::find`] and [`LibraryStore::read`] strongly.

mod item;

mod request;

use std::time::Duration;

use aws_credential_types::Credentials;
use contract::key::Key;
use serde_json::{Map, Value, json};
use service::aws_api::{AwsApi, CallError, Retries, regional_endpoint};
use service::env::{self, EnvError};
use service::wire::{Timeouts, Transport};

use crate::name::FileId;
use crate::record::FileRecord;
use crate::store::{LibraryError, LibraryStore, Range, Revision, Scope, StoredRecord};
use item::{item, stored};
use request::{condition, find, members, page, primary_key};

/// The definition of the table, in the members of `CreateTable` and of `CloudFormation`.
pub const TABLE: &str = include_str!("dynamodb/table.json");

/// The attempts of one call. A person may wait for it.
const RETRIES: Retries = Retries { attempts: 3, first_pause: Duration::from_millis(100) };

/// The name of the error of a condition that doesn't hold.
const CONDITION_FAILED: &str = "ConditionalCheckFailedException";

/// A library in a table.
#[derive(Clone, Debug)]
pub struct DynamoLibrary {
    api: AwsApi,
    table: String,
}

impl DynamoLibrary {
    /// The library that the environment names; `None` if it names none.
    pub fn from_env() -> Result<Option<Self>, EnvError> {
        let table = env::read(env::LIBRARY_TABLE)?;
        if table.is_empty() { Ok(None) } else { Self::at_environment(&table).map(Some) }
    }

    /// The library in a table, with the region and the credentials of the environment.
    pub fn at_environment(table: &str) -> Result<Self, EnvError> {
        let endpoint = env::read(env::DYNAMODB_ENDPOINT)?;
        let endpoint = (!endpoint.is_empty()).then_some(endpoint.as_str());
        Ok(Self::new(table, &env::read(env::AWS_REGION)?, endpoint, env::credentials()?))
    }

    /// The library in a table of a region. `endpoint` is the URL of a server that replaces the region's `DynamoDB`. Sends no
    /// request.
    pub fn new(table: &str, region: &str, endpoint: Option<&str>, credentials: Credentials) -> Self {
        let endpoint = endpoint.map_or_else(|| regional_endpoint("dynamodb", region), str::to_owned);
        let api = AwsApi::new("dynamodb", region, &endpoint, credentials, RETRIES, Timeouts::INTERACTIVE);
        Self { api, table: table.to_owned() }
    }

    /// The same library by another transport.
    #[must_use]
    pub fn with_transport(mut self, transport: &Transport) -> Self {
        self.api = self.api.with_transport(transport);
        self
    }

    /// Calls an operation.
    async fn call(&self, operation: &str, mut body: Map<String, Value>) -> Result<Value, CallError> {
        body.insert("TableName".to_owned(), json!(self.table));
        let body = Value::Object(body);
        let target = format!("DynamoDB_20120810.{operation}");
        let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target.as_str())];
        let answer = self.api.post("/", &headers, &body.to_string()).await?;
        serde_json::from_str(&answer).map_err(|error| CallError::Invalid(error.to_string()))
    }

    /// Calls an operation with a condition. `false` if the condition doesn't hold.
    async fn change(&self, operation: &str, body: Map<String, Value>) -> Result<bool, LibraryError> {
        match self.call(operation, body).await {
            Ok(_) => Ok(true),
            Err(CallError::Refused { status: 400, body }) if body.contains(CONDITION_FAILED) => Ok(false),
            Err(error) => Err(unavailable(&error)),
        }
    }
}

fn unavailable(error: &CallError) -> LibraryError {
    LibraryError::Unavailable(error.to_string())
}

#[async_trait::async_trait]
impl LibraryStore for DynamoLibrary {
    async fn find(&self, id: &FileId) -> Result<Option<StoredRecord>, LibraryError> {
        let answer = self.call("Query", find(id)).await.map_err(|error| unavailable(&error))?;
        answer.pointer("/Items/0").map(stored).transpose()
    }

    async fn read(&self, key: &Key) -> Result<Option<StoredRecord>, LibraryError> {
        let request = members([("Key", primary_key(key)), ("ConsistentRead", json!(true))]);
        let answer = self.call("GetItem", request).await.map_err(|error| unavailable(&error))?;
        answer.get("Item").map(stored).transpose()
    }

    async fn write(&self, record: &FileRecord, replaced: Revision) -> Result<bool, LibraryError> {
        let mut request = condition(replaced);
        request.insert("Item".to_owned(), item(record, Revision(replaced.0 + 1))?);
        self.change("PutItem", request).await
    }

    async fn remove(&self, key: &Key, removed: Revision) -> Result<bool, LibraryError> {
        let mut request = condition(removed);
        request.insert("Key".to_owned(), primary_key(key));
        self.change("DeleteItem", request).await
    }

    async fn newest(
        &self,
        scope: &Scope,
        range: &Range,
        limit: usize,
    ) -> Result<Vec<FileRecord>, LibraryError> {
        let Some(mut request) = page(scope, range) else { return Ok(Vec::new()) };
        let mut records = Vec::new();
        loop {
            request.insert("Limit".to_owned(), json!(limit - records.len()));
            let answer = self.call("Query", request.clone()).await.map_err(|error| unavailable(&error))?;
            for item in answer.get("Items").and_then(Value::as_array).into_iter().flatten() {
                let record = stored(item)?.record;
                let is_end = range.before.is_some() && record.position() == range.before;
                records.extend((!is_end).then_some(record));
            }
            match answer.get("LastEvaluatedKey") {
                Some(last) if records.len() < limit => {
                    request.insert("ExclusiveStartKey".to_owned(), last.clone());
                }
                Some(_) | None => return Ok(records),
            }
        }
    }
}
