//! The decision on a request, in a common form for both implementations.

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

/// The current and the previous secret of signed cases.
const SECRETS: &str = "0123456789abcdef0123456789abcdef,fedcba9876543210fedcba9876543210";

/// The time of all requests, in seconds since 1970.
pub(super) const NOW_SECONDS: u32 = 1_800_000_000;

pub(super) fn keys() -> SigningKeys {
    SigningKeys::parse(SECRETS).unwrap()
}

/// The decision on a request.
#[derive(Debug, PartialEq)]
pub(super) enum Decision {
    /// The request is forwarded with this canonical path, to the originals or to the variants.
    Forward(String, Target),
    /// The request is refused with this status, parameter and sentence.
    Refuse(u16, Option<String>, String),
}

/// The decision of the Rust implementation.
pub(super) fn in_rust(path: &str, query: &str, accept: &str, rules: &Rules) -> Decision {
    match routed(path, query, accept, rules) {
        Ok(route @ Route::Original(_)) => {
            Decision::Forward(route.origin_path(), Target::Origin(OriginId::Originals))
        }
        Ok(route @ Route::Variant(..)) => Decision::Forward(route.origin_path(), target_of_variants()),
        Err(error) => Decision::Refuse(error.reason.status(), error.parameter.map(Into::into), error.detail),
    }
}

/// The target of variants by the built-in policy.
pub(super) fn target_of_variants() -> Target {
    Target::variants(Policy::built_in().keep)
}

/// The route by the Rust implementation.
pub(super) fn routed(path: &str, query: &str, accept: &str, rules: &Rules) -> Result<Route, RequestError> {
    let keys = keys();
    let verifier = Verifier { keys: Some(&keys), now_seconds: NOW_SECONDS.into() };
    route(path, query, accept, rules, verifier)
}

/// The decision of the edge function.
pub(super) fn in_javascript(path: &str, query: &str, accept: &str, functions: &EdgeFunctions) -> Decision {
    let mut headers = HeaderMap::new();
    if !accept.is_empty() {
        headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
    }
    let request = ViewerRequest { method: &Method::GET, path, query, headers: &headers };
    match functions.viewer_request(&request) {
        Ok(RequestOutcome::Forward { path, target, .. }) => {
            // Without a selection the behaviour's origin answers.
            Decision::Forward(path, target.unwrap_or(Target::Origin(OriginId::Originals)))
        }
        Ok(RequestOutcome::Respond(response)) => refusal(response.status().as_u16(), response.body()),
        Err(error) => panic!("{path}?{query}: {error}"),
    }
}

/// The edge functions with a policy's key-value data.
pub(super) fn functions(policy: &Policy) -> EdgeFunctions {
    EdgeFunctions::new(KeyValues::new(store(policy)), || Timestamp::from_second(NOW_SECONDS.into()).unwrap())
        .unwrap()
}

/// The pairs of the key-value store.
pub(super) fn store(policy: &Policy) -> Vec<(String, String)> {
    let mut pairs = key_value_data(policy);
    pairs.push(signing_pair(&keys()));
    pairs
}

/// The decision in an error response.
pub(super) fn refusal(status: u16, body: &str) -> Decision {
    let problem: Value = serde_json::from_str(body).unwrap();
    assert_eq!(problem["status"], status);
    let parameter = problem.get("parameter").map(|name| name.as_str().unwrap().to_owned());
    Decision::Refuse(status, parameter, problem["detail"].as_str().unwrap().to_owned())
}
