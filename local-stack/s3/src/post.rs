//! POST Object: an upload by a form whose policy is signed.
//!
//! The crate `s3s` can do this too, but it holds the file in memory, refuses policies older than a quarter of an hour and
//! ignores the field `tagging`. This module streams the file.

mod form;
mod policy;
mod signature;

use axum::body::Body;
use axum::response::Response;
use futures::TryStreamExt as _;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use s3s::dto::{PostResponse, Tagging};
use s3s::xml::{Deserialize as _, Deserializer, Serialize as _, Serializer};
use s3s::{S3Error, StdError};

use self::form::FormFields;
use super::access::Callers;
use super::api::tagging;
use super::checksum::Algorithm;
use super::clock::Moment;
use super::conditions::WriteConditions;
use super::error::{ClientError, StoreError};
use super::events::{CreationReason, EventCause};
use super::needs;
use super::receive::{BodyExpectation, ChecksumSource, receive};
use super::record::{Description, Headers, ObjectPath, ObjectRecord, Tag};
use super::shared_body::SharedBody;
use super::store::Store;

/// Maximum length of a key, in bytes.
const MAX_KEY_BYTES: usize = 1024;

/// Handles uploads by forms.
pub(crate) struct Forms {
    pub(crate) store: Store,
    pub(crate) callers: Callers,
    pub(crate) region: String,
}

/// A request to upload by a form.
pub(crate) struct FormRequest {
    bucket: String,
    boundary: String,
}

/// The form request in an HTTP request. `None` if the request is not a form for a bucket.
pub(crate) fn form_request(parts: &Parts) -> Option<FormRequest> {
    let content_type = parts.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let boundary = multer::parse_boundary(content_type).ok()?;
    let url_path = parts.uri.path().strip_prefix('/')?;
    let bucket =
        percent_decode_str(url_path.strip_suffix('/').unwrap_or(url_path)).decode_utf8().ok()?.into_owned();
    (parts.method == Method::POST && !bucket.is_empty() && !bucket.contains('/'))
        .then_some(FormRequest { bucket, boundary })
}

impl Forms {
    /// Stores one upload.
    pub(crate) async fn upload(
        &self,
        parts: &Parts,
        request: FormRequest,
        body: SharedBody,
        request_id: &str,
    ) -> Result<Response, S3Error> {
        let bucket = request.bucket;
        let checked = bucket.clone();
        self.store.run(move |store| store.check_bucket(&checked)).await?;
        let stream = Body::new(body).into_data_stream();
        let (fields, file) = form::read(multer::Multipart::new(stream, request.boundary)).await?;
        let (policy, guard) = signature::verify(&fields, &self.callers, &self.region)?;
        let size = policy::check(&policy, &fields, &bucket, Moment::now())?;
        let key = fields.required("key")?.to_owned();
        if key.len() > MAX_KEY_BYTES {
            return Err(ClientError::KeyTooLong.into());
        }
        let path = ObjectPath { bucket, key };
        let description = Description { headers: headers(&fields)?, tags: tags(&fields)? };
        for need in needs::writes(&path, &description.tags) {
            guard.require(need)?;
        }
        let expected =
            BodyExpectation { max_bytes: Some(size.max), checksum: checksum(&fields)?, ..Default::default() };
        let file = file.map_err(|error| Box::new(error) as StdError);
        let content = receive(self.store.blobs(), file, expected).await?;
        if content.digest.size < size.min {
            return Err(ClientError::EntityTooSmall { min_bytes: size.min }.into());
        }
        let record = self.commit(path.clone(), content, description, request_id).await?;
        answer(parts, &fields, &path, &record)
    }

    async fn commit(
        &self,
        path: ObjectPath,
        content: super::receive::NewContent,
        description: Description,
        request_id: &str,
    ) -> Result<ObjectRecord, StoreError> {
        let cause = EventCause { region: self.region.clone(), request_id: request_id.to_owned() };
        let conditions = WriteConditions::default();
        self.store
            .run(move |store| {
                store.put_object(&path, content, description, &conditions, CreationReason::PostObject, &cause)
            })
            .await
    }
}

