//! `DynamoDB` on one machine: the operations, expressions and indexes that Tintype uses. Anything else is refused with a
//! `ValidationException` that names it. Items are in memory. An index is never behind its table.
//!
//! Reading order: [`tables`] and `table` have the items; `expression`: conditions; `request`: the bodies of calls; `refusal`;
//! [`app`] answers calls.

pub mod tables;

mod table;

mod expression;

mod request;

mod refusal;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use refusal::Refusal;
use tables::Tables;

/// The prefix of operations in the header `x-amz-target`.
pub const TARGET: &str = "DynamoDB_20120810.";

/// The API of tables, at the path `/`.
pub fn app(tables: Tables) -> Router {
    Router::new().route("/", post(answer)).with_state(tables)
}

async fn answer(State(tables): State<Tables>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let operation = target.strip_prefix(TARGET).unwrap_or(target);
    let (status, body) = match call(&tables, operation, &body) {
        Ok(answer) => (StatusCode::OK, answer),
        Err(Refusal(name, message)) => {
            let kind = format!("com.amazonaws.dynamodb.v20120810#{name}");
            (StatusCode::BAD_REQUEST, json!({ "__type": kind, "message": message }))
        }
    };
    (status, [(header::CONTENT_TYPE, "application/x-amz-json-1.0")], body.to_string()).into_response()
}

fn call(tables: &Tables, operation: &str, body: &[u8]) -> Result<Value, Refusal> {
    match operation {
        "GetItem" => tables.get(&read(body)?),
        "PutItem" => tables.put(read(body)?),
        "DeleteItem" => tables.delete(&read(body)?),
        "Query" => tables.query(&read(body)?),
        other => Err(Refusal("UnknownOperationException", format!("{other} is not emulated"))),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal("SerializationException", error.to_string()))
}

#[cfg(test)]
mod tests;
