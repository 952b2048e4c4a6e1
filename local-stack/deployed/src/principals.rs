//! The roles, the distribution and `MediaConvert` as callers of S3 and other APIs.

use std::collections::BTreeMap;

use aws_credential_types::Credentials;
use local_policy::{Call, Caller, Context, Decision, Key, Permissions};
use local_s3::{ACCOUNT, Principal};

use crate::account::new_credentials;
use crate::api_guard::Guard;
use crate::error::DeployError;
use crate::resources::Resources;

/// The roles of functions and the distribution, each with credentials of its own.
pub(crate) struct Principals {
    /// The credentials of roles, by their ARNs.
    pub(crate) roles: BTreeMap<String, Credentials>,
    /// The distribution.
    pub(crate) cdn: Principal,
    /// The ARN of the distribution.
    pub(crate) distribution: Option<String>,
}

impl Principals {
    /// The principals of S3.
    pub(crate) fn all(&self) -> Vec<Principal> {
        let role = |(arn, credentials): (&String, &Credentials)| Principal {
            credentials: credentials.clone(),
            caller: Caller::Role(arn.clone()),
            context: Context::over_tls(),
        };
        self.roles.iter().map(role).chain([self.cdn.clone()]).collect()
    }

    /// The permissions of all of them at other APIs than S3's.
    pub(crate) fn guard(&self, permissions: &Permissions) -> Guard {
        Guard { principals: self.all(), permissions: permissions.clone() }
    }

    /// The credentials of the role that `MediaConvert` may assume. `None` if there is no such role. The local `MediaConvert`
    /// works in one role, whichever a job names.
    pub(crate) fn transcoder(&self, permissions: &Permissions) -> Result<Option<&Credentials>, DeployError> {
        let may_assume = |(arn, _): &(&String, &Credentials)| {
            let call = Call {
                caller: Caller::Service("mediaconvert.amazonaws.com".to_owned()),
                action: "sts:AssumeRole".to_owned(),
                resource: (*arn).clone(),
                context: Context::over_tls().with(Key::SourceAccount, ACCOUNT),
            };
            permissions.decide(&call) == Decision::Allowed
        };
        let mut roles = self.roles.iter().filter(may_assume);
        match (roles.next(), roles.next()) {
            (Some((_, credentials)), None) => Ok(Some(credentials)),
            (None, _) => Ok(None),
            (Some(_), Some((second, _))) => Err(DeployError::property(
                second,
                "a second role that MediaConvert may assume isn't emulated",
            )),
        }
    }
}

/// The principals of a template.
pub(crate) fn principals(resources: Resources<'_>) -> Result<Principals, DeployError> {
    let ids =
        resources.0.of_type("AWS::IAM::Role").map(|(id, _)| Ok((resources.arn(id)?, new_credentials(id))));
    let roles = ids.collect::<Result<_, DeployError>>()?;
    let mut distributions = resources.0.of_type("AWS::CloudFront::Distribution");
    let distribution = distributions.next().map(|(id, _)| resources.arn(id)).transpose()?;
    let mut context = Context::over_tls();
    if let Some(arn) = &distribution {
        context = context.with(Key::SourceArn, arn);
    }
    let caller = Caller::Service("cloudfront.amazonaws.com".to_owned());
    Ok(Principals {
        roles,
        cdn: Principal { credentials: new_credentials("cdn"), caller, context },
        distribution,
    })
}
