//! The permissions that operations need.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>

use http::{HeaderMap, Uri};
use local_policy::Key;
use percent_encoding::percent_decode_str;

use super::error::ClientError;
use super::guard::Need;
use super::record::ObjectPath;
use super::tags;

/// A request, as far as permissions depend on it.
pub(crate) struct Operation<'a> {
    /// Its name, such as `PutObject`.
    pub(crate) name: &'a str,
    /// The bucket, and the key of an operation on an object. Both are empty for the list of buckets.
    pub(crate) path: ObjectPath,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
}

impl Operation<'_> {
    /// The permissions that the operation needs before it begins. Those that depend on stored objects or on the body are
    /// checked by the operation itself: the list is empty then. `None` for an operation that only the owner may do.
    pub(crate) fn needs(&self) -> Result<Option<Vec<Need>>, ClientError> {
        let bucket = |action| vec![Need::of_bucket(action, &self.path.bucket)];
        let object = |action| vec![Need::of_object(action, &self.path)];
        Ok(Some(match self.name {
            // These depend on the tags of the object, or on the body.
            "GetObject" | "HeadObject" | "GetObjectTagging" | "PutObjectTagging" | "DeleteObjects" => {
                Vec::new()
            }
            // The source of a copy is checked by the operation.
            "PutObject" | "CreateMultipartUpload" | "CopyObject" => self.writes()?,
            "UploadPart" | "UploadPartCopy" | "CompleteMultipartUpload" => object("s3:PutObject"),
            "AbortMultipartUpload" => object("s3:AbortMultipartUpload"),
            "ListParts" => object("s3:ListMultipartUploadParts"),
            "DeleteObject" => object(deletion(self.parameter("versionId").is_some())),
            "DeleteObjectTagging" if self.parameter("versionId").is_some() => {
                object("s3:DeleteObjectVersionTagging")
            }
            "DeleteObjectTagging" => object("s3:DeleteObjectTagging"),
            "ListObjects" | "ListObjectsV2" => self.lists("s3:ListBucket"),
            "ListObjectVersions" => self.lists("s3:ListBucketVersions"),
            "ListMultipartUploads" => self.lists("s3:ListBucketMultipartUploads"),
            "HeadBucket" => bucket("s3:ListBucket"),
            "GetBucketLocation" => bucket("s3:GetBucketLocation"),
            "GetBucketCors" => bucket("s3:GetBucketCORS"),
            "PutBucketCors" => bucket("s3:PutBucketCORS"),
            "CreateBucket" => bucket("s3:CreateBucket"),
            "DeleteBucket" => bucket("s3:DeleteBucket"),
            _ => return Ok(None),
        }))
    }

    fn writes(&self) -> Result<Vec<Need>, ClientError> {
        let header = self.headers.get("x-amz-tagging").and_then(|value| value.to_str().ok());
        Ok(writes(&self.path, &tags::parse(header.unwrap_or_default())?))
    }

    fn lists(&self, action: &'static str) -> Vec<Need> {
        let mut need = Need::of_bucket(action, &self.path.bucket);
        need.keys.extend(self.parameter("prefix").map(|prefix| (Key::Prefix, prefix)));
        vec![need]
    }

    /// The value of a parameter of the query.
    fn parameter(&self, name: &str) -> Option<String> {
        let pairs = self.uri.query().unwrap_or_default().split('&');
        let value =
            pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).find(|(key, _)| *key == name)?.1;
        Some(percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned())
    }
}

/// The permissions that a new object with tags needs.
pub(crate) fn writes(path: &ObjectPath, tags: &[super::record::Tag]) -> Vec<Need> {
    let actions: &[&str] =
        if tags.is_empty() { &["s3:PutObject"] } else { &["s3:PutObject", "s3:PutObjectTagging"] };
    actions.iter().map(|action| Need::of_object(action, path).with_new_tags(tags)).collect()
}

/// The action of a deletion.
pub(crate) const fn deletion(is_of_version: bool) -> &'static str {
    if is_of_version { "s3:DeleteObjectVersion" } else { "s3:DeleteObject" }
}

/// The action of a read of an object.
pub(crate) const fn read(is_of_version: bool) -> &'static str {
    if is_of_version { "s3:GetObjectVersion" } else { "s3:GetObject" }
}

/// The action of a read of an object's tags.
pub(crate) const fn read_tags(is_of_version: bool) -> &'static str {
    if is_of_version { "s3:GetObjectVersionTagging" } else { "s3:GetObjectTagging" }
}

/// The action of a change of an object's tags.
pub(crate) const fn write_tags(is_of_version: bool) -> &'static str {
    if is_of_version { "s3:PutObjectVersionTagging" } else { "s3:PutObjectTagging" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_need_the_documented_permissions() {
        let of_object = |action: &str| format!("{action} arn:aws:s3:::b/a/k");
        let of_bucket = |action: &str| format!("{action} arn:aws:s3:::b");
        for (name, uri, tagging, expected) in [
            ("PutObject", "/b/a/k", "", vec![of_object("s3:PutObject")]),
            (
                "PutObject",
                "/b/a/k",
                "state=clean",
                vec![
                    of_object("s3:PutObject") + " state=clean",
                    of_object("s3:PutObjectTagging") + " state=clean",
                ],
            ),
            ("UploadPart", "/b/a/k?partNumber=1&uploadId=u", "", vec![of_object("s3:PutObject")]),
            ("AbortMultipartUpload", "/b/a/k?uploadId=u", "", vec![of_object("s3:AbortMultipartUpload")]),
            ("DeleteObject", "/b/a/k", "", vec![of_object("s3:DeleteObject")]),
            ("DeleteObject", "/b/a/k?versionId=1", "", vec![of_object("s3:DeleteObjectVersion")]),
            ("ListObjectsV2", "/b?list-type=2", "", vec![of_bucket("s3:ListBucket")]),
            ("ListObjectsV2", "/b?prefix=a%2Fk+l", "", vec![of_bucket("s3:ListBucket") + " prefix=a/k l"]),
            ("HeadBucket", "/b?prefix=a", "", vec![of_bucket("s3:ListBucket")]),
            ("GetObject", "/b/a/k", "", vec![]),
        ] {
            let mut headers = HeaderMap::new();
            if !tagging.is_empty() {
                headers.insert("x-amz-tagging", tagging.parse().unwrap());
            }
            let path = ObjectPath { bucket: "b".to_owned(), key: "a/k".to_owned() };
            let operation = Operation { name, path, uri: &uri.parse().unwrap(), headers: &headers };
            let text = |need: Need| {
                let keys = need.keys.into_iter().map(|(key, value)| {
                    if let Key::RequestObjectTag(tag) = key {
                        format!(" {tag}={value}")
                    } else {
                        format!(" prefix={value}")
                    }
                });
                format!("{} {}{}", need.action, need.resource, keys.collect::<Vec<_>>().concat())
            };
            let needs: Vec<String> = operation.needs().unwrap().unwrap().into_iter().map(text).collect();
            assert_eq!(needs, expected, "{name} {uri}");
        }
    }
}
