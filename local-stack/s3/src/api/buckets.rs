//! Operations on buckets.

use s3s::dto::{
    Bucket, BucketLocationConstraint, CORSRule, CreateBucketInput, CreateBucketOutput, DeleteBucketInput,
    DeleteBucketOutput, GetBucketCorsInput, GetBucketCorsOutput, GetBucketLocationInput,
    GetBucketLocationOutput, HeadBucketInput, HeadBucketOutput, ListBucketsInput, ListBucketsOutput,
    PutBucketCorsInput, PutBucketCorsOutput,
};
use s3s::{S3Request, S3Response, S3Result, s3_error};

use super::convert::time;
use super::service::Api;
use crate::cors_rule::CorsRule;
use crate::store::StoreInner;

pub(super) async fn create(
    api: &Api,
    request: S3Request<CreateBucketInput>,
) -> S3Result<S3Response<CreateBucketOutput>> {
    let bucket = request.input.bucket;
    let location = Some(format!("/{bucket}"));
    api.store.run(move |store| store.create_bucket(&bucket)).await?;
    Ok(S3Response::new(CreateBucketOutput { location }))
}

pub(super) async fn head(
    api: &Api,
    request: S3Request<HeadBucketInput>,
) -> S3Result<S3Response<HeadBucketOutput>> {
    api.store.run(move |store| store.check_bucket(&request.input.bucket)).await?;
    Ok(S3Response::new(HeadBucketOutput { bucket_region: Some(api.region.clone()), ..Default::default() }))
}

pub(super) async fn delete(
    api: &Api,
    request: S3Request<DeleteBucketInput>,
) -> S3Result<S3Response<DeleteBucketOutput>> {
    api.store.run(move |store| store.delete_bucket(&request.input.bucket)).await?;
    Ok(S3Response::with_status(DeleteBucketOutput {}, http::StatusCode::NO_CONTENT))
}

pub(super) async fn list(
    api: &Api,
    request: S3Request<ListBucketsInput>,
) -> S3Result<S3Response<ListBucketsOutput>> {
    let prefix = request.input.prefix.unwrap_or_default();
    let buckets = api.store.run(StoreInner::buckets).await?;
    let buckets = buckets
        .into_iter()
        .filter(|(name, _)| name.starts_with(&prefix))
        .map(|(name, record)| Bucket {
            name: Some(name),
            creation_date: Some(time(record.created_ms)),
            bucket_region: Some(api.region.clone()),
        })
        .collect();
    Ok(S3Response::new(ListBucketsOutput { buckets: Some(buckets), ..Default::default() }))
}

pub(super) async fn location(
    api: &Api,
    request: S3Request<GetBucketLocationInput>,
) -> S3Result<S3Response<GetBucketLocationOutput>> {
    api.store.run(move |store| store.check_bucket(&request.input.bucket)).await?;
    // S3 returns no constraint for its first region.
    let constraint = (api.region != "us-east-1").then(|| BucketLocationConstraint::from(api.region.clone()));
    Ok(S3Response::new(GetBucketLocationOutput { location_constraint: constraint }))
}

pub(super) async fn cors(
    api: &Api,
    request: S3Request<GetBucketCorsInput>,
) -> S3Result<S3Response<GetBucketCorsOutput>> {
    let rules = api.store.run(move |store| store.cors(&request.input.bucket)).await?;
    if rules.is_empty() {
        return Err(s3_error!(NoSuchCORSConfiguration, "The CORS configuration does not exist"));
    }
    let rules = rules.into_iter().map(|rule| CORSRule {
        id: None,
        allowed_origins: rule.origins,
        allowed_methods: rule.methods,
        allowed_headers: Some(rule.headers),
        expose_headers: Some(rule.exposed_headers),
        max_age_seconds: rule.max_age_seconds.and_then(|seconds| i32::try_from(seconds).ok()),
    });
    Ok(S3Response::new(GetBucketCorsOutput { cors_rules: Some(rules.collect()) }))
}

pub(super) async fn put_cors(
    api: &Api,
    request: S3Request<PutBucketCorsInput>,
) -> S3Result<S3Response<PutBucketCorsOutput>> {
    let PutBucketCorsInput { bucket, cors_configuration, .. } = request.input;
    let rules = cors_configuration.cors_rules.into_iter().map(|rule| CorsRule {
        origins: rule.allowed_origins,
        methods: rule.allowed_methods,
        headers: rule.allowed_headers.unwrap_or_default(),
        exposed_headers: rule.expose_headers.unwrap_or_default(),
        max_age_seconds: rule.max_age_seconds.and_then(|seconds| u32::try_from(seconds).ok()),
    });
    let rules: Vec<CorsRule> = rules.collect();
    api.store.run(move |store| store.set_cors(&bucket, rules)).await?;
    Ok(S3Response::new(PutBucketCorsOutput {}))
}
