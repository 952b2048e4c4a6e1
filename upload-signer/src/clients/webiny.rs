//! The payload of Webiny's File Manager, `getPreSignedPostPayload`: what a resolver of it returns, for
//! `{"name","type","size"}`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use service::problem::Problem;

use super::{File, problem, signed, unread_body};
use crate::http::asking::{Asking, Refused};
use crate::signing::answer::Bound;
use crate::signing::request::Method;

pub(super) async fn payload(asked: Result<Asking, Refused>, body: Result<Bytes, BytesRejection>) -> Response {
    match answer(asked, body) {
        Ok(answer) => Json(answer).into_response(),
        Err(problem) => problem.into_response(),
    }
}

fn answer(asked: Result<Asking, Refused>, body: Result<Bytes, BytesRejection>) -> Result<Value, Problem> {
    let asking = asked.map_err(|refusal| problem(refusal.0))?;
    let body = body.map_err(|rejection| unread_body(&rejection))?;
    let file: File = serde_json::from_slice(&body).map_err(|error| problem(super::unread(&error)))?;
    let upload = signed(&asking, &file, Method::Post).map_err(problem)?;
    let (Bound::Fields(fields) | Bound::Headers(fields)) = upload.bound;
    Ok(json!({
        "data": { "url": upload.url, "fields": fields },
        "file": {
            "id": upload.id, "key": upload.key, "name": file.name, "size": file.size, "type": file.r#type,
        },
    }))
}
