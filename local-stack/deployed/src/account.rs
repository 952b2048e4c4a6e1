//! The local account: names, the addresses of its services, and the credentials of roles.

use std::collections::BTreeMap;

use aws_credential_types::Credentials;
use local_edge::invalidation::DISTRIBUTION;
use local_policy::Account;
use local_s3::ACCOUNT;
use serde_json::Value;
use uuid::Uuid;

/// The region of everything.
pub(crate) const REGION: &str = "us-east-1";

/// The addresses of the emulators.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    /// The distribution.
    pub(crate) edge: String,
    /// S3.
    pub(crate) s3: String,
    /// All other APIs.
    pub(crate) aws: String,
}

/// The account in which a template's resources have their names.
pub(crate) fn account(stack: &str, template: &Value) -> Account {
    let resources = template.get("Resources").and_then(Value::as_object);
    let name = |(id, resource): (&String, &Value)| {
        let name = match resource.get("Type")?.as_str()? {
            "AWS::CloudFront::Distribution" => DISTRIBUTION.to_owned(),
            // The only queue of the local MediaConvert.
            "AWS::MediaConvert::Queue" => "Default".to_owned(),
            "AWS::S3::Bucket" if resource.pointer("/Properties/BucketName").is_none() => bucket(stack, id),
            _ => return None,
        };
        Some((id.clone(), name))
    };
    let names: BTreeMap<String, String> = resources.into_iter().flatten().filter_map(name).collect();
    Account { id: ACCOUNT.to_owned(), region: REGION.to_owned(), stack: stack.to_owned(), names }
}

/// The name of a bucket without a name of its own: at most 63 small letters, digits and hyphens.
fn bucket(stack: &str, id: &str) -> String {
    format!("{stack}-{id}").to_ascii_lowercase().chars().take(63).collect()
}

/// New credentials, which only this process knows.
pub(crate) fn new_credentials(name: &str) -> Credentials {
    let secret = Uuid::new_v4().simple().to_string();
    let id = format!("AKIA{}", Uuid::new_v4().simple().to_string().to_ascii_uppercase());
    tracing::debug!(name, id, "credentials");
    Credentials::new(id, secret, None, None, "local")
}
