//! Who asks, as a request shows it.

use std::sync::Arc;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::response::{IntoResponse, Response};
use http::header;
use http::request::Parts;
use jiff::Timestamp;

use super::handler::{Api, refused};
use crate::callers::access::Caller;
use crate::error::{Cause, SignError};
use crate::signing::signer::Signer;

/// A caller that may ask, and the signer under the policy for it.
pub(crate) struct Asking {
    pub(crate) caller: Caller,
    pub(crate) signer: Signer,
    pub(crate) now: Timestamp,
}

/// Why a caller may not ask.
#[derive(Debug)]
pub(crate) struct Refused(pub(crate) SignError);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        refused(self.0).into_response()
    }
}

impl FromRequestParts<Arc<Api>> for Asking {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Refused> {
        let path = match RawPathParams::from_request_parts(parts, api).await {
            Ok(path) => Some(path),
            // A session that can't be read must not count as none.
            Err(RawPathParamsRejection::InvalidUtf8InPathParam(_)) => {
                return Err(Refused(SignError::whole(Cause::Invalid("the path is no UTF-8"))));
            }
            Err(_) => None,
        };
        let session = path.iter().flatten().find(|(name, _)| *name == "session").map(|(_, value)| value);
        let now = (api.signer.clock)();
        let caller = api.access.caller(session, bearer(parts), now).await.map_err(Refused)?;
        let policy = caller.policy(&api.signer.policy, now);
        Ok(Self { caller, signer: Signer { policy, ..api.signer.clone() }, now })
    }
}

/// The token of the header `Authorization: Bearer <token>`.
fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim())
}
