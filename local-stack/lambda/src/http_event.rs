//! HTTP requests as events of payload format 2.0, and answers as HTTP responses (API Gateway's developer guide, "Lambda
//! proxy integrations"; Lambda's, "Invoking Lambda function URLs").

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The place at which a request arrives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Door<'a> {
    /// The host, in AWS's format.
    pub(crate) host: &'a str,
    /// The key of the route.
    pub(crate) route: &'a str,
    /// `true` for HTTP APIs, which decode the path.
    pub(crate) decodes_path: bool,
}

/// The event of a request.
pub(crate) fn event(door: Door<'_>, parts: &Parts, body: &Bytes) -> Value {
    let path = parts.uri.path();
    let path = if door.decodes_path { percent_decode_str(path).decode_utf8_lossy() } else { path.into() };
    let headers = header_values(&parts.headers, door.host);
    let api = door.host.split('.').next();
    let now = Timestamp::now();
    let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let mut event = json!({
        "version": "2.0",
        "routeKey": door.route,
        "rawPath": path,
        "rawQueryString": parts.uri.query().unwrap_or_default(),
        "headers": headers,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": api,
            "domainName": door.host,
            "domainPrefix": api,
            "http": {
                "method": parts.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": agent.unwrap_or_default(),
            },
            "requestId": Uuid::new_v4().to_string(),
            "routeKey": door.route,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": now.as_millisecond(),
        },
        "isBase64Encoded": false,
    });
    if let Value::Object(members) = &mut event {
        let cookies = parts.headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let cookies: Vec<&str> = cookies.flat_map(|line| line.split("; ")).collect();
        if !cookies.is_empty() {
            members.insert("cookies".to_owned(), json!(cookies));
        }
        let parameters = query_parameters(parts.uri.query().unwrap_or_default());
        if !parameters.is_empty() {
            members.insert("queryStringParameters".to_owned(), Value::Object(parameters));
        }
        match std::str::from_utf8(body) {
            Ok("") => {}
            Ok(text) => drop(members.insert("body".to_owned(), json!(text))),
            Err(_) => {
                members.insert("body".to_owned(), json!(STANDARD.encode(body)));
                members.insert("isBase64Encoded".to_owned(), json!(true));
            }
        }
    }
    event
}

/// The headers, with values of the same name joined. `Host` is that of AWS.
fn header_values(headers: &HeaderMap, host: &str) -> Map<String, Value> {
    let mut values = Map::new();
    for name in headers.keys().filter(|name| **name != header::COOKIE) {
        let all = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.insert(name.as_str().to_owned(), json!(all.collect::<Vec<_>>().join(",")));
    }
    for (name, value) in [("host", host), ("x-forwarded-proto", "https"), ("x-forwarded-port", "443")] {
        values.insert(name.to_owned(), json!(value));
    }
    values.entry("x-forwarded-for").or_insert_with(|| json!("127.0.0.1"));
    values
}

fn query_parameters(query: &str) -> Map<String, Value> {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let mut parameters = Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name), decoded(value));
        let value = match parameters.get(&name).and_then(Value::as_str) {
            Some(before) => format!("{before},{value}"),
            None => value,
        };
        parameters.insert(name, json!(value));
    }
    parameters
}

/// The response of a buffered answer. An answer without a status is the body, in JSON. `None` if it can't be a response.
pub(crate) fn buffered(answer: &Value) -> Option<Response> {
    if answer.get("statusCode").is_none() {
        let body = answer.as_str().map_or_else(|| answer.to_string(), str::to_owned);
        let mut response = Response::new(Body::from(body));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        return Some(response);
    }
    let text = answer.get("body").and_then(Value::as_str).unwrap_or_default();
    let body = match answer.get("isBase64Encoded").and_then(Value::as_bool) {
        Some(true) => Bytes::from(STANDARD.decode(text).ok()?),
        Some(false) | None => Bytes::copy_from_slice(text.as_bytes()),
    };
    head(answer, Body::from(body))
}

/// A response with the status, headers and cookies of an answer.
pub(crate) fn head(answer: &Value, body: Body) -> Option<Response> {
    let mut response = Response::new(body);
    let status = answer.get("statusCode").and_then(Value::as_u64)?;
    *response.status_mut() = StatusCode::from_u16(u16::try_from(status).ok()?).ok()?;
    let headers = response.headers_mut();
    for (name, value) in answer.get("headers").and_then(Value::as_object).into_iter().flatten() {
        headers.insert(HeaderName::try_from(name).ok()?, HeaderValue::from_str(value.as_str()?).ok()?);
    }
    for cookie in answer.get("cookies").and_then(Value::as_array).into_iter().flatten() {
        headers.append(header::SET_COOKIE, HeaderValue::from_str(cookie.as_str()?).ok()?);
    }
    // The body's length is its own. A streamed body has none.
    if let Some(length) = headers.remove(header::CONTENT_LENGTH) {
        let exact = axum::body::HttpBody::size_hint(response.body()).exact();
        if exact.is_none_or(|exact| length.to_str().is_ok_and(|length| length == exact.to_string())) {
            response.headers_mut().insert(header::CONTENT_LENGTH, length);
        }
    }
    Some(response)
}

/// The answer of a front door that has no answer of the function.
pub(crate) fn refusal(status: StatusCode, message: &str) -> Response {
    let mut response = Response::new(Body::from(json!({ "message": message }).to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
