//! `POST /signed-urls`: links of the image API, signed for whoever may upload.

use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use contract::key::Area;
use contract::link;
use contract::policy::Rules;
use http::HeaderMap;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use service::problem::{Kind, Problem};

use crate::callers::access::Caller;
use crate::error::{Cause, SignError};
use crate::http::asking::{Asking, Refused};
use crate::http::handler::{Api, MAX_BODY_BYTES, must_be_json, refused, unread};
use crate::signing::request::{Fields, text};
use contract::signing_keys::SigningKeys;

/// What links are signed with.
#[derive(Clone, Debug)]
pub struct Links {
    keys: SigningKeys,
    rules: Arc<RwLock<Arc<Rules>>>,
}

impl Links {
    /// The keys, which the edge function has too, and the grammar's rules, of which the presets matter here.
    pub fn new(keys: SigningKeys, rules: Rules) -> Self {
        Self { keys, rules: Arc::new(RwLock::new(Arc::new(rules))) }
    }

    /// Puts other rules in the place of the old ones, for every clone of this.
    pub fn follow(&self, rules: Rules) {
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
    }

    fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The route, to be merged into the signer's.
pub(crate) fn routes() -> Router<Arc<Api>> {
    Router::new().route("/signed-urls", post(answer).fallback(method_not_allowed))
}

/// The body of a request.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    url: String,
    /// In seconds since 1970.
    expires: Option<u32>,
}

#[derive(Serialize)]
struct Signed {
    url: String,
}

#[tracing::instrument(name = "link", skip_all)]
async fn answer(
    asking: Result<Asking, Refused>,
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match link(asking, &api, &headers, body) {
        Ok(url) => axum::Json(Signed { url }).into_response(),
        Err(problem) => {
            tracing::info!(kind = ?problem.kind(), detail = problem.detail(), "refused");
            problem.into_response()
        }
    }
}

fn link(
    asking: Result<Asking, Refused>,
    api: &Api,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<String, Problem> {
    let Some(links) = &api.links else {
        return Err(Problem::new(Kind::NotFound, "this signer has no secret to sign links with"));
    };
    must_be_json(headers)?;
    let Asking { caller, now, .. } = asking.map_err(|refusal| refused(refusal.0))?;
    let body = body.map_err(|rejection| unread(&rejection, MAX_BODY_BYTES))?;
    let asked = Asked::read(&body, now).map_err(refused)?;
    let expires = end(&caller, asked.expires);
    let url = link::sign(&asked.url, expires, &links.rules(), &links.keys)
        .map_err(|error| Problem::new(Kind::BadRequest, format!("url: {error}")).at("url"))?;
    if names_private(&asked.url) && !caller.may_read(Area::Private) {
        let detail = "this session is for public files alone";
        return Err(Problem::new(Kind::Forbidden, detail).at("url"));
    }
    tracing::info!(expires, "signed a link");
    Ok(url)
}

impl Asked {
    fn read(body: &[u8], now: Timestamp) -> Result<Self, SignError> {
        let value = serde_json::from_slice(body)
            .map_err(|error| SignError::whole(Cause::NotJson(error.to_string())))?;
        let mut fields = Fields::of(value).map_err(SignError::whole)?;
        let asked =
            Self { url: fields.required("url", text)?, expires: fields.optional("expires", seconds)? };
        fields.end()?;
        if asked.expires.is_some_and(|end| i64::from(end) <= now.as_second()) {
            return Err(SignError::at("expires", Cause::Invalid("it must lie in the future")));
        }
        Ok(asked)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that all readers of a field have")]
fn seconds(value: Value) -> Result<u32, Cause> {
    let seconds = value.as_u64().and_then(|seconds| u32::try_from(seconds).ok());
    seconds.ok_or(Cause::WrongType("a time in seconds since 1970, a whole number up to 4294967295"))
}

/// Nothing that is signed outlives the session that asked for it.
fn end(caller: &Caller, asked: Option<u32>) -> Option<u32> {
    match caller {
        Caller::Anyone | Caller::Subject(_) => asked,
        Caller::Session(session) => {
            let last = u32::try_from(session.expires.as_second()).unwrap_or(u32::MAX);
            Some(asked.map_or(last, |end| end.min(last)))
        }
    }
}

/// Whether the URL is of a private file, whichever way its path is spelled.
fn names_private(url: &str) -> bool {
    link::key_of_url(url).is_ok_and(|key| key.area() == Area::Private)
}

async fn method_not_allowed() -> Problem {
    Problem::new(Kind::MethodNotAllowed, "links are signed by POST").allowing(["POST"])
}

#[cfg(test)]
mod tests;
