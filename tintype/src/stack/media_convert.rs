//! Sets up the local `MediaConvert`.

use aws_credential_types::Credentials;
use bucket::{Timeouts, client};

use super::{Addresses, Options, REGION, StackError, s3_config};
use local_media_convert::MediaConvert;

/// Maximum number of videos that are transcoded concurrently. One ffmpeg already uses every core.
const CONCURRENT_JOBS: usize = 2;

/// Opens the local `MediaConvert` over its folder in the data folder.
pub(super) async fn open(
    options: &Options,
    addresses: &Addresses,
    store: &local_s3::Store,
    owner: &Credentials,
) -> Result<MediaConvert, StackError> {
    let folder = options.data.clone();
    let options = local_media_convert::Options {
        folder: folder.join("media-convert"),
        s3: client(&s3_config(addresses, owner.clone()), Timeouts::SDK_DEFAULTS),
        outbox: store.clone(),
        event_delivery: options.event_delivery,
        owner: owner.clone(),
        region: REGION.to_owned(),
        tools: options.tools.clone(),
        max_concurrent_jobs: CONCURRENT_JOBS,
    };
    let opened = tokio::task::spawn_blocking(move || MediaConvert::open(options)).await;
    let opened = opened.map_err(|panic| StackError::SetUp(panic.to_string()))?;
    opened.map_err(|cause| StackError::Jobs { folder, cause })
}
