//! Conversions between the values of `s3s` and those of the store.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::dto::{ETag, EncodingType, Timestamp, TimestampFormat};

use crate::clock::Moment;
use crate::record::{Headers, ObjectPath};

/// The characters that a listing encodes in keys: all except letters, digits and those that are removed here.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Sets the checksum's field of an output.
macro_rules! set_checksum {
    ($output:expr, $checksum:expr) => {
        if let Some(checksum) = $checksum {
            use $crate::checksum::Algorithm;
            let value = Some(checksum.value.clone());
            match checksum.algorithm {
                Algorithm::Crc32 => $output.checksum_crc32 = value,
                Algorithm::Crc32c => $output.checksum_crc32c = value,
                Algorithm::Crc64Nvme => $output.checksum_crc64nvme = value,
                Algorithm::Sha1 => $output.checksum_sha1 = value,
                Algorithm::Sha256 => $output.checksum_sha256 = value,
            }
        }
    };
}
pub(crate) use set_checksum;

/// The checksums of an input, by algorithm.
macro_rules! input_checksums {
    ($input:expr) => {{
        use $crate::checksum::Algorithm;
        [
            (Algorithm::Crc32, $input.checksum_crc32.clone()),
            (Algorithm::Crc32c, $input.checksum_crc32c.clone()),
            (Algorithm::Crc64Nvme, $input.checksum_crc64nvme.clone()),
            (Algorithm::Sha1, $input.checksum_sha1.clone()),
            (Algorithm::Sha256, $input.checksum_sha256.clone()),
        ]
    }};
}
pub(crate) use input_checksums;

/// Takes the headers to store from an input.
macro_rules! stored_headers {
    ($input:expr) => {
        $crate::record::Headers {
            content_type: $input.content_type.take(),
            cache_control: $input.cache_control.take(),
            content_disposition: $input.content_disposition.take(),
            content_encoding: $crate::api::convert::stored_encoding($input.content_encoding.take()),
            content_language: $input.content_language.take(),
            expires_s: $input.expires.take().as_ref().map($crate::api::convert::seconds),
            metadata: $crate::api::convert::metadata($input.metadata.take()),
        }
    };
}
pub(crate) use stored_headers;

/// Sets an object's headers on the output of a GET or HEAD request.
macro_rules! set_headers {
    ($output:expr, $record:expr) => {
        let headers = &$record.description.headers;
        $output.accept_ranges = Some("bytes".to_owned());
        $output.e_tag = Some($crate::api::convert::etag(&$record.etag));
        $output.version_id = Some($record.version().to_owned());
        $output.last_modified = Some($crate::api::convert::time($record.modified_ms));
        $output.content_type = Some($crate::api::convert::content_type(headers));
        $output.cache_control = headers.cache_control.clone();
        $output.content_disposition = headers.content_disposition.clone();
        $output.content_encoding = headers.content_encoding.clone();
        $output.content_language = headers.content_language.clone();
        $output.expires = headers.expires_s.map(|seconds| $crate::api::convert::time(seconds * 1000));
        $output.metadata = Some(headers.metadata.clone().into_iter().collect());
    };
}
pub(crate) use set_headers;

pub(crate) fn object_path(bucket: &str, key: &str) -> ObjectPath {
    ObjectPath { bucket: bucket.to_owned(), key: key.to_owned() }
}

pub(crate) fn etag(value: &str) -> ETag {
    ETag::Strong(value.to_owned())
}

pub(crate) fn time(ms: i64) -> Timestamp {
    Moment(ms).system().into()
}

/// Seconds since 1970. 0 for a time that can't be formatted.
pub(crate) fn seconds(time: &Timestamp) -> i64 {
    let mut text = Vec::new();
    let written = time.format(TimestampFormat::DateTime, &mut text);
    let parsed = written.ok().and_then(|()| std::str::from_utf8(&text).ok()?.parse::<jiff::Timestamp>().ok());
    parsed.map_or(0, jiff::Timestamp::as_second)
}

pub(crate) fn content_type(headers: &Headers) -> String {
    headers.content_type.clone().unwrap_or_else(|| "binary/octet-stream".to_owned())
}

/// The content encoding to store: without `aws-chunked`, which applies to the transfer only.
pub(crate) fn stored_encoding(header: Option<String>) -> Option<String> {
    let header = header?;
    let codings: Vec<&str> = header
        .split(',')
        .map(str::trim)
        .filter(|coding| !coding.is_empty() && *coding != "aws-chunked")
        .collect();
    (!codings.is_empty()).then(|| codings.join(","))
}

pub(crate) fn metadata(given: Option<s3s::dto::Metadata>) -> BTreeMap<String, String> {
    given.unwrap_or_default().into_iter().collect()
}

/// Encodes a text of a listing if the client asks for it.
pub(crate) fn encoded(text: &str, encoding: Option<&EncodingType>) -> String {
    if encoding.is_some() { utf8_percent_encode(text, ENCODED).to_string() } else { text.to_owned() }
}

/// The limit of a listing: the client's, at most 1000, or 1000 by default.
pub(crate) fn limit(given: Option<i32>) -> Result<usize, crate::error::ClientError> {
    let given = given.unwrap_or(1000);
    usize::try_from(given).map(|limit| limit.min(1000)).map_err(|_| {
        crate::error::ClientError::InvalidArgument("the limit of a listing can't be negative".to_owned())
    })
}
