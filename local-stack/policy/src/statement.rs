//! Statements of policies.

use serde_json::Value;

use crate::call::Call;
use crate::condition::{self, Condition};
use crate::error::PolicyError;
use crate::pattern::matches;
use crate::principal::{Principals, texts};

/// A statement of a role's policy or of a resource's.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) effect: Effect,
    /// `None` in a policy of a role, which is about this role.
    principals: Option<Principals>,
    /// In small letters: actions don't depend on case.
    actions: Vec<String>,
    pub(crate) resources: Vec<String>,
    conditions: Vec<Condition>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

impl Statement {
    /// Reads a statement. Fails if it has anything that this crate doesn't know.
    pub(crate) fn parse(statement: &Value) -> Result<Self, PolicyError> {
        let malformed = || PolicyError::Malformed("a statement", statement.to_string());
        let members = statement.as_object().ok_or_else(malformed)?;
        let known = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"];
        if let Some(name) = members.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(PolicyError::Unknown("element", name.clone()));
        }
        let member = |name: &str| members.get(name).ok_or_else(malformed);
        let effect = match member("Effect")?.as_str() {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            Some(_) | None => return Err(malformed()),
        };
        let actions = texts(member("Action")?)?;
        let is_action = |action: &String| {
            action == "*"
                || action.split_once(':').is_some_and(|(service, name)| {
                    !service.is_empty() && !name.is_empty() && !service.contains(['*', '?'])
                })
        };
        if let Some(action) = actions.iter().find(|action| !is_action(action)) {
            return Err(PolicyError::Malformed("an action", action.clone()));
        }
        let resources = texts(member("Resource")?)?;
        for resource in &resources {
            if resource.contains("${") {
                return Err(PolicyError::Unknown("policy variable", resource.clone()));
            }
            if resource != "*" && resource.splitn(6, ':').count() < 6 {
                return Err(PolicyError::Malformed("an ARN", resource.clone()));
            }
        }
        Ok(Self {
            effect,
            principals: members.get("Principal").map(Principals::parse).transpose()?,
            actions: actions.iter().map(|action| action.to_ascii_lowercase()).collect(),
            resources,
            conditions: members.get("Condition").map_or(Ok(Vec::new()), condition::parse)?,
        })
    }

    /// `true` if the statement names principals, as every statement of a resource's policy must.
    pub(crate) const fn has_principals(&self) -> bool {
        self.principals.is_some()
    }

    /// `true` if the statement is about a call.
    pub(crate) fn applies(&self, call: &Call) -> bool {
        self.names(call) && self.conditions.iter().all(|condition| condition.holds(&call.context))
    }

    /// `true` if the statement names the caller, the action and the resource.
    fn names(&self, call: &Call) -> bool {
        let action = call.action.to_ascii_lowercase();
        self.principals.as_ref().is_none_or(|principals| principals.contain(&call.caller))
            && self.actions.iter().any(|pattern| matches(pattern, &action))
            && self.resources.iter().any(|pattern| matches(pattern, &call.resource))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_statement_that_is_not_known_is_an_error() {
        let good = json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*" });
        assert!(Statement::parse(&good).is_ok());
        let with = |name: &str, value: Value| {
            let mut statement = good.clone();
            statement[name] = value;
            statement
        };
        for (statement, expected) in [
            (with("NotAction", json!("s3:*")), "element NotAction"),
            (with("NotResource", json!("arn:aws:s3:::a")), "element NotResource"),
            (with("NotPrincipal", json!("*")), "element NotPrincipal"),
            (with("Effect", json!("allow")), "a statement"),
            (with("Action", json!([])), "a text"),
            (with("Action", json!("GetObject")), "an action"),
            (with("Action", json!("*:GetObject")), "an action"),
            (with("Resource", json!("a/*")), "an ARN"),
            (with("Resource", json!("arn:aws:s3:::a/${aws:username}")), "policy variable"),
            (with("Resource", json!({ "Ref": "Bucket" })), "a text"),
            (with("Principal", json!({ "AWS": "123456789012" })), "principal AWS 123456789012"),
            (with("Principal", json!({ "AWS": "arn:aws:iam::123456789012:root" })), "principal AWS arn"),
            (
                with("Principal", json!({ "Federated": "cognito-identity.amazonaws.com" })),
                "principal Federated",
            ),
            (json!({ "Effect": "Allow", "Action": "s3:GetObject" }), "a statement"),
            (json!("a"), "a statement"),
        ] {
            let error = Statement::parse(&statement).unwrap_err().to_string();
            assert!(error.contains(expected), "{statement}: {error}");
        }
    }
}
