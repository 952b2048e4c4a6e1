//! Names and credentials of the local AWS account.

use aws_credential_types::Credentials;

/// The access key ID of the owner. The local S3 listens on the loopback interface only.
pub const ACCESS_KEY_ID: &str = "tintype";

/// The owner's secret access key.
pub const SECRET_ACCESS_KEY: &str = "tintype-local";

/// The region of all emulated services.
pub const REGION: &str = "us-east-1";

/// The bucket of originals.
pub const ORIGINALS: &str = "tintype-originals";

/// The bucket of variants.
pub const VARIANTS: &str = "tintype-variants";

/// The owner's credentials.
pub fn owner() -> Credentials {
    Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "local")
}
