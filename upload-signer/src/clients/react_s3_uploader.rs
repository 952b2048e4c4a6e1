//! The call of `react-s3-uploader` 5: `GET …?objectName&contentType` for a presigned PUT.
//!
//! A PUT is bound to a size, which the client doesn't send by itself, so `signingUrlQueryParams` must add `size`.
//! `uploadRequestHeaders={{}}` keeps the client from adding a header that isn't signed.

use axum::Json;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use service::problem::Problem;

use super::file::{File, headers, logged_problem};
use crate::error::{Cause, SignError};
use crate::http::caller::CallerContext;
use crate::signing::request::UploadMethod;

pub(super) async fn sign(
    context: Result<CallerContext, SignError>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    match answer(context, &query) {
        Ok(answer) => Json(answer).into_response(),
        Err(problem) => problem.into_response(),
    }
}

fn answer(context: Result<CallerContext, SignError>, query: &[(String, String)]) -> Result<Value, Problem> {
    let context = context.map_err(logged_problem)?;
    let file = file(query).map_err(logged_problem)?;
    let upload = file.sign(&context, UploadMethod::Put).map_err(logged_problem)?;
    Ok(json!({
        "signedUrl": upload.url,
        "publicUrl": upload.public_url,
        "filename": file.name,
        "fileKey": upload.key,
        "headers": headers(&upload.values, &[]),
    }))
}

fn file(query: &[(String, String)]) -> Result<File, SignError> {
    let value = |name: &str| {
        let pair = query.iter().find(|(candidate, _)| candidate == name);
        pair.map(|(_, value)| value.clone()).ok_or_else(|| SignError::at(name, Cause::Missing))
    };
    let size = value("size")?;
    let size =
        size.parse().map_err(|_| SignError::at("size", Cause::WrongType("a whole number of bytes")))?;
    Ok(File { name: value("objectName")?, size, r#type: value("contentType")? })
}
