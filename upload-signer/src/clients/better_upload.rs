//! The calls of `@better-upload/client` 3: a request lists files, and the response has a presigned PUT for each. Its
//! multipart uploads are not supported: the client completes them itself, so no size limit would hold.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};
use service::problem::{Kind, Problem};

use super::file::{File, headers, logged_problem, parse_body};
use crate::error::{Cause, SignError};
use crate::http::caller::CallerContext;
use crate::signing::request::{UploadMethod, field_of_file};

#[derive(Deserialize)]
struct Body {
    files: Vec<File>,
}

pub(super) async fn files(
    context: Result<CallerContext, SignError>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match sign(context, &headers, body) {
        Ok(answer) => Json(answer).into_response(),
        Err(problem) => {
            let error = json!({ "error": { "type": name(problem.kind()), "message": problem.detail() } });
            (problem.kind().status(), Json(error)).into_response()
        }
    }
}

fn sign(
    context: Result<CallerContext, SignError>,
    request_headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Value, Problem> {
    let context = context.map_err(logged_problem)?;
    let Body { files } = parse_body(request_headers, body)?;
    let (count, limit) = (files.len(), context.signer.policy.max_files);
    if count > limit {
        return Err(logged_problem(SignError::at("files", Cause::TooManyFiles { count, limit })));
    }
    let sign_one = |(index, file): (usize, File)| {
        let upload = file
            .sign(&context, UploadMethod::Put)
            .map_err(|error| logged_problem(error.within(&field_of_file(index))))?;
        Ok(json!({
            "signedUrl": upload.url,
            "headers": headers(&upload.values, &["content-type"]),
            "file": {
                "name": file.name, "size": file.size, "type": file.r#type,
                "objectInfo": { "key": upload.key, "metadata": {} },
            },
        }))
    };
    let files = files.into_iter().enumerate().map(sign_one).collect::<Result<Vec<_>, Problem>>()?;
    Ok(json!({ "files": files, "metadata": {} }))
}

/// The client's name of a kind of problem.
pub(crate) fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::UnsupportedType => "invalid_file_type",
        Kind::TooLarge => "file_too_large",
        Kind::Forbidden => "rejected",
        Kind::BadRequest
        | Kind::NotFound
        | Kind::Missing
        | Kind::Expired
        | Kind::MethodNotAllowed
        | Kind::Conflict
        | Kind::OversizedOriginal
        | Kind::Unreadable
        | Kind::Busy
        | Kind::StorageUnavailable
        | Kind::DeadlineExceeded
        | Kind::NotImplemented
        | Kind::Internal => "unknown",
    }
}
