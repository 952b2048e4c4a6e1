//! The permissions of a request's caller. The owner may do everything, another principal only what the policies of the account allow.

use std::sync::Arc;

use aws_credential_types::Credentials;
use http::Extensions;
use local_policy::{Call, Caller, Context, Decision, Key, Permissions};

use super::error::{ClientError, StoreError};
use super::record::{ObjectPath, ObjectRecord, Tag};

/// A role or a service with its own credentials.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The credentials that sign its requests.
    pub credentials: Credentials,
    /// The role or the service.
    pub caller: Caller,
    /// The values of condition keys that all its calls have.
    pub context: Context,
}

/// The permissions of a request's caller.
#[derive(Clone)]
pub(crate) enum Guard {
    /// Everything.
    Owner,
    /// What the policies allow a principal.
    Other(Arc<Principal>, Arc<Permissions>),
}

/// A permission that a request needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    /// The action, such as `s3:GetObject`.
    pub(crate) action: &'static str,
    /// The ARN of the bucket or object.
    pub(crate) resource: String,
    /// The values of condition keys.
    pub(crate) keys: Vec<(Key, String)>,
}

impl Need {
    pub(crate) fn of_bucket(action: &'static str, bucket: &str) -> Self {
        Self { action, resource: format!("arn:aws:s3:::{bucket}"), keys: Vec::new() }
    }

    pub(crate) fn of_object(action: &'static str, path: &ObjectPath) -> Self {
        Self { action, resource: format!("arn:aws:s3:::{}/{}", path.bucket, path.key), keys: Vec::new() }
    }

    /// The same need, of a request with new tags.
    pub(crate) fn with_new_tags(mut self, tags: &[Tag]) -> Self {
        self.keys.extend(tags.iter().map(|tag| (Key::RequestObjectTag(tag.key.clone()), tag.value.clone())));
        self
    }

    fn call_of(self, principal: &Principal) -> Call {
        let with = |context: Context, (key, value)| context.with(key, value);
        let context = self.keys.into_iter().fold(principal.context.clone(), with);
        let caller = principal.caller.clone();
        Call { caller, action: self.action.to_owned(), resource: self.resource, context }
    }

    fn with_stored_tags(mut self, tags: &[Tag]) -> Self {
        self.keys.extend(tags.iter().map(|tag| (Key::ExistingObjectTag(tag.key.clone()), tag.value.clone())));
        self
    }
}

impl Guard {
    /// The permissions of a request's caller, which the check of access has stored.
    pub(crate) fn of(extensions: &Extensions) -> Result<Self, ClientError> {
        let guard = extensions.get().cloned();
        guard.ok_or_else(|| ClientError::AccessDenied("the request has no caller".to_owned()))
    }

    /// Fails if the caller doesn't have a permission.
    pub(crate) fn require(&self, need: Need) -> Result<(), ClientError> {
        let Self::Other(principal, permissions) = self else { return Ok(()) };
        let call = need.call_of(principal);
        match permissions.decide(&call) {
            Decision::Allowed => Ok(()),
            Decision::Denied => Err(denied(call, "no policy allows it")),
            Decision::ExplicitlyDenied => Err(denied(call, "a policy denies it")),
        }
    }

    /// Passes a found object on if the caller may do `action` with it, in view of its tags. The error of a missing object is
    /// the same as that of one without permission, unless the caller may do `action` with an object without tags, and may list
    /// the bucket.
    pub(crate) fn admit<T>(
        &self,
        action: &'static str,
        path: &ObjectPath,
        found: Result<T, StoreError>,
        record: impl Fn(&T) -> &ObjectRecord,
    ) -> Result<T, StoreError> {
        let need = Need::of_object(action, path);
        match found {
            Ok(found) => {
                self.require(need.with_stored_tags(&record(&found).description.tags))?;
                Ok(found)
            }
            Err(error @ StoreError::Client(ClientError::NoSuchKey)) => {
                self.require(need)?;
                self.require(Need::of_bucket("s3:ListBucket", &path.bucket))?;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }
}

fn denied(call: Call, reason: &str) -> ClientError {
    let Call { caller: Caller::Role(name) | Caller::Service(name), action, resource, context: _ } = call;
    ClientError::AccessDenied(format!("{name} is not authorized to perform {action} on {resource}: {reason}"))
}
