//! Addresses below `/deployed`, by which an operator or a test looks into a deployment and lets days pass. AWS has none of them.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bucket_rules::Lifecycle;
use crate::measuring::Measuring;

/// The most days that pass at once.
const MAX_DAYS: u32 = 3650;

/// The addresses.
pub(crate) fn app(measuring: Measuring, lifecycle: Lifecycle) -> Router {
    Router::new()
        .route("/deployed/alarms", get(alarms))
        .route("/deployed/metrics", get(metrics))
        .with_state(measuring)
        .route("/deployed/expire", post(expire).with_state(lifecycle))
}

async fn alarms(State(measuring): State<Measuring>) -> Response {
    Json(measuring.states()).into_response()
}

async fn metrics(State(measuring): State<Measuring>) -> Response {
    measuring.measure();
    let metrics = measuring.metrics.sums().into_iter().map(|(metric, count, sum)| {
        json!({
            "namespace": metric.namespace,
            "name": metric.name,
            "dimensions": metric.dimensions,
            "values": count,
            "sum": sum,
        })
    });
    Json(metrics.collect::<Vec<Value>>()).into_response()
}

#[derive(Deserialize)]
struct Days {
    days: u32,
}

/// Applies the lifecycle rules as if days had passed.
async fn expire(State(lifecycle): State<Lifecycle>, Query(Days { days }): Query<Days>) -> Response {
    if days > MAX_DAYS {
        return (StatusCode::BAD_REQUEST, format!("days is at most {MAX_DAYS}")).into_response();
    }
    match lifecycle.apply(Timestamp::now() + SignedDuration::from_hours(24 * i64::from(days))).await {
        Ok(removed) => Json(removed).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
