//! The roles of the deployment and its CDN, each with credentials of its own and with the permissions that the deployment's template
//! gives it.

use aws_credential_types::Credentials;
use local_edge::invalidation::DISTRIBUTION;
use local_policy::{Caller, Context, Key, Permissions, PolicyError};
use local_s3::{ACCOUNT, Principal};
use uuid::Uuid;

use super::names::ACCESS_KEY_ID;

/// The policies of the deployment's template, in the names of the local account. `UPDATE=1 ./test permissions` writes them.
const PERMISSIONS: &str = include_str!("../../../deploy/permissions.json");

/// The roles of the deployment and its CDN.
#[derive(Clone, Debug)]
pub struct Principals {
    /// The CDN, which reads both buckets.
    pub cdn: Principal,
    /// The resize service.
    pub resizer: Principal,
    /// The function that keeps variants and renditions up to date with their originals.
    pub upkeep: Principal,
    /// The upload signer. Presigned uploads have its permissions.
    pub signer: Principal,
    /// The finaliser.
    pub finalizer: Principal,
    /// The transcoding trigger.
    pub trigger: Principal,
    /// The sender of messages to the webhook.
    pub webhook: Principal,
    /// `MediaConvert`, in the role that the trigger hands to it.
    pub transcoder: Principal,
    /// The policies of all of them, and of the resources that they use.
    pub permissions: Permissions,
}

impl Principals {
    /// New credentials, which only this process knows, with the permissions of the deployment.
    pub fn new() -> Result<Self, PolicyError> {
        let malformed = |error: serde_json::Error| PolicyError::Malformed("JSON", error.to_string());
        Self::with_permissions(Permissions::parse(&serde_json::from_str(PERMISSIONS).map_err(malformed)?)?)
    }

    /// New credentials, which only this process knows, with other permissions.
    pub fn with_permissions(permissions: Permissions) -> Result<Self, PolicyError> {
        let role = |name: &str| {
            let arn = role_arn(name);
            if !permissions.has_role(&arn) {
                return Err(PolicyError::Unknown("role", arn));
            }
            Ok(principal(name, Caller::Role(arn), Context::over_tls()))
        };
        let source = format!("arn:aws:cloudfront::{ACCOUNT}:distribution/{DISTRIBUTION}");
        let context = Context::over_tls().with(Key::SourceArn, source);
        Ok(Self {
            cdn: principal("Cdn", Caller::Service("cloudfront.amazonaws.com".to_owned()), context),
            resizer: role("DeliveryResizeRole")?,
            upkeep: role("DeliveryUpkeepRole")?,
            signer: role("UploadSignerRole")?,
            finalizer: role("UploadFinalizerRole")?,
            trigger: role("VideoTriggerRole")?,
            webhook: role("WebhookNotifierRole")?,
            transcoder: role(TRANSCODER)?,
            permissions,
        })
    }

    /// All of them.
    pub fn all(&self) -> Vec<Principal> {
        let Self { cdn, resizer, upkeep, signer, finalizer, trigger, webhook, transcoder, permissions: _ } =
            self;
        [cdn, resizer, upkeep, signer, finalizer, trigger, webhook, transcoder].map(Principal::clone).to_vec()
    }
}

/// The role that the trigger hands to `MediaConvert`.
const TRANSCODER: &str = "VideoTranscoder";

/// The ARN of the role that the trigger hands to `MediaConvert`.
pub fn transcoder_arn() -> String {
    role_arn(TRANSCODER)
}

fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

fn principal(name: &str, caller: Caller, context: Context) -> Principal {
    let secret = Uuid::new_v4().simple().to_string();
    let credentials = Credentials::new(format!("{ACCESS_KEY_ID}-{name}"), secret, None, None, "local");
    Principal { credentials, caller, context }
}
