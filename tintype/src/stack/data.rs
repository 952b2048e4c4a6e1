//! What a stack opens in its data folder.

use std::path::Path;

use super::{ORIGINALS, StackError, VARIANTS};
use crate::secrets;

/// The store of S3, with the stack's buckets.
pub(super) async fn open_store(data: &Path) -> Result<local_s3::Store, StackError> {
    let folder = data.join("s3");
    let opened = {
        let folder = folder.clone();
        tokio::task::spawn_blocking(move || {
            let store = local_s3::Store::open(&folder)?;
            store.create_bucket(ORIGINALS)?;
            store.create_bucket(VARIANTS)?;
            Ok(store)
        })
    };
    let opened = opened.await.map_err(|panic| StackError::SetUp(panic.to_string()))?;
    opened.map_err(|cause| StackError::Data { folder, cause })
}

/// The secrets that the data folder keeps.
pub(super) async fn open_secrets(data: &Path) -> Result<secrets::Secrets, StackError> {
    let folder = data.to_owned();
    let opened = tokio::task::spawn_blocking(move || secrets::open(&folder)).await;
    let opened = opened.map_err(|panic| StackError::SetUp(panic.to_string()))?;
    opened.map_err(|cause| StackError::Secret { folder: data.to_owned(), cause })
}
