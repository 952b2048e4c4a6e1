//! The callers that the server knows, and the check of each request before its operation begins.

use std::sync::Arc;

use aws_credential_types::Credentials;
use local_policy::Permissions;
use s3s::S3Result;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};

use super::error::ClientError;
use super::guard::{Guard, Principal};
use super::needs::Operation;
use super::record::ObjectPath;

/// The owner and all principals with their permissions.
#[derive(Clone)]
pub(crate) struct Callers(Arc<Known>);

struct Known {
    owner: Credentials,
    principals: Vec<Arc<Principal>>,
    permissions: Arc<Permissions>,
}

impl Callers {
    pub(crate) fn new(owner: Credentials, principals: Vec<Principal>, permissions: Permissions) -> Self {
        let principals = principals.into_iter().map(Arc::new).collect();
        Self(Arc::new(Known { owner, principals, permissions: Arc::new(permissions) }))
    }

    /// The credentials with an access key id, and what their holder may do.
    pub(crate) fn find(&self, access_key_id: &str) -> Option<(&Credentials, Guard)> {
        let Known { owner, principals, permissions } = &*self.0;
        if owner.access_key_id() == access_key_id {
            return Some((owner, Guard::Owner));
        }
        let principal = principals.iter().find(|one| one.credentials.access_key_id() == access_key_id)?;
        Some((&principal.credentials, Guard::Other(Arc::clone(principal), Arc::clone(permissions))))
    }
}

#[async_trait::async_trait]
impl S3Auth for Callers {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        let (credentials, _) = self.find(access_key).ok_or(ClientError::InvalidAccessKeyId)?;
        Ok(SecretKey::from(credentials.secret_access_key()))
    }
}

#[async_trait::async_trait]
impl S3Access for Callers {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        let denied = || ClientError::AccessDenied("access denied".to_owned());
        let credentials = context.credentials().ok_or_else(denied)?;
        let (_, guard) = self.find(&credentials.access_key).ok_or(ClientError::InvalidAccessKeyId)?;
        if matches!(guard, Guard::Other(..)) {
            let path = context.s3_path();
            let of_bucket = path.as_bucket().map(|bucket| (bucket, ""));
            let (bucket, key) = path.as_object().or(of_bucket).unwrap_or_default();
            let path = ObjectPath { bucket: bucket.to_owned(), key: key.to_owned() };
            let (name, uri, headers) = (context.s3_op().name(), context.uri(), context.headers());
            for need in (Operation { name, path, uri, headers }).needs()?.ok_or_else(denied)? {
                guard.require(need)?;
            }
        }
        context.extensions_mut().insert(guard);
        Ok(())
    }
}
