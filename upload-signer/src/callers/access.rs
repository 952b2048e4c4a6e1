//! Who may ask for uploads, and for which.

use contract::key::Area;
use jiff::{SignedDuration, Timestamp};

use crate::callers::issuer::Issuer;
use crate::callers::session::Session;
use crate::error::{Cause, SignError};
use crate::signing::policy::UploadPolicy;
use crate::signing::request::{UploadRequest, Visibility};
use contract::signing_keys::SigningKeys;

/// How clients make themselves known.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// Whether clients that show nothing are served too: on one machine, and behind a gateway that has checked them.
    pub is_open: bool,
    /// The secrets of sessions, where there are sessions.
    pub sessions: Option<SigningKeys>,
    /// Whose tokens are taken from the header `Authorization`.
    pub issuer: Option<Issuer>,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Anyone.
    Anyone,
    /// The subject of a token.
    Subject(String),
    /// The holder of a session, which may narrow the policy.
    Session(Box<Session>),
}

impl Access {
    /// The caller that a session in the path or a bearer's token proves. What is shown and doesn't hold is a
    /// refusal, even where nothing needs to be shown.
    pub async fn caller(
        &self,
        session: Option<&str>,
        bearer: Option<&str>,
        now: Timestamp,
    ) -> Result<Caller, SignError> {
        if let Some(session) = session {
            let keys = self.sessions.as_ref().ok_or_else(|| forbidden("this signer has no sessions"))?;
            let session = Session::from_token(session, keys, now).map_err(forbidden)?;
            return Ok(Caller::Session(Box::new(session)));
        }
        if let (Some(issuer), Some(bearer)) = (&self.issuer, bearer) {
            return issuer.subject(bearer, now).await.map(Caller::Subject);
        }
        if self.is_open {
            return Ok(Caller::Anyone);
        }
        Err(forbidden("an upload needs a session in its path or a token in the header Authorization"))
    }
}

impl Caller {
    /// Whose uploads these are; empty for anyone's. A backend and an issuer may give one name to two people, so an
    /// upload of a session is never that of a token.
    pub fn owner(&self) -> String {
        match self {
            Self::Anyone => String::new(),
            Self::Subject(owner) => format!("token:{owner}"),
            Self::Session(session) => format!("session:{}", session.owner),
        }
    }

    /// The policy for this caller: never wider than the deployment's.
    pub fn policy(&self, policy: &UploadPolicy, now: Timestamp) -> UploadPolicy {
        match self {
            Self::Anyone | Self::Subject(_) => policy.clone(),
            Self::Session(session) => narrowed(policy, session, now),
        }
    }

    /// Whether files of an area are the caller's business.
    pub fn may_read(&self, area: Area) -> bool {
        match self {
            Self::Anyone | Self::Subject(_) => true,
            Self::Session(session) => session.visibility.is_none_or(|only| only.area() == area),
        }
    }

    /// The request, where its area is open to the caller. A client that can't say an area gets the one it may have.
    pub fn apply_area(&self, request: UploadRequest, says_area: bool) -> Result<UploadRequest, SignError> {
        let only = match self {
            Self::Anyone | Self::Subject(_) => None,
            Self::Session(session) => session.visibility,
        };
        match only {
            Some(only) if says_area && only != request.visibility => Err(not_here(only)),
            Some(visibility) => Ok(UploadRequest { visibility, ..request }),
            None => Ok(request),
        }
    }
}

/// Both what the policy allows and what the session does; nothing that is signed outlives the session.
fn narrowed(policy: &UploadPolicy, session: &Session, now: Timestamp) -> UploadPolicy {
    let left = session.expires.duration_since(now).max(SignedDuration::from_secs(1)).unsigned_abs();
    let lifetime = session.lifetime.unwrap_or(policy.lifetime).min(policy.lifetime).min(left);
    let types = match &session.types {
        None => policy.types.clone(),
        Some(types) => types
            .iter()
            .flat_map(|one| policy.types.iter().filter_map(|other| one.intersection(other)))
            .collect(),
    };
    UploadPolicy {
        types,
        max_bytes: session.max_bytes.map_or(policy.max_bytes, |bytes| bytes.min(policy.max_bytes)),
        max_pixels: policy.max_pixels,
        max_files: session.max_files.map_or(policy.max_files, |files| files.min(policy.max_files)),
        lifetime,
        max_metadata_bytes: policy.max_metadata_bytes,
    }
}

fn forbidden(sentence: &'static str) -> SignError {
    SignError::whole(Cause::Forbidden(sentence))
}

fn not_here(only: Visibility) -> SignError {
    let sentence = match only.area() {
        Area::Private => "this session is for private files alone",
        Area::Files | Area::Videos => "this session is for public files alone",
    };
    SignError::at("visibility", Cause::Forbidden(sentence))
}

#[cfg(test)]
mod tests;
