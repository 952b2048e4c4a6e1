//! The one pair of credentials.

use aws_credential_types::Credentials;
use s3s::S3Result;
use s3s::auth::{S3Auth, SecretKey};

use super::error::Refusal;

/// Knows the secret of one access key.
pub(crate) struct OnePair {
    access_key_id: String,
    secret: SecretKey,
}

impl OnePair {
    pub(crate) fn new(credentials: &Credentials) -> Self {
        Self {
            access_key_id: credentials.access_key_id().to_owned(),
            secret: SecretKey::from(credentials.secret_access_key()),
        }
    }
}

#[async_trait::async_trait]
impl S3Auth for OnePair {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        if access_key == self.access_key_id {
            Ok(self.secret.clone())
        } else {
            Err(Refusal::InvalidAccessKeyId.into())
        }
    }
}
