//! The authentication of callers, and the policy for each.

use contract::key::Area;
use jiff::{SignedDuration, Timestamp};

use crate::callers::issuer::{Issuer, Subject};
use crate::callers::session::Session;
use crate::error::{Cause, SignError};
use crate::signing::owner::Owner;
use crate::signing::policy::UploadPolicy;
use crate::signing::request::{UploadRequest, Visibility};
use contract::signing_keys::SigningKeys;

/// The accepted proofs of a caller's identity.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// `true` if anonymous callers are allowed: on one machine, or behind a gateway that checks callers.
    pub is_open: bool,
    /// `true` if anonymous callers may change and delete files without an owner: on one machine.
    pub anonymous_may_change: bool,
    /// The secrets of sessions; `None` if sessions are not accepted.
    pub sessions: Option<SigningKeys>,
    /// The issuer of tokens in the header `Authorization`; `None` if they are ignored.
    pub issuer: Option<Issuer>,
}

/// The caller of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A caller without a token.
    Anonymous,
    /// The subject of an issuer's token.
    Subject(Subject),
    /// The holder of a session.
    Session(Box<Session>),
}

impl Access {
    /// Authenticates a caller by the session in the path or by a bearer token. An invalid session or token is an error even
    /// if anonymous callers are allowed.
    pub async fn caller(
        &self,
        session: Option<&str>,
        bearer: Option<&str>,
        now: Timestamp,
    ) -> Result<Caller, SignError> {
        if let Some(session) = session {
            let keys =
                self.sessions.as_ref().ok_or_else(|| SignError::forbidden("this signer has no sessions"))?;
            let session = Session::from_token(session, keys, now).map_err(SignError::forbidden)?;
            return Ok(Caller::Session(Box::new(session)));
        }
        if let (Some(issuer), Some(bearer)) = (&self.issuer, bearer) {
            return issuer.subject(bearer, now).await.map(Caller::Subject);
        }
        if self.is_open {
            return Ok(Caller::Anonymous);
        }
        Err(SignError::forbidden(
            "an upload needs a session in its path or a token in the header Authorization",
        ))
    }
}

impl Caller {
    /// The owner of the caller's uploads; empty for an anonymous caller. The prefixes separate the names of sessions from
    /// those of tokens, because a backend and an issuer may use the same name for two people.
    pub fn owner(&self) -> String {
        match self {
            Self::Anonymous => String::new(),
            Self::Subject(subject) => format!("token:{}", subject.name),
            Self::Session(session) => format!("session:{}", session.owner),
        }
    }

    /// The policy for this caller, which is never wider than that of the deployment.
    pub fn policy(&self, policy: &UploadPolicy, now: Timestamp) -> UploadPolicy {
        match self {
            Self::Anonymous | Self::Subject(_) => policy.clone(),
            Self::Session(session) => narrow(policy, session, now),
        }
    }

    /// The owner of the caller's uploads in their tags; `None` for an anonymous caller.
    pub fn owner_tag(&self) -> Option<Owner> {
        match self {
            Self::Anonymous => None,
            Self::Subject(_) | Self::Session(_) => Some(Owner::new(&self.owner())),
        }
    }

    /// `true` if the caller may read files of an area.
    pub fn may_read(&self, area: Area) -> bool {
        match self {
            Self::Anonymous | Self::Subject(_) => true,
            Self::Session(session) => session.visibility.is_none_or(|only| only.area() == area),
        }
    }

    /// `true` if the caller may read every private file, regardless of its owner.
    pub fn reads_all(&self) -> bool {
        match self {
            Self::Anonymous => false,
            Self::Subject(subject) => subject.reads_all,
            Self::Session(session) => session.reads_all,
        }
    }

    /// `true` if the caller may change and delete every file of the library, regardless of its owner.
    pub fn writes_all(&self) -> bool {
        match self {
            Self::Anonymous => false,
            Self::Subject(subject) => subject.writes_all,
            Self::Session(session) => session.writes_all,
        }
    }

    /// `true` if the caller may read a private file with this owner, which is `None` for a file without an owner. An
    /// anonymous caller may read the files of anonymous callers: the operator then decides in front of the signer who
    /// may call it.
    pub fn may_read_private(&self, owner: Option<&Owner>) -> bool {
        self.may_read(Area::Private) && (self.reads_all() || self.owner_tag().as_ref() == owner)
    }

    /// Makes the caller the owner of a request and checks its area. A client that doesn't choose the area gets the only one
    /// that is allowed.
    pub fn authorize(&self, request: UploadRequest, chooses_area: bool) -> Result<UploadRequest, SignError> {
        let only = match self {
            Self::Anonymous | Self::Subject(_) => None,
            Self::Session(session) => session.visibility,
        };
        let request = UploadRequest { owner: self.owner_tag(), ..request };
        match only {
            Some(only) if chooses_area && only != request.visibility => Err(other_area(only)),
            Some(visibility) => Ok(UploadRequest { visibility, ..request }),
            None => Ok(request),
        }
    }
}

/// The intersection of a policy and the limits of a session. No signature outlives the session.
fn narrow(policy: &UploadPolicy, session: &Session, now: Timestamp) -> UploadPolicy {
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

fn other_area(only: Visibility) -> SignError {
    let sentence = match only.area() {
        Area::Private | Area::PrivateVideos => "this session allows only private files",
        Area::Files | Area::Videos => "this session allows only public files",
    };
    SignError::at("visibility", Cause::Forbidden(sentence))
}

#[cfg(test)]
mod tests;
