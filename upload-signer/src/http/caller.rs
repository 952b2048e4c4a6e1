//! The caller of an HTTP request.

use std::sync::Arc;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequestParts, RawPathParams};
use http::header;
use http::request::Parts;
use jiff::Timestamp;

use crate::callers::access::Caller;
use crate::error::{Cause, SignError};
use crate::http::api::Api;
use crate::signing::presigned_upload::PresignedUpload;
use crate::signing::request::UploadRequest;
use crate::signing::signer::Signer;

/// An authenticated caller and a signer under the caller's policy.
pub(crate) struct CallerContext {
    pub(crate) caller: Caller,
    pub(crate) signer: Signer,
    pub(crate) now: Timestamp,
}

impl CallerContext {
    /// Signs a request of a client that can't choose the area.
    pub(crate) fn sign(&self, request: UploadRequest) -> Result<PresignedUpload, SignError> {
        let upload = self.signer.sign(self.caller.authorize(request, false)?, self.now)?;
        log_signed(&upload);
        Ok(upload)
    }
}

/// Logs a signed upload, without its signature.
pub(crate) fn log_signed(upload: &PresignedUpload) {
    tracing::info!(key = upload.key, method = upload.method, max_bytes = upload.max_size, "signed");
}

impl FromRequestParts<Arc<Api>> for CallerContext {
    type Rejection = SignError;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, SignError> {
        let path = match RawPathParams::from_request_parts(parts, api).await {
            Ok(path) => Some(path),
            // An unreadable session is an error, not an anonymous caller.
            Err(RawPathParamsRejection::InvalidUtf8InPathParam(_)) => {
                return Err(SignError::whole(Cause::Invalid("the path is not UTF-8")));
            }
            Err(_) => None,
        };
        let session = path.iter().flatten().find(|(name, _)| *name == "session").map(|(_, value)| value);
        let now = (api.signer.clock)();
        let caller = api.access.caller(session, bearer(parts), now).await?;
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
