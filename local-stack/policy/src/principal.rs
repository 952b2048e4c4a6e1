//! Who calls, and whom a statement names.

use serde_json::Value;

use crate::error::PolicyError;

/// Who makes a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caller {
    /// A role of the account, by its ARN.
    Role(String),
    /// A service of AWS, such as `cloudfront.amazonaws.com`.
    Service(String),
}

/// The element `Principal`.
#[derive(Clone, Debug)]
pub(crate) enum Principals {
    /// `*`, or every principal of AWS.
    Anyone,
    /// Some callers.
    Listed(Vec<Caller>),
}

impl Principals {
    pub(crate) fn parse(element: &Value) -> Result<Self, PolicyError> {
        if element == "*" {
            return Ok(Self::Anyone);
        }
        let malformed = || PolicyError::Malformed("a principal", element.to_string());
        let mut callers = Vec::new();
        for (kind, names) in element.as_object().ok_or_else(malformed)? {
            for name in texts(names)? {
                match kind.as_str() {
                    "AWS" if name == "*" => return Ok(Self::Anyone),
                    "AWS" if name.starts_with("arn:") && name.contains(":role/") => {
                        callers.push(Caller::Role(name));
                    }
                    "Service" if name.ends_with(".amazonaws.com") => callers.push(Caller::Service(name)),
                    _ => return Err(PolicyError::Unknown("principal", format!("{kind} {name}"))),
                }
            }
        }
        Ok(Self::Listed(callers))
    }

    pub(crate) fn contain(&self, caller: &Caller) -> bool {
        match self {
            Self::Anyone => true,
            Self::Listed(callers) => callers.contains(caller),
        }
    }
}

/// The texts of an element that is one text or a list of them.
pub(crate) fn texts(element: &Value) -> Result<Vec<String>, PolicyError> {
    let text = |value: &Value| {
        let text = value.as_str().map(str::to_owned);
        text.ok_or_else(|| PolicyError::Malformed("a text", value.to_string()))
    };
    let list = element.as_array().filter(|list| !list.is_empty());
    list.map_or(std::slice::from_ref(element), Vec::as_slice).iter().map(text).collect()
}
