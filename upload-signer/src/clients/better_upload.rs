//! The calls of `@better-upload/client` 3: a list of files in, a presigned PUT for each out. Its uploads in parts
//! have no place here: its client completes them by itself, past every limit.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use service::problem::{Kind, Problem};

use super::{File, headers, problem, signed, unread_body};
use crate::error::{Cause, SignError};
use crate::http::asking::{Asking, Refused};
use crate::signing::request::{Method, entry};

#[derive(Deserialize)]
struct Body {
    files: Vec<File>,
}

pub(super) async fn files(asked: Result<Asking, Refused>, body: Result<Bytes, BytesRejection>) -> Response {
    match answer(asked, body) {
        Ok(answer) => Json(answer).into_response(),
        Err(problem) => {
            let error = json!({ "error": { "type": name(problem.kind()), "message": problem.detail() } });
            (problem.kind().status(), Json(error)).into_response()
        }
    }
}

fn answer(asked: Result<Asking, Refused>, body: Result<Bytes, BytesRejection>) -> Result<Value, Problem> {
    let asking = asked.map_err(|refusal| problem(refusal.0))?;
    let body = body.map_err(|rejection| unread_body(&rejection))?;
    let Body { files } = serde_json::from_slice(&body).map_err(|error| problem(super::unread(&error)))?;
    let (count, limit) = (files.len(), asking.signer.policy.max_files);
    if count > limit {
        return Err(problem(SignError::at("files", Cause::TooManyFiles { count, limit })));
    }
    let one = |(index, file): (usize, File)| {
        let upload =
            signed(&asking, &file, Method::Put).map_err(|error| problem(error.within(&entry(index))))?;
        Ok(json!({
            "signedUrl": upload.url,
            "headers": headers(&upload.bound, &["content-type"]),
            "file": {
                "name": file.name, "size": file.size, "type": file.r#type,
                "objectInfo": { "key": upload.key, "metadata": {} },
            },
        }))
    };
    let files = files.into_iter().enumerate().map(one).collect::<Result<Vec<_>, Problem>>()?;
    Ok(json!({ "files": files, "metadata": {} }))
}

/// The client's names of failures.
fn name(kind: Kind) -> &'static str {
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
        | Kind::Unreadable
        | Kind::Busy
        | Kind::StorageUnavailable
        | Kind::DeadlineExceeded
        | Kind::NotImplemented
        | Kind::Internal => "unknown",
    }
}
