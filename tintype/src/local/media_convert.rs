//! The emulated `MediaConvert`.

use bucket::{Timeouts, client};
use local_media_convert::MediaConvert;
use local_s3::Store;

use super::addresses::Addresses;
use super::error::StackError;
use super::names::{REGION, owner};
use super::options::Options;
use super::principals::Principals;

/// Maximum number of videos transcoded concurrently. A single ffmpeg uses every core.
const CONCURRENT_JOBS: usize = 2;

/// Opens the emulator over its folder in the data folder.
pub(super) async fn open(
    options: &Options,
    addresses: &Addresses,
    principals: &Principals,
    store: &Store,
) -> Result<MediaConvert, StackError> {
    let folder = options.data.clone();
    let options = local_media_convert::Options {
        folder: folder.join("media-convert"),
        s3: client(&addresses.s3_config(&principals.transcoder), Timeouts::SDK_DEFAULTS),
        outbox: store.clone(),
        event_delivery: options.event_delivery,
        callers: vec![owner(), principals.trigger.credentials.clone()],
        region: REGION.to_owned(),
        tools: options.tools.clone(),
        max_concurrent_jobs: CONCURRENT_JOBS,
    };
    let opened = tokio::task::spawn_blocking(move || MediaConvert::open(options)).await;
    opened.map_err(StackError::set_up)?.map_err(|cause| StackError::Jobs { folder, cause })
}
