//! The roles of the deployment and its CDN, each with credentials of its own and with the permissions that the deployment's template
//! gives it.

use aws_credential_types::Credentials;
use cdn_config::policy::Keep;
use contract::signing_keys::SigningKeys;
use local_deployed::api_guard::Guard;
use local_edge::invalidation::DISTRIBUTION;
use local_policy::{Caller, Context, Key, Permissions, PolicyError};
use local_s3::{ACCOUNT, Principal};
use serde_json::Value;

use super::names::ACCESS_KEY_ID;

/// The policies of the deployment's template for each value of `delivery.keep`, in the names of the local account.
/// `UPDATE=1 ./test permissions` writes them.
const PERMISSIONS: &str = include_str!("../../../deploy/permissions.json");

/// The roles of the deployment and its CDN.
#[derive(Clone, Debug)]
pub struct Principals {
    /// The CDN, which reads the bucket of originals and, if every variant is stored, that of variants.
    pub cdn: Principal,
    /// The keeper of the library's records.
    pub keeper: Principal,
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
    /// The permissions are those of a deployment that stores these variants, with every part. The credentials follow from a secret, so
    /// that what they have signed stays valid over a restart.
    pub fn new(keep: Keep, secret: &SigningKeys) -> Result<Self, PolicyError> {
        let permissions = Permissions::parse(&permissions(keep)?)?;
        let principal = |name: &str, caller, context| principal(secret, name, caller, context);
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
            keeper: role("LibraryKeeperRole")?,
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
        let Self {
            cdn,
            keeper,
            resizer,
            upkeep,
            signer,
            finalizer,
            trigger,
            webhook,
            transcoder,
            permissions: _,
        } = self;
        [cdn, keeper, resizer, upkeep, signer, finalizer, trigger, webhook, transcoder]
            .map(Principal::clone)
            .to_vec()
    }

    /// Their permissions at other APIs than S3's.
    pub fn guard(&self) -> Guard {
        Guard { principals: self.all(), permissions: self.permissions.clone() }
    }
}

/// The role that the trigger hands to `MediaConvert`.
const TRANSCODER: &str = "VideoTranscoder";

/// The ARN of the role that the trigger hands to `MediaConvert`.
pub fn transcoder_arn() -> String {
    role_arn(TRANSCODER)
}

fn permissions(keep: Keep) -> Result<Value, PolicyError> {
    let malformed = |error: serde_json::Error| PolicyError::Malformed("JSON", error.to_string());
    let mut documents: Value = serde_json::from_str(PERMISSIONS).map_err(malformed)?;
    Ok(documents.get_mut(keep.name()).map(Value::take).unwrap_or_default())
}

fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

fn principal(secret: &SigningKeys, name: &str, caller: Caller, context: Context) -> Principal {
    let key =
        secret.mac(name.as_bytes()).iter().fold(String::new(), |key, byte| key + &format!("{byte:02x}"));
    let credentials = Credentials::new(format!("{ACCESS_KEY_ID}-{name}"), key, None, None, "local");
    Principal { credentials, caller, context }
}
