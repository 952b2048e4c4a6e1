//! The credentials that sign requests.

use std::collections::HashMap;

use aws_credential_types::Credentials;
use s3s::S3Result;
use s3s::auth::{S3Auth, SecretKey};

use super::error::ClientError;

/// Secret access keys by access key ID.
pub(crate) struct KnownCredentials(HashMap<String, SecretKey>);

impl KnownCredentials {
    pub(crate) fn new<'a>(pairs: impl IntoIterator<Item = &'a Credentials>) -> Self {
        let pair =
            |one: &Credentials| (one.access_key_id().to_owned(), SecretKey::from(one.secret_access_key()));
        Self(pairs.into_iter().map(pair).collect())
    }
}

#[async_trait::async_trait]
impl S3Auth for KnownCredentials {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        self.0.get(access_key).cloned().ok_or_else(|| ClientError::InvalidAccessKeyId.into())
    }
}
