//! Templates of `CloudFormation`, with their intrinsic functions resolved.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use serde_json::{Map, Value};

use crate::attributes::{Account, Named};
use crate::error::PolicyError;

/// A synthesised template, in an account.
#[derive(Clone, Debug)]
pub struct Template {
    resources: Map<String, Value>,
    parameters: Map<String, Value>,
    account: Account,
}

/// The members of a resource that say under which name it is created.
const NAMES: [&str; 8] = [
    "BucketName",
    "RoleName",
    "QueueName",
    "FunctionName",
    "LogGroupName",
    "TopicName",
    "Name",
    "KeyValueStoreName",
];

impl Template {
    /// Reads a template: the content of `cdk.out/<stack>.template.json`. Conditions are not supported.
    pub fn new(template: &Value, account: Account) -> Result<Self, PolicyError> {
        for section in ["Conditions", "Mappings", "Transform"] {
            if template.get(section).is_some() {
                return Err(PolicyError::Unknown("section of a template", section.to_owned()));
            }
        }
        let object = |name: &str| template.get(name).and_then(Value::as_object).cloned();
        let resources = object("Resources");
        let resources = resources.ok_or_else(|| {
            PolicyError::Malformed("a template with resources", "a template without".to_owned())
        })?;
        Ok(Self { resources, parameters: object("Parameters").unwrap_or_default(), account })
    }

