//! Reads the properties of a body from the headers of an upload.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use http::HeaderMap;
use s3s::dto::StreamingBlob;
use s3s::{StdError, TrailingHeaders};

use crate::checksum::Algorithm;
use crate::error::ClientError;
use crate::receive::{BodyExpectation, ChecksumSource};

/// The body's bytes. Without a body, an empty stream.
pub(super) fn stream(body: Option<StreamingBlob>) -> impl Stream<Item = Result<Bytes, StdError>> + Unpin {
    futures::stream::iter(body).flatten()
}

/// Reads the announced properties of a body.
pub(super) fn expected(
    headers: &HeaderMap,
    length: Option<i64>,
    md5: Option<&str>,
    given: [(Algorithm, Option<String>); 5],
    trailers: Option<TrailingHeaders>,
) -> Result<BodyExpectation, ClientError> {
    Ok(BodyExpectation {
        length: length.and_then(|length| u64::try_from(length).ok()),
        max_bytes: None,
        md5: md5.map(parse_md5).transpose()?,
        checksum: claimed(headers, given, trailers)?,
    })
}

/// The checksum of a request. Refuses several.
pub(super) fn single_checksum(
    given: [(Algorithm, Option<String>); 5],
) -> Result<Option<(Algorithm, String)>, ClientError> {
    let mut given = given.into_iter().filter_map(|(algorithm, value)| Some((algorithm, value?)));
    let first = given.next();
    if given.next().is_some() {
        return Err(ClientError::InvalidRequest("expecting a single x-amz-checksum- header".to_owned()));
    }
    if let Some((algorithm, value)) = &first {
        // A composite checksum ends in the number of its parts.
        algorithm.check_form(value.split_once('-').map_or(value.as_str(), |(sum, _)| sum))?;
    }
    Ok(first)
}

fn claimed(
    headers: &HeaderMap,
    given: [(Algorithm, Option<String>); 5],
    trailers: Option<TrailingHeaders>,
) -> Result<Option<(Algorithm, ChecksumSource)>, ClientError> {
    let in_header =
        single_checksum(given)?.map(|(algorithm, value)| (algorithm, ChecksumSource::Header(value)));
    let announced = headers.get("x-amz-trailer").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let in_trailer = Algorithm::ALL
        .into_iter()
        .find(|algorithm| announced.trim().eq_ignore_ascii_case(algorithm.header()));
    let in_trailer =
        in_trailer.zip(trailers).map(|(algorithm, trailers)| (algorithm, ChecksumSource::Trailer(trailers)));
    if in_header.is_some() && in_trailer.is_some() {
        return Err(ClientError::InvalidRequest("expecting a single x-amz-checksum- header".to_owned()));
    }
    let claim = in_header.or(in_trailer);
    if claim.is_none() && headers.contains_key("x-amz-sdk-checksum-algorithm") {
        return Err(ClientError::InvalidRequest(
            "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers \
             were found"
                .to_owned(),
        ));
    }
    Ok(claim)
}

fn parse_md5(header: &str) -> Result<[u8; 16], ClientError> {
    let bytes = STANDARD.decode(header).map_err(|_| ClientError::InvalidDigest)?;
    bytes.try_into().map_err(|_| ClientError::InvalidDigest)
}
