//! S3 URLs: `s3://bucket/key`.

/// Bucket and key of an S3 URL. `None` if the text is not an S3 URL.
pub(crate) fn bucket_and_key(url: &str) -> Option<(&str, &str)> {
    let (bucket, key) = url.strip_prefix("s3://")?.split_once('/')?;
    (!bucket.is_empty()).then_some((bucket, key))
}
