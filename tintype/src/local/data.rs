//! The data folder of a stack.

use std::path::Path;

use local_s3::{Store, StoreError};

use super::error::StackError;
use super::names::{ORIGINALS, VARIANTS};
use crate::secrets::{self, Secrets};

/// Opens the store of S3, and creates the stack's buckets if they are missing.
pub(super) async fn open_store(data: &Path) -> Result<Store, StackError> {
    let folder = data.join("s3");
    let opened = tokio::task::spawn_blocking(move || {
        let store = Store::open(&folder)?;
        store.create_bucket(ORIGINALS)?;
        store.create_bucket(VARIANTS)?;
        Ok(store)
    });
    opened.await.map_err(StackError::set_up)?.map_err(|cause| {
        let folder = data.to_owned();
        if matches!(cause, StoreError::InUse) {
            StackError::InUse(folder)
        } else {
            StackError::Data { folder, cause }
        }
    })
}

/// Opens the secrets, and creates those that are missing.
pub(super) async fn open_secrets(data: &Path) -> Result<Secrets, StackError> {
    let folder = data.to_owned();
    let opened = tokio::task::spawn_blocking(move || secrets::open(&folder)).await;
    Ok(opened.map_err(StackError::set_up)??)
}
