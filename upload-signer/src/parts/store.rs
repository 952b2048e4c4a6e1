//! The S3 requests of multipart uploads that the signer makes itself.

use std::time::Duration;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::list_parts::ListPartsOutput;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart, Part};
use bucket::{Bucket, Timeouts, client};
use contract::caching::Caching;
use service::cause::innermost;

use crate::arrival::store::StoreConfig;
use crate::error::{Cause, SignError};
use crate::parts::stored::StoredPart;
use crate::parts::upload_id::MultipartUpload;
use crate::signing::grant::Grant;
use crate::signing::pending::pending_header;

/// The common timeouts, but five minutes for a response: S3 may assemble gigabytes before it answers.
const TIMEOUTS: Timeouts = Timeouts { response: Some(Duration::from_mins(5)), ..Timeouts::COMMON };

/// Maximum number of retries after a conflict with another request for the same key.
const MAX_RETRIES: usize = 3;

/// The multipart uploads of a bucket.
#[derive(Clone, Debug)]
pub struct MultipartStore {
    bucket: Bucket,
    /// The maximum number of parts in a page of a listing, 1 to 1000.
    page_length: i32,
}

impl MultipartStore {
    /// The multipart uploads of a configured bucket. No request is sent. The credentials need `s3:PutObject`,
    /// `s3:PutObjectTagging`, `s3:AbortMultipartUpload`, `s3:ListMultipartUploadParts` and `s3:GetObject`.
    pub fn new(config: &StoreConfig) -> Self {
        Self { bucket: Bucket::new(client(&config.s3, TIMEOUTS), &config.bucket), page_length: 1000 }
    }

    /// Changes the page length of listings, 1 to 1000 parts.
    #[must_use]
    pub fn with_page_length(self, page_length: i32) -> Self {
        Self { page_length, ..self }
    }

    /// Creates an upload and returns S3's upload id.
    pub async fn create(&self, grant: &Grant) -> Result<String, SignError> {
        let mut request = self
            .bucket
            .client()
            .create_multipart_upload()
            .bucket(self.bucket.name())
            .key(grant.key.as_str())
            .content_type(grant.media_type().as_str())
            .cache_control(Caching::Immutable.header())
            .tagging(pending_header(grant.owner.as_ref()));
        for (name, value) in grant.metadata.entries() {
            request = request.metadata(name, value);
        }
        let created = request.send().await.map_err(|error| failure(&error))?;
        created.upload_id.ok_or_else(|| storage("S3 returned no upload id"))
    }

    /// Lists all uploaded parts, sorted by number.
    pub async fn list_parts(&self, upload: &MultipartUpload) -> Result<Vec<StoredPart>, SignError> {
        let page = self
            .bucket
            .client()
            .list_parts()
            .bucket(self.bucket.name())
            .key(upload.key.as_str())
            .upload_id(&upload.s3_id)
            .max_parts(self.page_length);
        all_pages(|marker| {
            let page = page.clone().set_part_number_marker(marker);
            async move { read_page(page.send().await.map_err(|error| failure(&error))?) }
        })
        .await
    }

    /// Completes an upload as an object of exactly `bytes` bytes. Fails if the key exists.
    pub async fn complete(
        &self,
        upload: &MultipartUpload,
        parts: &[StoredPart],
        bytes: u64,
    ) -> Result<(), SignError> {
        let part = |part: &StoredPart| {
            CompletedPart::builder().part_number(part.number.cast_signed()).e_tag(&part.etag).build()
        };
        let parts =
            CompletedMultipartUpload::builder().set_parts(Some(parts.iter().map(part).collect())).build();
        let mut retries = 0;
        loop {
            let completed = self
                .bucket
                .client()
                .complete_multipart_upload()
                .bucket(self.bucket.name())
                .key(upload.key.as_str())
                .upload_id(&upload.s3_id)
                .multipart_upload(parts.clone())
                .mpu_object_size(bytes.cast_signed())
                .if_none_match("*")
                .send()
                .await;
            match completed {
                Ok(_) => return Ok(()),
                Err(error) if error.code() == Some("ConditionalRequestConflict") && retries < MAX_RETRIES => {
                    retries += 1;
                }
                Err(error) => return Err(failure(&error)),
            }
        }
    }

