//! POST Object: an upload by a form whose policy is signed.
//!
//! The protocol's crate can do this too, but holds the file in memory, refuses policies older than a quarter of
//! an hour and passes over the field `tagging`; so this is our own, and streams.

mod form;
mod policy;
mod signature;

use aws_credential_types::Credentials;
use axum::body::Body;
use axum::response::Response;
use futures::TryStreamExt as _;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use s3s::dto::{PostResponse, Tagging};
use s3s::xml::{Deserialize as _, Deserializer, Serialize as _, Serializer};
use s3s::{S3Error, StdError};

use self::form::Fields;
use super::api::tagging;
use super::checksum::Algorithm;
use super::clock::Moment;
use super::conditions::WriteConditions;
use super::drain::Tap;
use super::error::{Refusal, StoreError};
use super::events::{Cause, Reason};
use super::receive::{Claim, Expected, receive};
use super::record::{Description, Headers, ObjectRecord, Place, Tag};
use super::store::Store;

/// The most bytes of a key.
const MOST_KEY_BYTES: usize = 1024;

/// Takes uploads by forms.
pub(crate) struct Forms {
    pub(crate) store: Store,
    pub(crate) credentials: Credentials,
    pub(crate) region: String,
}

/// A request that is an upload by a form.
pub(crate) struct FormRequest {
    bucket: String,
    boundary: String,
}

/// Whether a request is a form for a bucket.
pub(crate) fn form_of(parts: &Parts) -> Option<FormRequest> {
    let content_type = parts.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let boundary = multer::parse_boundary(content_type).ok()?;
    let path = parts.uri.path().strip_prefix('/')?;
    let bucket = percent_decode_str(path.strip_suffix('/').unwrap_or(path)).decode_utf8().ok()?.into_owned();
    (parts.method == Method::POST && !bucket.is_empty() && !bucket.contains('/'))
        .then_some(FormRequest { bucket, boundary })
}

impl Forms {
    /// Takes one upload in.
    pub(crate) async fn upload(
        &self,
        parts: &Parts,
        request: FormRequest,
        body: Tap,
        request_id: &str,
    ) -> Result<Response, S3Error> {
        let bucket = request.bucket;
        let checked = bucket.clone();
        self.store.run(move |store| store.check_bucket(&checked)).await?;
        let stream = Body::new(body).into_data_stream();
        let (fields, file) = form::read(multer::Multipart::new(stream, request.boundary)).await?;
        let policy = signature::verify(&fields, &self.credentials)?;
        let size = policy::check(&policy, &fields, &bucket, Moment::now())?;
        let key = fields.required("key")?.to_owned();
        if key.len() > MOST_KEY_BYTES {
            return Err(Refusal::KeyTooLong.into());
        }
        let description = Description { headers: headers(&fields)?, tags: tags(&fields)? };
        let expected = Expected { most: Some(size.most), checksum: checksum(&fields)?, ..Default::default() };
        let file = file.map_err(|error| Box::new(error) as StdError);
        let received = receive(self.store.blobs(), file, expected).await?;
        if received.digest.size < size.least {
            return Err(Refusal::EntityTooSmall { least: size.least }.into());
        }
        let place = Place { bucket, key };
        let record = self.commit(place.clone(), received, description, request_id).await?;
        answer(parts, &fields, &place, &record)
    }

    async fn commit(
        &self,
        place: Place,
        received: super::receive::Received,
        description: Description,
        request_id: &str,
    ) -> Result<ObjectRecord, StoreError> {
        let cause = Cause { region: self.region.clone(), request_id: request_id.to_owned() };
        let conditions = WriteConditions::default();
        self.store
            .run(move |store| {
                store.put_object(&place, received, description, &conditions, Reason::PostObject, &cause)
            })
            .await
    }
}

fn headers(fields: &Fields) -> Result<Headers, Refusal> {
    let text = |name| fields.get(name).map(str::to_owned);
    let expires = fields.get("expires").map(httpdate::parse_http_date).transpose();
    let expires =
        expires.map_err(|_| Refusal::InvalidArgument("the field Expires is not a date".to_owned()))?;
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

/// The field `tagging` is a document.
fn tags(fields: &Fields) -> Result<Vec<Tag>, Refusal> {
    let Some(document) = fields.get("tagging") else { return Ok(Vec::new()) };
    let mut reader = Deserializer::new(document.as_bytes());
    let document =
        Tagging::deserialize(&mut reader).and_then(|tagging| reader.expect_eof().map(|()| tagging));
    tagging::from_document(
        document.map_err(|_| Refusal::MalformedXml("the field tagging is not a Tagging document"))?,
    )
}

fn checksum(fields: &Fields) -> Result<Option<(Algorithm, Claim)>, Refusal> {
    let mut given =
        Algorithm::ALL.into_iter().filter_map(|algorithm| Some((algorithm, fields.get(algorithm.header())?)));
    let Some((algorithm, value)) = given.next() else { return Ok(None) };
    if given.next().is_some() {
        return Err(Refusal::InvalidRequest("expecting a single x-amz-checksum- field".to_owned()));
    }
    algorithm.check_form(value)?;
    Ok(Some((algorithm, Claim::Value(value.to_owned()))))
}

fn answer(parts: &Parts, fields: &Fields, place: &Place, record: &ObjectRecord) -> Result<Response, S3Error> {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let path: Vec<String> = place.key.split('/').map(encode).collect();
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let location = format!("http://{host}/{}/{}", place.bucket, path.join("/"));
    let etag = format!("\"{}\"", record.etag);
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::ETAG, value(&etag)?);
    headers.insert(header::LOCATION, value(&location)?);
    if let Some(redirect) = fields.get("success_action_redirect").or_else(|| fields.get("redirect")) {
        let joint = if redirect.contains('?') { '&' } else { '?' };
        let query =
            format!("bucket={}&key={}&etag={}", encode(&place.bucket), encode(&place.key), encode(&etag));
        headers.insert(header::LOCATION, value(&format!("{redirect}{joint}{query}"))?);
        *response.status_mut() = StatusCode::SEE_OTHER;
        return Ok(response);
    }
    match fields.get("success_action_status") {
        Some("200") => {}
        Some("201") => {
            let document =
                PostResponse { location: &location, bucket: &place.bucket, key: &place.key, etag: &etag };
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

fn value(text: &str) -> Result<HeaderValue, Refusal> {
    HeaderValue::from_str(text)
        .map_err(|_| Refusal::InvalidArgument("a field is not fit for a header".to_owned()))
}
