//! What becomes of a request, in one shape for both implementations.

use cdn_config::behaviors::{OriginId, Target};
use cdn_config::key_value::{key_value_data, signing_pair};
use cdn_config::policy::Policy;
use contract::error::RequestError;
use contract::policy::Rules;
use contract::request::{Route, Verifier, route};
use contract::signing_keys::SigningKeys;
use http::{HeaderMap, HeaderValue, Method, header};
use jiff::Timestamp;
use local_edge::functions::EdgeFunctions;
use local_edge::functions::key_values::KeyValues;
use local_edge::functions::request::{RequestOutcome, ViewerRequest};
use serde_json::Value;

/// The keys that the cases are signed with, the current one and the previous one.
const SECRETS: &str = "0123456789abcdef0123456789abcdef,fedcba9876543210fedcba9876543210";

/// The time at which the cases are asked, in seconds since 1970.
pub(super) const NOW_SECONDS: u32 = 1_800_000_000;

pub(super) fn keys() -> SigningKeys {
    SigningKeys::parse(SECRETS).unwrap()
}

/// What becomes of a request.
#[derive(Debug, PartialEq)]
pub(super) enum Decision {
    /// It goes on with this canonical path, to the originals or to the variants.
    Forward(String, Target),
    /// It is refused: the status, the parameter at fault, the sentence.
    Refuse(u16, Option<String>, String),
}

/// What the Rust half decides.
pub(super) fn in_rust(path: &str, query: &str, accept: &str, rules: &Rules) -> Decision {
    match routed(path, query, accept, rules) {
        Ok(route @ Route::Original(_)) => {
            Decision::Forward(route.canonical_path(), Target::Origin(OriginId::Originals))
        }
        Ok(route @ Route::Variant(..)) => Decision::Forward(route.canonical_path(), Target::variants()),
        Err(refusal) => {
            Decision::Refuse(refusal.reason.status(), refusal.parameter.map(Into::into), refusal.detail)
        }
    }
}

/// Where the Rust half sends a request, or why it refuses.
pub(super) fn routed(path: &str, query: &str, accept: &str, rules: &Rules) -> Result<Route, RequestError> {
    let keys = keys();
    let verifier = Verifier { keys: Some(&keys), now_seconds: NOW_SECONDS.into() };
    route(path, query, accept, rules, verifier)
}

/// What the edge function decides.
pub(super) fn in_javascript(path: &str, query: &str, accept: &str, functions: &EdgeFunctions) -> Decision {
    let mut headers = HeaderMap::new();
    if !accept.is_empty() {
        headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
    }
    let request = ViewerRequest { method: &Method::GET, path, query, headers: &headers };
    match functions.viewer_request(&request) {
        Ok(RequestOutcome::Forward { path, target, .. }) => Decision::Forward(path, target),
        Ok(RequestOutcome::Respond(response)) => refusal(response.status().as_u16(), response.body()),
        Err(error) => panic!("{path}?{query}: {error}"),
    }
}

/// The functions over a policy's key-value data.
pub(super) fn functions(policy: &Policy) -> EdgeFunctions {
    EdgeFunctions::new(KeyValues::new(store(policy)), || Timestamp::from_second(NOW_SECONDS.into()).unwrap())
        .unwrap()
}

/// What the key-value store holds.
pub(super) fn store(policy: &Policy) -> Vec<(String, String)> {
    let mut pairs = key_value_data(policy);
    pairs.push(signing_pair(&keys()));
    pairs
}

/// A refusal by its problem document.
pub(super) fn refusal(status: u16, body: &str) -> Decision {
    let problem: Value = serde_json::from_str(body).unwrap();
    assert_eq!(problem["status"], status);
    let parameter = problem.get("parameter").map(|name| name.as_str().unwrap().to_owned());
    Decision::Refuse(status, parameter, problem["detail"].as_str().unwrap().to_owned())
}