    /// Aborts an upload and removes its parts. An upload that has ended is not an error.
    pub async fn abort(&self, upload: &MultipartUpload) -> Result<(), SignError> {
        let request =
            self.bucket.client().abort_multipart_upload().bucket(self.bucket.name()).key(upload.key.as_str());
        match request.upload_id(&upload.s3_id).send().await {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("NoSuchUpload") => Ok(()),
            Err(error) => Err(failure(&error)),
        }
    }

    /// `true` if the object exists. A client that missed the response completes an upload twice.
    pub async fn is_complete(&self, upload: &MultipartUpload) -> bool {
        self.bucket
            .client()
            .head_object()
            .bucket(self.bucket.name())
            .key(upload.key.as_str())
            .send()
            .await
            .is_ok()
    }
}

/// The parts of a page, and the marker of the next page.
type Page = (Vec<StoredPart>, Option<String>);

/// Reads pages until one has no marker of a next page.
async fn all_pages<P>(mut page: impl FnMut(Option<String>) -> P) -> Result<Vec<StoredPart>, SignError>
where
    P: Future<Output = Result<Page, SignError>>,
{
    let mut all = Vec::new();
    let mut marker = None;
    loop {
        let (parts, next) = page(marker.clone()).await?;
        all.extend(parts);
        if next.is_none() {
            return Ok(all);
        }
        if next == marker {
            return Err(storage("S3 lists the same page again"));
        }
        marker = next;
    }
}

fn read_page(page: ListPartsOutput) -> Result<Page, SignError> {
    let parts = page.parts().iter().map(stored_part).collect::<Option<Vec<_>>>();
    let parts = parts.ok_or_else(|| storage("S3 lists a part without number, tag or size"))?;
    let next = if page.is_truncated() == Some(true) { page.next_part_number_marker } else { None };
    Ok((parts, next))
}

fn stored_part(part: &Part) -> Option<StoredPart> {
    Some(StoredPart {
        number: u32::try_from(part.part_number()?).ok()?,
        etag: part.e_tag()?.trim_matches('"').to_owned(),
        bytes: u64::try_from(part.size()?).ok()?,
    })
}

fn failure<E, R>(error: &SdkError<E, R>) -> SignError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug + 'static,
{
    let cause = match error.code() {
        Some("NoSuchUpload") => Cause::NotFound("there is no such upload: it was completed or cancelled"),
        Some("PreconditionFailed" | "ConditionalRequestConflict") => {
            Cause::Conflict("there is a file of this key already")
        }
        Some("EntityTooSmall") => Cause::Invalid("every part but the last must have at least 5 MiB"),
        Some("InvalidPart" | "InvalidPartOrder" | "InvalidRequest") => {
            Cause::Invalid("the parts are not those that were uploaded")
        }
        Some(code) => {
            return storage(&format!("{code} ({})", error.message().unwrap_or("without a message")));
        }
        None => return storage(&innermost(error)),
    };
    SignError::whole(cause)
}

fn storage(reason: &str) -> SignError {
    SignError::whole(Cause::Storage(reason.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(number: u32) -> StoredPart {
        StoredPart { number, etag: number.to_string(), bytes: 1 }
    }

    /// A listing as in the S3 reference: pages of at most 1,000 parts after the marker.
    async fn listed(count: u32) -> Vec<StoredPart> {
        all_pages(move |marker: Option<String>| async move {
            let after: u32 = marker.map_or(0, |marker| marker.parse().unwrap());
            let last = count.min(after + 1000);
            let next = (last < count).then(|| last.to_string());
            Ok(((after + 1..=last).map(part).collect(), next))
        })
        .await
        .unwrap()
    }

    #[tokio::test]
    async fn a_listing_of_several_pages_is_complete() {
        for count in [0, 1, 999, 1000, 1001, 2000, 2001, 10_000] {
            let expected: Vec<_> = (1..=count).map(part).collect();
            assert_eq!(listed(count).await, expected, "{count}");
        }
    }

    #[tokio::test]
    async fn a_listing_that_repeats_a_page_is_an_error() {
        let listing = all_pages(async |_| Ok((vec![part(1)], Some("1".to_owned())))).await;
        assert!(matches!(listing.unwrap_err().cause, Cause::Storage(_)));
    }
}
