//! The table of cases, `cdn-config/fixtures/requests.json`, for both implementations.

use std::collections::HashSet;

use cdn_config::behaviors::{OriginId, Target};
use cdn_config::policy::Policy;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::decision::{Decision, functions, in_javascript, in_rust, target_of_variants};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) accept: String,
    /// Members that replace those of the built-in policy.
    #[serde(default)]
    policy: Map<String, Value>,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Expect {
    Forward { path: String, origin: String },
    Refuse { status: u16, parameter: Option<String> },
}

impl Case {
    /// The built-in policy with the case's members.
    pub(super) fn policy(&self) -> Policy {
        let mut policy: Map<String, Value> =
            serde_json::from_str(include_str!("../../cdn-config/policy.json")).unwrap();
        policy.extend(self.policy.clone());
        Policy::parse(&Value::Object(policy).to_string()).unwrap()
    }

    /// `true` if the case expects an error.
    pub(super) fn is_refused(&self) -> bool {
        matches!(self.expect, Expect::Refuse { .. })
    }

    /// Panics unless the decision is the expected one.
    pub(super) fn check(&self, implementation: &str, decision: &Decision) {
        let Self { name, path, query, .. } = self;
        let is_expected = match (&self.expect, decision) {
            (Expect::Forward { path, origin }, Decision::Forward(to, target)) => {
                let expected = match origin.as_str() {
                    "originals" => Target::Origin(OriginId::Originals),
                    _ => target_of_variants(),
                };
                (to, target) == (path, &expected)
            }
            (Expect::Refuse { status, parameter }, Decision::Refuse(with, at, _)) => {
                (with, at) == (status, parameter)
            }
            (Expect::Forward { .. }, Decision::Refuse(..))
            | (Expect::Refuse { .. }, Decision::Forward(..)) => false,
        };
        assert!(is_expected, "{name}: {path}?{query}: {implementation}: {decision:?}");
    }
}

pub(super) fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../../cdn-config/fixtures/requests.json")).unwrap()
}

#[test]
fn the_names_of_cases_are_unique() {
    let cases = cases();
    let names: HashSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len());
    assert!(cases.len() >= 120);
}

#[test]
fn every_case_has_the_expected_decision_in_rust() {
    for case in cases() {
        case.check("contract", &in_rust(&case.path, &case.query, &case.accept, &case.policy().rules));
    }
}

#[test]
fn every_case_has_the_expected_decision_in_javascript() {
    for case in cases() {
        let decision = in_javascript(&case.path, &case.query, &case.accept, &functions(&case.policy()));
        case.check("viewer_request", &decision);
    }
}
