//! Compression of playlists, as CloudFront compresses them.

use std::io::Write as _;

use axum::body::Body;
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, StatusCode, header};

/// The sizes of responses that CloudFront compresses, in bytes (developer guide, "Serve compressed files").
const COMPRESSED_BYTES: std::ops::RangeInclusive<u64> = 1_000..=10_000_000;

/// A response, compressed by gzip if its viewer accepts that and CloudFront would do it. Its entity tag becomes a weak one.
/// `Vary` says for every viewer that the response depends on `Accept-Encoding`.
pub(crate) async fn compressed(mut response: Response, viewer: &HeaderMap) -> Response {
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    let length = response.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let length = length.and_then(|length| length.parse().ok());
    let is_compressed = response.status() == StatusCode::OK
        && length.is_some_and(|length| COMPRESSED_BYTES.contains(&length))
        && !response.headers().contains_key(header::CONTENT_ENCODING)
        && accepts_gzip(viewer);
    if !is_compressed {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let limit = usize::try_from(*COMPRESSED_BYTES.end()).unwrap_or(usize::MAX);
    let bytes = match axum::body::to_bytes(body, limit).await {
        Ok(bytes) => gzip(&bytes),
        Err(error) => Err(std::io::Error::other(error)),
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => {
            tracing::error!(%error, "an origin ended its response too early");
            parts.status = StatusCode::BAD_GATEWAY;
            return Response::from_parts(parts, Body::empty());
        }
    };
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    let etag = parts.headers.get(header::ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
    if let Some(etag) = etag.filter(|etag| !etag.starts_with("W/"))
        && let Ok(weak) = HeaderValue::from_str(&format!("W/{etag}"))
    {
        parts.headers.insert(header::ETAG, weak);
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn accepts_gzip(viewer: &HeaderMap) -> bool {
    let values = viewer.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|encoding| {
        let (name, quality) = encoding.split_once(';').unwrap_or((encoding, ""));
        let is_refused = quality.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !is_refused
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;

    #[tokio::test]
    async fn a_playlist_is_compressed_for_viewers_that_accept_it() {
        let playlist = "#EXTINF:4.0,\nvideo_00001.mp4\n".repeat(100);
        let check = async |text: &str, accept: &str, expected: bool| {
            let mut viewer = HeaderMap::new();
            viewer.insert("accept-encoding", accept.parse().unwrap());
            let response = Response::builder().header("etag", "\"a\"").header("content-length", text.len());
            let response = compressed(response.body(Body::from(text.to_owned())).unwrap(), &viewer).await;
            let is_compressed =
                response.headers().get("content-encoding").is_some_and(|value| value == "gzip");
            assert_eq!(is_compressed, expected, "{accept}: {} bytes", text.len());
            assert_eq!(response.headers()["vary"], "Accept-Encoding", "{accept}: {} bytes", text.len());
            assert_eq!(response.headers()["etag"], if expected { "W/\"a\"" } else { "\"a\"" });
            let length: usize = response.headers()["content-length"].to_str().unwrap().parse().unwrap();
            let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
            assert_eq!(bytes.len(), length);
            if expected {
                assert!(bytes.len() < text.len() / 10, "{} bytes", bytes.len());
                let mut decoded = String::new();
                GzDecoder::new(&bytes[..]).read_to_string(&mut decoded).unwrap();
                assert_eq!(decoded, text);
            } else {
                assert_eq!(bytes, text);
            }
        };
        check(&playlist, "br, gzip", true).await;
        check(&playlist, "gzip;q=0.5", true).await;
        check(&playlist, "gzip;q=0", false).await;
        check(&playlist, "identity", false).await;
        check("#EXTM3U", "gzip", false).await;
    }
}
