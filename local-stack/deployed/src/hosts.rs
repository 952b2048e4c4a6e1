//! The services behind the host names of the distribution's origins.

use std::collections::BTreeMap;

use axum::Router;
use local_policy::{Call, Context, Decision, Key, Permissions};

use crate::account::Addresses;
use crate::bucket_origin::BucketOrigin;
use crate::error::DeployError;
use crate::functions::{Functions, urls};
use crate::http_apis::{self, http_apis};
use crate::principals::Principals;
use crate::resources::Resources;

/// The hosts of HTTP APIs.
pub(crate) fn api_hosts(resources: Resources<'_>) -> Result<Vec<String>, DeployError> {
    let apis = resources.0.of_type("AWS::ApiGatewayV2::Api");
    apis.map(|(id, _)| Ok(http_apis::host(&resources.name(id)?))).collect()
}

/// Buckets and HTTP APIs by their hosts.
pub(crate) fn services(
    resources: Resources<'_>,
    functions: &Functions,
    permissions: &Permissions,
    s3: &Router,
    addresses: &Addresses,
    principals: &Principals,
) -> Result<BTreeMap<String, Router>, DeployError> {
    let mut services = http_apis(resources, functions, permissions)?;
    for (id, _) in resources.0.of_type("AWS::S3::Bucket") {
        let origin = BucketOrigin {
            bucket: resources.name(id)?,
            s3: s3.clone(),
            host: addresses.s3.trim_start_matches("http://").to_owned(),
            credentials: principals.cdn.credentials.clone(),
        };
        services.insert(resources.attribute(id, "RegionalDomainName")?, origin.app());
    }
    Ok(services)
}

/// Function URLs by their hosts. One whose policy doesn't let the distribution call it refuses every request.
pub(crate) fn function_urls(
    resources: Resources<'_>,
    functions: &Functions,
    permissions: &Permissions,
    principals: &Principals,
) -> Result<BTreeMap<String, Router>, DeployError> {
    let mut by_host = BTreeMap::new();
    for url in urls(resources, functions)? {
        let function = &url.function.config().arn;
        let may_call = ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"].iter().all(|action| {
            let source = principals.distribution.clone().unwrap_or_default();
            let context = Context::over_tls()
                .with(Key::SourceArn, source)
                .with(Key::FunctionUrlAuthType, "AWS_IAM")
                .with(Key::InvokedViaFunctionUrl, "true");
            let call = Call {
                caller: principals.cdn.caller.clone(),
                action: (*action).to_owned(),
                resource: function.clone(),
                context,
            };
            permissions.decide(&call) == Decision::Allowed
        });
        if !may_call {
            tracing::error!(function, "the function's policy doesn't let the distribution call its URL");
        }
        let refusing = || Router::new().fallback(async || http::StatusCode::FORBIDDEN);
        by_host.insert(url.host, if may_call { url.app } else { refusing() });
    }
    Ok(by_host)
}
