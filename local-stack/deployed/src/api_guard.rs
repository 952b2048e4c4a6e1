//! Permissions of the calls to `MediaConvert`, CloudFront, EventBridge, SQS, Secrets Manager and `DynamoDB`. The owner may do everything, the
//! roles of the deployment what its template allows them.
//!
//! The signature's scope says who calls which service. Whether the signature is valid, the API itself checks.
//!
//! Both local stacks use it: that of a template, and `tintype local`.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use http::{StatusCode, header};
use local_events::put_events::BUS;
use local_media_convert::default_queue_arn;
use local_policy::{Call, Decision, Key, Permissions};
use local_s3::{ACCOUNT, Principal};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::account::REGION;

/// The largest accepted body, in bytes.
const MAX_BODY_BYTES: usize = 1 << 20;

/// The service that gets a role with a job.
const MEDIA_CONVERT: &str = "mediaconvert.amazonaws.com";

/// A permission that a call needs: the action, the resource and the values of condition keys.
type Need = (&'static str, String, Vec<(Key, String)>);

/// The callers that have only what policies allow them, and these policies.
#[derive(Clone, Debug)]
pub struct Guard {
    /// The callers, each with its credentials.
    pub principals: Vec<Principal>,
    /// The policies.
    pub permissions: Permissions,
}

/// The APIs behind `apis`, for callers that have the permissions. Calls of others pass.
pub fn guarded(apis: Router, guard: Guard) -> Router {
    apis.layer(from_fn_with_state(Arc::new(guard), check))
}

/// The APIs behind `apis`, for callers with one of these access key ids. AWS serves nobody else.
pub(crate) fn for_known_callers(apis: Router, access_key_ids: Vec<String>) -> Router {
    apis.layer(from_fn_with_state(Arc::new(access_key_ids), check_caller))
}

async fn check_caller(State(known): State<Arc<Vec<String>>>, request: Request, next: Next) -> Response {
    match scope(&request) {
        Some((access_key_id, _)) if known.contains(&access_key_id) => next.run(request).await,
        Some((_, service)) => refusal(&service, "the access key id is unknown"),
        None => refusal("", "the request isn't signed"),
    }
}

async fn check(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let Some((access_key_id, service)) = scope(&request) else { return next.run(request).await };
    let mut principals = guard.principals.iter();
    let Some(principal) = principals.find(|one| one.credentials.access_key_id() == access_key_id) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        return refusal(&service, "the body is too large");
    };
    let document = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let Some(needs) = needs(&service, &parts, &document) else {
        return refusal(
            &service,
            &format!("{} {} needs a permission that isn't known", parts.method, parts.uri.path()),
        );
    };
    for (action, resource, keys) in needs {
        let context = keys
            .into_iter()
            .fold(principal.context.clone(), |context, (key, value)| context.with(key, value));
        let call = Call { caller: principal.caller.clone(), action: action.to_owned(), resource, context };
        match guard.permissions.decide(&call) {
            Decision::Allowed => {}
            Decision::Denied | Decision::ExplicitlyDenied => {
                return refusal(&service, &format!("no policy allows {action} on {}", call.resource));
            }
        }
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// The access key id and the service in the scope of a request's signature.
fn scope(request: &Request) -> Option<(String, String)> {
    let header = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let scope = header.split([' ', ',']).find_map(|member| member.strip_prefix("Credential="))?;
    match scope.split('/').collect::<Vec<_>>().as_slice() {
        // An id, a day, a region and a service. Signature Version 4A has no region.
        [id, _, _, service, "aws4_request"] | [id, _, service, "aws4_request"] => {
            Some(((*id).to_owned(), (*service).to_owned()))
        }
        _ => None,
    }
}

/// The permissions that a call needs (service authorization reference). `None` for a call that no service of Tintype makes.
fn needs(service: &str, parts: &Parts, body: &Value) -> Option<Vec<Need>> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let target = parts.headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path: Vec<&str> = parts.uri.path().split('/').skip(1).collect();
    match (service, parts.method.as_str(), path.as_slice(), target) {
        ("mediaconvert", "POST", ["2017-08-29", "probe"], _) => Some(vec![anywhere("mediaconvert:Probe")]),
        ("mediaconvert", "GET", ["2017-08-29", "search"], _) => {
            Some(vec![anywhere("mediaconvert:SearchJobs")])
        }
        ("mediaconvert", "GET", ["2017-08-29", "jobs"], _) => Some(vec![anywhere("mediaconvert:ListJobs")]),
        ("mediaconvert", "POST", ["2017-08-29", "jobs"], _) => {
            let queue = text("queue").unwrap_or_else(|| default_queue_arn(REGION));
            let passed = vec![(Key::PassedToService, MEDIA_CONVERT.to_owned())];
            Some(vec![("mediaconvert:CreateJob", queue, Vec::new()), ("iam:PassRole", text("role")?, passed)])
        }
        ("cloudfront", "POST", ["2020-05-31", "distribution", id, "invalidation"], _) => {
            let arn = format!("arn:aws:cloudfront::{ACCOUNT}:distribution/{id}");
            Some(vec![("cloudfront:CreateInvalidation", arn, Vec::new())])
        }
        ("cloudfront-keyvaluestore", method, ["key-value-stores", arn, rest @ ..], _) => {
            let action = match (method, rest) {
                ("GET", []) => "cloudfront-keyvaluestore:DescribeKeyValueStore",
                ("GET", ["keys"]) => "cloudfront-keyvaluestore:ListKeys",
                ("POST", ["keys"]) => "cloudfront-keyvaluestore:UpdateKeys",
                _ => return None,
            };
            let arn = percent_decode_str(arn).decode_utf8().ok()?.into_owned();
            Some(vec![(action, arn, Vec::new())])
        }
        ("events", "POST", [""], "AWSEvents.PutEvents") => {
            let bus =
                |entry: &Value| entry.get("EventBusName").and_then(Value::as_str).unwrap_or(BUS).to_owned();
            let buses = body.get("Entries")?.as_array()?.iter().map(bus);
            let arn = |bus| format!("arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{bus}");
            Some(buses.map(|bus| ("events:PutEvents", arn(bus), Vec::new())).collect())
        }
        ("sqs", "POST", [""], "AmazonSQS.ChangeMessageVisibility") => {
            let url = text("QueueUrl")?;
            let mut segments = url.rsplit('/');
            let (name, account) = (segments.next()?, segments.next()?);
            let arn = format!("arn:aws:sqs:{REGION}:{account}:{name}");
            Some(vec![("sqs:ChangeMessageVisibility", arn, Vec::new())])
        }
        ("dynamodb", "POST", [""], target) => {
            let action = match target.strip_prefix(local_dynamodb::TARGET)? {
                "GetItem" => "dynamodb:GetItem",
                "PutItem" => "dynamodb:PutItem",
                "DeleteItem" => "dynamodb:DeleteItem",
                "Query" => "dynamodb:Query",
                _ => return None,
            };
            let index = text("IndexName").map(|name| format!("/index/{name}")).unwrap_or_default();
            let arn = format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{}{index}", text("TableName")?);
            Some(vec![(action, arn, Vec::new())])
        }
        ("secretsmanager", "POST", [""], "secretsmanager.GetSecretValue") => {
            Some(vec![("secretsmanager:GetSecretValue", text("SecretId")?, Vec::new())])
        }
        _ => None,
    }
}

fn anywhere(action: &'static str) -> Need {
    (action, "*".to_owned(), Vec::new())
}

/// The answer to a caller without permission, in the form of the service's protocol.
fn refusal(service: &str, sentence: &str) -> Response {
    if service == "cloudfront" {
        let body = format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>{sentence}</Message></Error>\
             </ErrorResponse>"
        );
        return (StatusCode::FORBIDDEN, [(header::CONTENT_TYPE, "text/xml")], body).into_response();
    }
    let code = "AccessDeniedException";
    let body = json!({ "__type": code, "message": sentence }).to_string();
    let headers = [(header::CONTENT_TYPE.as_str(), "application/json"), ("x-amzn-errortype", code)];
    (StatusCode::FORBIDDEN, headers, body).into_response()
}
