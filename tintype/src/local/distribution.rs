//! The local distribution: the emulated edge in front of the buckets and services.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use bucket::{Bucket, Timeouts, client};
use jiff::Timestamp;
use local_edge::behaviors::of_policy;
use local_edge::cache::Cache;
use local_edge::distribution::{self, Distribution};
use local_edge::function_url::FunctionUrl;
use local_edge::functions::EdgeFunctions;
use local_edge::origins::Origins;
use local_s3::Principal;
use resize::edge::store::access::AccessCheck;
use upload_signer::http::api::Api;

use super::addresses::Addresses;
use super::error::StackError;
use super::names::{ORIGINALS, VARIANTS};
use super::page;
use super::policy_watcher::PolicySubscribers;
use crate::bucket_origin::BucketOrigin;

/// The distribution as a service. `cdn` reads the buckets.
pub(super) fn app(
    addresses: &Addresses,
    cdn: &Principal,
    cache: Cache,
    subscribers: &PolicySubscribers,
    signer: Api,
) -> Result<Router, StackError> {
    let client = client(&addresses.s3_config(cdn), Timeouts::SDK_DEFAULTS);
    let bucket = |name: &str| {
        let bucket = Bucket::new(client.clone(), name);
        bucket_app(BucketOrigin { access: AccessCheck::new(vec![bucket.clone()]), bucket })
    };
    let functions = EdgeFunctions::new(subscribers.key_values.clone(), Timestamp::now);
    Ok(distribution::app(Distribution {
        cache,
        functions: functions.map_err(StackError::set_up)?,
        origins: Origins {
            originals: bucket(ORIGINALS),
            variants: bucket(VARIANTS),
            resize: FunctionUrl::new(resize::edge::http::app(Arc::clone(&subscribers.resizer))),
            signer: upload_signer::app::app(signer),
            page: page::app(),
        },
        behaviors: of_policy(&subscribers.current),
        names_ignored_parameters: true,
    }))
}

/// A bucket as a service.
fn bucket_app(bucket: BucketOrigin) -> Router {
    let read = async |State(bucket): State<BucketOrigin>, request: Request| {
        bucket.read(request.method(), request.uri().path(), request.headers()).await
    };
    Router::new().fallback(read).with_state(bucket)
}