    /// The resources of a type: their logical ids, and their properties with unresolved functions.
    pub fn of_type<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let of_kind = self.resources.iter().filter(move |(_, resource)| type_of(resource) == kind);
        of_kind.map(|(id, resource)| (id.as_str(), properties(resource)))
    }

    /// The types of all resources, each with its logical id.
    pub fn types(&self) -> impl Iterator<Item = (&str, &str)> {
        self.resources.iter().map(|(id, resource)| (id.as_str(), type_of(resource)))
    }

    /// The account of the template.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The ARN of a resource.
    pub fn arn(&self, id: &str) -> Result<String, PolicyError> {
        self.with_name(id, |named| named.arn())
    }

    /// A value with all functions in it resolved. A member that is `AWS::NoValue` is left out.
    pub fn resolve(&self, value: &Value) -> Result<Value, PolicyError> {
        match value {
            Value::Array(list) => {
                let resolved = list.iter().filter(|one| !is_no_value(one)).map(|one| self.resolve(one));
                Ok(Value::Array(resolved.collect::<Result<_, _>>()?))
            }
            Value::Object(members) => {
                if let Some((name, argument)) = function(members) {
                    return self.call(name, argument);
                }
                let present = members.iter().filter(|(_, member)| !is_no_value(member));
                let resolved = present.map(|(name, member)| Ok((name.clone(), self.resolve(member)?)));
                Ok(Value::Object(resolved.collect::<Result<_, PolicyError>>()?))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(value.clone()),
        }
    }

    /// A value that is a text when it is resolved.
    pub fn text(&self, value: &Value) -> Result<String, PolicyError> {
        let resolved = self.resolve(value)?;
        let text = resolved.as_str().map(str::to_owned);
        text.ok_or_else(|| PolicyError::Malformed("a text", resolved.to_string()))
    }

    fn call(&self, name: &str, argument: &Value) -> Result<Value, PolicyError> {
        let malformed = |expected| PolicyError::Malformed(expected, format!("{name} {argument}"));
        let text = match (name, argument) {
            ("Ref", Value::String(id)) => self.reference(id)?,
            ("Fn::GetAtt", Value::String(path)) => {
                let (id, attribute) =
                    path.split_once('.').ok_or_else(|| malformed("a resource and an attribute"))?;
                self.with_name(id, |named| named.attribute(attribute))?
            }
            ("Fn::GetAtt", Value::Array(path)) => match path.as_slice() {
                [Value::String(id), Value::String(attribute)] => {
                    self.with_name(id, |named| named.attribute(attribute))?
                }
                _ => return Err(malformed("a resource and an attribute")),
            },
            ("Fn::Join", Value::Array(parts)) => match parts.as_slice() {
                [Value::String(delimiter), list] => self.texts(list)?.join(delimiter),
                _ => return Err(malformed("a delimiter and a list")),
            },
            ("Fn::Split", Value::Array(parts)) => match parts.as_slice() {
                [Value::String(delimiter), text] => {
                    let text = self.text(text)?;
                    return Ok(Value::from(text.split(delimiter.as_str()).collect::<Vec<_>>()));
                }
                _ => return Err(malformed("a delimiter and a text")),
            },
            ("Fn::Select", Value::Array(parts)) => match parts.as_slice() {
                [index, list] => {
                    let index = index.as_u64().or_else(|| index.as_str()?.parse().ok());
                    let place = index.and_then(|index| usize::try_from(index).ok());
                    let chosen = place.and_then(|place| self.texts(list).ok()?.into_iter().nth(place));
                    chosen.ok_or_else(|| malformed("the place of a text in a list"))?
                }
                _ => return Err(malformed("a place and a list")),
            },
            ("Fn::Sub", Value::String(text)) => self.substitute(text, &Map::new())?,
            ("Fn::Sub", Value::Array(parts)) => match parts.as_slice() {
                [Value::String(text), Value::Object(variables)] => self.substitute(text, variables)?,
                _ => return Err(malformed("a text and its variables")),
            },
            _ => return Err(PolicyError::Unknown("function", format!("{name} of {argument}"))),
        };
        Ok(Value::String(text))
    }

    fn texts(&self, list: &Value) -> Result<Vec<String>, PolicyError> {
        let list = self.resolve(list)?;
        let texts =
            list.as_array().map(|list| list.iter().map(|one| one.as_str().map(str::to_owned)).collect());
        texts.flatten().ok_or_else(|| PolicyError::Malformed("a list of texts", list.to_string()))
    }

    fn reference(&self, name: &str) -> Result<String, PolicyError> {
        let Account { id, region, stack, .. } = &self.account;
        match name {
            "AWS::AccountId" => Ok(id.clone()),
            "AWS::Region" => Ok(region.clone()),
            "AWS::Partition" => Ok("aws".to_owned()),
            "AWS::StackName" => Ok(stack.clone()),
            "AWS::URLSuffix" => Ok("amazonaws.com".to_owned()),
            _ => match self.parameters.get(name).and_then(|parameter| parameter.get("Default")) {
                Some(default) => self.text(default),
                None => self.with_name(name, |named| named.reference()),
            },
        }
    }

    /// Replaces `${Name}` and `${Name.Attribute}`. `${!Literal}` stays as `${Literal}`.
    fn substitute(&self, text: &str, variables: &Map<String, Value>) -> Result<String, PolicyError> {
        let mut pieces = text.split("${");
        let mut substituted = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let end = || PolicyError::Malformed("a text with closed variables", text.to_owned());
            let (name, rest) = piece.split_once('}').ok_or_else(end)?;
            let value = match (name.strip_prefix('!'), variables.get(name), name.split_once('.')) {
                (Some(literal), _, _) => format!("${{{literal}}}"),
                (None, Some(value), _) => self.text(value)?,
                (None, None, Some((id, attribute))) => {
                    self.with_name(id, |named| named.attribute(attribute))?
                }
                (None, None, None) => self.reference(name)?,
            };
            substituted += &value;
            substituted += rest;
        }
        Ok(substituted)
    }

    fn with_name<T>(
        &self,
        id: &str,
        value: impl FnOnce(Named<'_>) -> Result<T, PolicyError>,
    ) -> Result<T, PolicyError> {
        let resource = self.resources.get(id);
        let resource = resource.ok_or_else(|| PolicyError::Unknown("reference", id.to_owned()))?;
        let kind = type_of(resource);
        let given = NAMES.iter().find_map(|name| properties(resource).get(name)?.as_str());
        // The names of buckets have no capital letters.
        let own = if kind == "AWS::S3::Bucket" { id.to_ascii_lowercase() } else { id.to_owned() };
        let name = self.account.names.get(id).map_or_else(|| given.unwrap_or(&own), String::as_str);
        value(Named { account: &self.account, kind, name })
    }
}

/// The function that an object with one member calls.
fn function(members: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = members.iter().next().filter(|_| members.len() == 1)?;
    (name == "Ref" || name.starts_with("Fn::")).then_some((name, argument))
}

fn is_no_value(value: &Value) -> bool {
    value.get("Ref").is_some_and(|name| name == "AWS::NoValue")
}

fn type_of(resource: &Value) -> &str {
    resource.get("Type").and_then(Value::as_str).unwrap_or_default()
}

fn properties(resource: &Value) -> &Value {
    resource.get("Properties").unwrap_or(&Value::Null)
}

#[cfg(test)]
mod tests;
