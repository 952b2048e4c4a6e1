//! The HTTP APIs of a deployment.

use std::collections::BTreeMap;

use axum::Router;
use local_lambda::http_api::{self, Route, RouteKey};
use local_policy::{Call, Caller, Context, Decision, Key, Permissions};
use local_s3::ACCOUNT;

use crate::account::REGION;
use crate::error::DeployError;
use crate::functions::Functions;
use crate::properties::{ApiProperties, IntegrationProperties, RouteProperties, StageProperties};
use crate::resources::{Resource, Resources};

/// The host of an API.
pub(crate) fn host(api: &str) -> String {
    format!("{api}.execute-api.{REGION}.amazonaws.com")
}

/// The APIs by their hosts.
pub(crate) fn http_apis(
    resources: Resources<'_>,
    functions: &Functions,
    permissions: &Permissions,
) -> Result<BTreeMap<String, Router>, DeployError> {
    let integrations = resources.of::<IntegrationProperties>("AWS::ApiGatewayV2::Integration")?;
    let routes = resources.of::<RouteProperties>("AWS::ApiGatewayV2::Route")?;
    let stages = resources.of::<StageProperties>("AWS::ApiGatewayV2::Stage")?;
    let mut apis = BTreeMap::new();
    for Resource { id, properties } in resources.of::<ApiProperties>("AWS::ApiGatewayV2::Api")? {
        if properties.protocol_type != "HTTP" {
            return Err(DeployError::property(&id, format!("{} isn't emulated", properties.protocol_type)));
        }
        let api = resources.name(&id)?;
        let is_staged = |stage: &Resource<StageProperties>| {
            stage.properties.api_id == api && stage.properties.stage_name == "$default"
        };
        if !stages.iter().any(is_staged) {
            return Err(DeployError::property(&id, "only the stage $default is emulated"));
        }
        let mut served = Vec::new();
        for route in routes.iter().filter(|route| route.properties.api_id == api) {
            served.extend(read_route(resources, route, &integrations, functions, permissions)?);
        }
        let host = host(&api);
        apis.insert(host.clone(), http_api::app(&host, served));
    }
    Ok(apis)
}

/// A route. `None` if the function's policy doesn't let the API call it.
fn read_route(
    resources: Resources<'_>,
    route: &Resource<RouteProperties>,
    integrations: &[Resource<IntegrationProperties>],
    functions: &Functions,
    permissions: &Permissions,
) -> Result<Option<Route>, DeployError> {
    let Resource { id, properties: RouteProperties { api_id, authorization_type, route_key, target } } =
        route;
    if authorization_type.as_deref().is_some_and(|kind| kind != "NONE") {
        return Err(DeployError::property(id, "authorizers aren't emulated"));
    }
    let key = RouteKey::parse(route_key);
    let key =
        key.ok_or_else(|| DeployError::property(id, format!("the route {route_key} isn't emulated")))?;
    let mut found = None;
    for integration in integrations {
        if target.strip_prefix("integrations/") == Some(resources.name(&integration.id)?.as_str()) {
            found = Some(integration);
        }
    }
    let integration = found.ok_or_else(|| DeployError::property(id, format!("there is no {target}")))?;
    let IntegrationProperties { integration_type, integration_uri, payload_format_version, .. } =
        &integration.properties;
    if integration_type != "AWS_PROXY"
        || payload_format_version != "2.0"
        || integration.properties.api_id != *api_id
    {
        let reason = "only functions with the payload format 2.0 are emulated as integrations";
        return Err(DeployError::property(&integration.id, reason));
    }
    let function = functions.get(id, integration_uri)?;
    let path = route_key.split_once(' ').map_or("", |(_, path)| path);
    let source = format!("arn:aws:execute-api:{REGION}:{ACCOUNT}:{api_id}/$default/POST{path}");
    let call = Call {
        caller: Caller::Service("apigateway.amazonaws.com".to_owned()),
        action: "lambda:InvokeFunction".to_owned(),
        resource: function.config().arn.clone(),
        context: Context::over_tls().with(Key::SourceArn, source),
    };
    if permissions.decide(&call) != Decision::Allowed {
        tracing::error!(route = id, "the function's policy doesn't let the API call it");
        return Ok(None);
    }
    Ok(Some(Route { key, function: function.clone() }))
}
