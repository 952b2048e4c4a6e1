//! What the headers of an upload say of its body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use http::HeaderMap;
use s3s::dto::StreamingBlob;
use s3s::{StdError, TrailingHeaders};

use crate::checksum::Algorithm;
use crate::error::Refusal;
use crate::receive::{Claim, Expected};

/// The body's bytes; none where there is no body.
pub(super) fn stream(body: Option<StreamingBlob>) -> impl Stream<Item = Result<Bytes, StdError>> + Unpin {
    futures::stream::iter(body).flatten()
}

/// What is said of a body.
pub(super) fn expected(
    headers: &HeaderMap,
    length: Option<i64>,
    md5: Option<&str>,
    given: [(Algorithm, Option<String>); 5],
    trailers: Option<TrailingHeaders>,
) -> Result<Expected, Refusal> {
    Ok(Expected {
        length: length.and_then(|length| u64::try_from(length).ok()),
        most: None,
        md5: md5.map(parse_md5).transpose()?,
        checksum: claimed(headers, given, trailers)?,
    })
}

/// The one checksum among those given, if any.
pub(super) fn only_checksum(
    given: [(Algorithm, Option<String>); 5],
) -> Result<Option<(Algorithm, String)>, Refusal> {
    let mut given = given.into_iter().filter_map(|(algorithm, value)| Some((algorithm, value?)));
    let first = given.next();
    if given.next().is_some() {
        return Err(Refusal::InvalidRequest("expecting a single x-amz-checksum- header".to_owned()));
    }
    if let Some((algorithm, value)) = &first {
        // A composite one ends in the number of its parts.
        algorithm.check_form(value.split_once('-').map_or(value.as_str(), |(sum, _)| sum))?;
    }
    Ok(first)
}

fn claimed(
    headers: &HeaderMap,
    given: [(Algorithm, Option<String>); 5],
    trailers: Option<TrailingHeaders>,
) -> Result<Option<(Algorithm, Claim)>, Refusal> {
    let in_header = only_checksum(given)?.map(|(algorithm, value)| (algorithm, Claim::Value(value)));
    let announced = headers.get("x-amz-trailer").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let in_trailer = Algorithm::ALL
        .into_iter()
        .find(|algorithm| announced.trim().eq_ignore_ascii_case(algorithm.header()));
    let in_trailer =
        in_trailer.zip(trailers).map(|(algorithm, trailers)| (algorithm, Claim::Trailer(trailers)));
    if in_header.is_some() && in_trailer.is_some() {
        return Err(Refusal::InvalidRequest("expecting a single x-amz-checksum- header".to_owned()));
    }
    let claim = in_header.or(in_trailer);
    if claim.is_none() && headers.contains_key("x-amz-sdk-checksum-algorithm") {
        return Err(Refusal::InvalidRequest(
            "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers \
             were found"
                .to_owned(),
        ));
    }
    Ok(claim)
}

fn parse_md5(header: &str) -> Result<[u8; 16], Refusal> {
    let bytes = STANDARD.decode(header).map_err(|_| Refusal::InvalidDigest)?;
    bytes.try_into().map_err(|_| Refusal::InvalidDigest)
}
