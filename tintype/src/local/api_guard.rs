//! Permissions of the calls to `MediaConvert`, CloudFront, EventBridge, SQS and Secrets Manager. The owner may do everything, the
//! roles of the deployment what its template allows them.
//!
//! The signature's scope says who calls which service. Whether the signature is valid, the API itself checks.

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
use local_policy::{Call, Decision, Key};
use local_s3::ACCOUNT;
use serde_json::{Value, json};

use super::names::REGION;
use super::principals::Principals;

/// The largest accepted body, in bytes.
const MAX_BODY_BYTES: usize = 1 << 20;

/// The service that gets a role with a job.
const MEDIA_CONVERT: &str = "mediaconvert.amazonaws.com";

/// A permission that a call needs: the action, the resource and the values of condition keys.
type Need = (&'static str, String, Vec<(Key, String)>);

/// The APIs behind `apis`, for callers that have the permissions.
pub fn guarded(apis: Router, principals: &Principals) -> Router {
    apis.layer(from_fn_with_state(Arc::new(principals.clone()), check))
}

async fn check(State(principals): State<Arc<Principals>>, request: Request, next: Next) -> Response {
    let Some((access_key_id, service)) = scope(&request) else { return next.run(request).await };
    let all = principals.all();
    let Some(principal) = all.into_iter().find(|one| one.credentials.access_key_id() == access_key_id) else {
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
        match principals.permissions.decide(&call) {
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
        [id, _day, _region, service, "aws4_request"] => Some(((*id).to_owned(), (*service).to_owned())),
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
