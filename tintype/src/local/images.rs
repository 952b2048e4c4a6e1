//! The resize service and the upkeep of its variants.

use std::sync::Arc;

use cdn_config::policy::Keep;
use local_edge::invalidation::DISTRIBUTION;
use local_s3::Principal;
use resize::edge::config::Config;
use resize::edge::render_service::RenderService;
use resize::edge::settling::SETTLING;
use resize::edge::store::Store;
use resize::edge::upkeep::Upkeep;
use resize::edge::upkeep::cloudfront::Cdn;

use super::addresses::Addresses;
use super::error::StackError;
use super::names::ORIGINALS;
use super::options::Options;

/// The resize service.
pub(super) fn resizer(
    addresses: &Addresses,
    principal: &Principal,
    options: &Options,
) -> Result<Arc<RenderService>, StackError> {
    let store = Store::behind_cdn(&addresses.image_store(principal, options.policy.keep));
    let config = Config::from_env(&options.policy).map_err(StackError::set_up)?;
    let service = RenderService::new(store, config);
    let service =
        if options.has_workers { service.with_workers().map_err(StackError::set_up)? } else { service };
    Ok(Arc::new(service))
}

/// The function that keeps variants up to date with their originals.
pub(super) fn upkeep(
    addresses: &Addresses,
    principal: &Principal,
    keep: Keep,
    resizer: Arc<RenderService>,
) -> Upkeep {
    Upkeep {
        render_service: resizer,
        store: Store::behind_cdn(&addresses.image_store(principal, keep)),
        originals: ORIGINALS.to_owned(),
        cdn: Some(Cdn::new(DISTRIBUTION, principal.credentials.clone(), Some(&addresses.mediaconvert))),
        settling: SETTLING,
    }
}
