//! The call of `react-s3-uploader` 5: `GET …?objectName&contentType` for a presigned PUT. It doesn't say the size,
//! which a PUT is bound to, so `signingUrlQueryParams` must add `size`; and `uploadRequestHeaders={{}}` keeps it from
//! adding a header of its own that isn't signed.

use axum::Json;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use service::problem::Problem;

use super::{File, headers, problem, signed};
use crate::error::{Cause, SignError};
use crate::http::asking::{Asking, Refused};
use crate::signing::request::Method;

pub(super) async fn sign(
    asked: Result<Asking, Refused>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    match answer(asked, &query) {
        Ok(answer) => Json(answer).into_response(),
        Err(problem) => problem.into_response(),
    }
}

fn answer(asked: Result<Asking, Refused>, query: &[(String, String)]) -> Result<Value, Problem> {
    let asking = asked.map_err(|refusal| problem(refusal.0))?;
    let file = file(query).map_err(problem)?;
    let upload = signed(&asking, &file, Method::Put).map_err(problem)?;
    Ok(json!({
        "signedUrl": upload.url,
        "publicUrl": upload.public_url,
        "filename": file.name,
        "fileKey": upload.key,
        "headers": headers(&upload.bound, &[]),
    }))
}

fn file(query: &[(String, String)]) -> Result<File, SignError> {
    let value = |name: &str| {
        let found = query.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone());
        found.ok_or_else(|| SignError::at(name, Cause::Missing))
    };
    let size = value("size")?;
    let size =
        size.parse().map_err(|_| SignError::at("size", Cause::WrongType("a whole number of bytes")))?;
    Ok(File { name: value("objectName")?, size, r#type: value("contentType")? })
}
