//! The state that all operations share.

use std::fs::File;

use s3s::S3Request;

use crate::error::StoreError;
use crate::events::EventCause;
use crate::record::{ObjectPath, ObjectRecord};
use crate::store::Store;

/// The operations over a store.
pub(crate) struct Api {
    pub(crate) store: Store,
    pub(crate) region: String,
}

/// A request's ID, which the gateway creates.
#[derive(Clone)]
pub(crate) struct RequestId(pub(crate) String);

impl Api {
    /// The context of the events that a request causes.
    pub(super) fn event_cause<T>(&self, request: &S3Request<T>) -> EventCause {
        let request_id = request.extensions.get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
        EventCause { region: self.region.clone(), request_id }
    }

    /// The record of an object.
    pub(super) async fn look_up(&self, path: ObjectPath) -> Result<ObjectRecord, StoreError> {
        self.store.run(move |store| store.look_up(&path)).await
    }

    /// The record of an object, and its content.
    pub(super) async fn open(&self, path: ObjectPath) -> Result<(ObjectRecord, File), StoreError> {
        self.store.run(move |store| store.open_object(&path)).await
    }
}
