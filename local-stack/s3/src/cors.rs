//! The answers to preflights, and the headers of CORS in responses.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use s3s::{S3Error, S3ErrorCode};

use super::cors_rule::{CorsRule, METHODS, first};
use super::error::{ClientError, StoreError};
use super::refusal::refuse;
use super::store::Store;

/// Answers preflights, and adds the headers of CORS to the responses for pages that a rule of the bucket allows.
pub(crate) async fn answer(State(store): State<Store>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let bucket = request.uri().path().split('/').nth(1).unwrap_or_default().to_owned();
    if request.method() == Method::OPTIONS {
        return preflight(&store, bucket, origin.as_ref(), request.headers()).await.unwrap_or_else(refuse);
    }
    let method = request.method().as_str().to_owned();
    let mut response = next.run(request).await;
    if let Some(origin) = origin {
        // A bucket that doesn't exist has no rules.
        let rules = rules(&store, bucket).await.unwrap_or_default();
        let text = origin.to_str().unwrap_or_default();
        if let Some(rule) = first(&rules, text, &method, &[]) {
            add(response.headers_mut(), rule, &origin);
        }
    }
    response
}

async fn preflight(
    store: &Store,
    bucket: String,
    origin: Option<&HeaderValue>,
    headers: &HeaderMap,
) -> Result<Response, S3Error> {
    let bad = |message: String| refusal(StatusCode::BAD_REQUEST, "BadRequest", message);
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let origin =
        origin.ok_or_else(|| bad("Insufficient information. Origin request header needed.".to_owned()))?;
    let method = text(header::ACCESS_CONTROL_REQUEST_METHOD).unwrap_or("null");
    if !METHODS.contains(&method) {
        return Err(bad(format!("Invalid Access-Control-Request-Method: {method}")));
    }
    let names = text(header::ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
    let names: Vec<&str> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let rules = rules(store, bucket).await?;
    let origin_text = origin.to_str().unwrap_or_default();
    let rule = first(&rules, origin_text, method, &names).ok_or_else(|| forbidden(&rules))?;
    let mut response = Response::new(Body::empty());
    add(response.headers_mut(), rule, origin);
    if !names.is_empty() {
        insert(
            response.headers_mut(),
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            &names.join(", ").to_lowercase(),
        );
    }
    if let Some(seconds) = rule.max_age_seconds {
        insert(response.headers_mut(), header::ACCESS_CONTROL_MAX_AGE, &seconds.to_string());
    }
    Ok(response)
}

fn forbidden(rules: &[CorsRule]) -> S3Error {
    let reason = if rules.is_empty() {
        "CORS is not enabled for this bucket."
    } else {
        "This CORS request is not allowed. This is usually because the evalution of Origin, request method / \
         Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
    };
    refusal(StatusCode::FORBIDDEN, "AccessForbidden", format!("CORSResponse: {reason}"))
}

fn refusal(status: StatusCode, code: &'static str, message: String) -> S3Error {
    let mut error = S3Error::with_message(S3ErrorCode::Custom(code.into()), message);
    error.set_status_code(status);
    error
}

async fn rules(store: &Store, bucket: String) -> Result<Vec<CorsRule>, S3Error> {
    match store.run(move |store| store.cors(&bucket)).await {
        Err(StoreError::Client(ClientError::NoSuchBucket)) => Ok(Vec::new()),
        rules => Ok(rules?),
    }
}

fn add(headers: &mut HeaderMap, rule: &CorsRule, origin: &HeaderValue) {
    // A rule for all origins says so; another names the origin, and allows it to send credentials.
    if rule.origins.iter().any(|allowed| allowed == "*") {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    } else {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    insert(headers, header::ACCESS_CONTROL_ALLOW_METHODS, &rule.methods.join(", "));
    if !rule.exposed_headers.is_empty() {
        insert(headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, &rule.exposed_headers.join(", "));
    }
    let vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";
    headers.append(header::VARY, HeaderValue::from_static(vary));
}

fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
