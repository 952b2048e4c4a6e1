//! The call of Webiny's File Manager: the payload that a resolver of `getPreSignedPostPayload` returns, for
//! `{"name","type","size"}`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use serde_json::{Value, json};
use service::problem::Problem;

use super::file::{File, logged_problem, parse_body};
use crate::error::SignError;
use crate::http::caller::CallerContext;
use crate::signing::presigned_upload::SignedValues;
use crate::signing::request::UploadMethod;

pub(super) async fn payload(
    context: Result<CallerContext, SignError>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match answer(context, &headers, body) {
        Ok(answer) => Json(answer).into_response(),
        Err(problem) => problem.into_response(),
    }
}

fn answer(
    context: Result<CallerContext, SignError>,
    request_headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Value, Problem> {
    let context = context.map_err(logged_problem)?;
    let file: File = parse_body(request_headers, body)?;
    let upload = file.sign(&context, UploadMethod::Post).map_err(logged_problem)?;
    let (SignedValues::Fields(fields) | SignedValues::Headers(fields)) = upload.values;
    Ok(json!({
        "data": { "url": upload.url, "fields": fields },
        "file": {
            "id": upload.id, "key": upload.key, "name": file.name, "size": file.size, "type": file.r#type,
        },
    }))
}
