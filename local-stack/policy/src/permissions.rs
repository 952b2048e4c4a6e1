//! Decisions by all policies of an account.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::call::{Call, Decision};
use crate::error::PolicyError;
use crate::principal::Caller;
use crate::statement::{Effect, Statement};

/// The policies of the account's roles and resources.
#[derive(Clone, Debug, Default)]
pub struct Permissions {
    roles: BTreeMap<String, Vec<Statement>>,
    resources: Vec<Statement>,
    log: Option<Log>,
}

/// The calls that were decided.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<BTreeSet<Call>>>);

impl Permissions {
    /// Reads a document that [`export()`](crate::export()) has written. Fails if a policy has anything that this crate
    /// doesn't know.
    pub fn parse(document: &Value) -> Result<Self, PolicyError> {
        let mut permissions = Self::default();
        for (arn, statements) in members(document, "roles")? {
            let statements = parse_all(arn, statements)?;
            if statements.iter().any(Statement::has_principals) {
                return Err(
                    PolicyError::Unknown("element", "Principal in a role's policy".to_owned()).at(arn)
                );
            }
            permissions.roles.insert(arn.clone(), statements);
        }
        for (arn, statements) in members(document, "resources")? {
            for statement in parse_all(arn, statements)? {
                let is_own = |resource: &String| resource == arn || resource.starts_with(&format!("{arn}/"));
                if !statement.has_principals() || !statement.resources.iter().all(is_own) {
                    let expected = "a statement about principals and the policy's own resource";
                    return Err(PolicyError::Malformed(expected, format!("{statement:?}")).at(arn));
                }
                permissions.resources.push(statement);
            }
        }
        Ok(permissions)
    }

    /// The same permissions, and a log of all calls that they decide.
    pub fn logged(mut self) -> (Self, Log) {
        let log = Log::default();
        self.log = Some(log.clone());
        (self, log)
    }

    /// `true` if a role with this ARN has policies.
    pub fn has_role(&self, arn: &str) -> bool {
        self.roles.contains_key(arn)
    }

    /// Decides a call by the rules for one account: a denial wins, a permission of the role or of the resource is enough, and
    /// services have only permissions of resources.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>
    pub fn decide(&self, call: &Call) -> Decision {
        if let Some(log) = &self.log {
            log.calls_mut().insert(call.clone());
        }
        let mut decision = Decision::Denied;
        for statement in self.statements_for(&call.caller).filter(|statement| statement.applies(call)) {
            match statement.effect {
                Effect::Deny => return Decision::ExplicitlyDenied,
                Effect::Allow => decision = Decision::Allowed,
            }
        }
        decision
    }
    fn statements_for<'a>(&'a self, caller: &Caller) -> impl Iterator<Item = &'a Statement> {
        let of_role = match caller {
            Caller::Role(arn) => self.roles.get(arn).map_or(&[][..], Vec::as_slice),
            Caller::Service(_) => &[],
        };
        of_role.iter().chain(&self.resources)
    }
}

impl Log {
    /// The calls so far, each once.
    pub fn calls(&self) -> BTreeSet<Call> {
        self.calls_mut().clone()
    }

    fn calls_mut(&self) -> MutexGuard<'_, BTreeSet<Call>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn members<'a>(
    document: &'a Value,
    name: &str,
) -> Result<impl Iterator<Item = (&'a String, &'a Value)>, PolicyError> {
    let members = document.get(name).and_then(Value::as_object);
    Ok(members.ok_or_else(|| PolicyError::Malformed("an object of policies", name.to_owned()))?.iter())
}

fn parse_all(arn: &str, statements: &Value) -> Result<Vec<Statement>, PolicyError> {
    let malformed = || PolicyError::Malformed("a list of statements", statements.to_string()).at(arn);
    let all = statements.as_array().ok_or_else(malformed)?.iter();
    all.map(|statement| Statement::parse(statement).map_err(|error| error.at(arn))).collect()
}

#[cfg(test)]
mod tests;