fn headers(fields: &FormFields) -> Result<Headers, ClientError> {
    let text = |name| fields.get(name).map(str::to_owned);
    let expires = fields.get("expires").map(httpdate::parse_http_date).transpose();
    let expires =
        expires.map_err(|_| ClientError::InvalidArgument("the field Expires is not a date".to_owned()))?;
    let seconds =
        |time: std::time::SystemTime| jiff::Timestamp::try_from(time).ok().map(jiff::Timestamp::as_second);
    Ok(Headers {
        content_type: text("content-type"),
        cache_control: text("cache-control"),
        content_disposition: text("content-disposition"),
        content_encoding: text("content-encoding"),
        content_language: text("content-language"),
        expires_s: expires.and_then(seconds),
        metadata: fields.with_prefix("x-amz-meta-"),
    })
}

/// Reads the field `tagging`, which is an XML document.
fn tags(fields: &FormFields) -> Result<Vec<Tag>, ClientError> {
    let Some(document) = fields.get("tagging") else { return Ok(Vec::new()) };
    let mut reader = Deserializer::new(document.as_bytes());
    let document =
        Tagging::deserialize(&mut reader).and_then(|tagging| reader.expect_eof().map(|()| tagging));
    tagging::from_document(
        document.map_err(|_| ClientError::MalformedXml("the field tagging is not a Tagging document"))?,
    )
}

fn checksum(fields: &FormFields) -> Result<Option<(Algorithm, ChecksumSource)>, ClientError> {
    let mut given =
        Algorithm::ALL.into_iter().filter_map(|algorithm| Some((algorithm, fields.get(algorithm.header())?)));
    let Some((algorithm, value)) = given.next() else { return Ok(None) };
    if given.next().is_some() {
        return Err(ClientError::InvalidRequest("expecting a single x-amz-checksum- field".to_owned()));
    }
    algorithm.check_form(value)?;
    Ok(Some((algorithm, ChecksumSource::Header(value.to_owned()))))
}

fn answer(
    parts: &Parts,
    fields: &FormFields,
    path: &ObjectPath,
    record: &ObjectRecord,
) -> Result<Response, S3Error> {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let segments: Vec<String> = path.key.split('/').map(encode).collect();
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let location = format!("http://{host}/{}/{}", path.bucket, segments.join("/"));
    let etag = format!("\"{}\"", record.etag);
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::ETAG, value(&etag)?);
    headers.insert(header::LOCATION, value(&location)?);
    if let Some(redirect) = fields.get("success_action_redirect").or_else(|| fields.get("redirect")) {
        let joint = if redirect.contains('?') { '&' } else { '?' };
        let query =
            format!("bucket={}&key={}&etag={}", encode(&path.bucket), encode(&path.key), encode(&etag));
        headers.insert(header::LOCATION, value(&format!("{redirect}{joint}{query}"))?);
        *response.status_mut() = StatusCode::SEE_OTHER;
        return Ok(response);
    }
    match fields.get("success_action_status") {
        Some("200") => {}
        Some("201") => {
            let document =
                PostResponse { location: &location, bucket: &path.bucket, key: &path.key, etag: &etag };
            let mut text = Vec::new();
            let mut writer = Serializer::new(&mut text);
            writer.decl().and_then(|()| document.serialize(&mut writer)).map_err(S3Error::internal_error)?;
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
            *response.body_mut() = Body::from(text);
            *response.status_mut() = StatusCode::CREATED;
        }
        Some(_) | None => *response.status_mut() = StatusCode::NO_CONTENT,
    }
    Ok(response)
}

fn value(text: &str) -> Result<HeaderValue, ClientError> {
    HeaderValue::from_str(text)
        .map_err(|_| ClientError::InvalidArgument("a field is not fit for a header".to_owned()))
}
