//! Conditions: `attribute_not_exists(a)`, `a = :value`, and for keys `a = :value AND b BETWEEN :from AND :to`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::refusal::Refusal;
use crate::request::{Item, Values};

/// `true` if an item satisfies a condition. There is no item behind `None`.
pub(crate) fn holds(condition: &str, item: Option<&Item>, values: &Values) -> Result<bool, Refusal> {
    if let Some(name) =
        condition.strip_prefix("attribute_not_exists(").and_then(|rest| rest.strip_suffix(')'))
    {
        return Ok(item.is_none_or(|item| !item.contains_key(name)));
    }
    let (name, value) = equation(condition)?;
    let value = value_of(value, values)?;
    Ok(item.is_some_and(|item| item.get(name) == Some(value)))
}

/// A condition of keys.
pub(crate) struct KeyCondition<'a> {
    /// The partition key, and its value.
    pub(crate) partition: (&'a str, &'a str),
    /// The sort key, and its lowest and highest values.
    pub(crate) sort: Option<(&'a str, &'a str, &'a str)>,
}

/// Reads a condition of keys.
pub(crate) fn key_condition<'a>(
    condition: &'a str,
    names: &'a BTreeMap<String, String>,
    values: &'a Values,
) -> Result<KeyCondition<'a>, Refusal> {
    let name_of = |name: &'a str| match name.strip_prefix('#') {
        Some(_) => names.get(name).map(String::as_str).ok_or_else(|| unknown(name)),
        None => Ok(name),
    };
    let (first, second) = match condition.split_once(" AND ") {
        Some((first, second)) => (first, Some(second)),
        None => (condition, None),
    };
    let (name, value) = equation(first)?;
    let partition = (name_of(name)?, text(value, values)?);
    let sort = match second {
        None => None,
        Some(second) => {
            let (name, range) = second.split_once(" BETWEEN ").ok_or_else(|| unknown(second))?;
            let (from, to) = range.split_once(" AND ").ok_or_else(|| unknown(range))?;
            Some((name_of(name)?, text(from, values)?, text(to, values)?))
        }
    };
    Ok(KeyCondition { partition, sort })
}

fn equation(condition: &str) -> Result<(&str, &str), Refusal> {
    condition.split_once(" = ").filter(|(_, value)| !value.contains(' ')).ok_or_else(|| unknown(condition))
}

fn value_of<'a>(placeholder: &str, values: &'a Values) -> Result<&'a Value, Refusal> {
    values.get(placeholder).ok_or_else(|| unknown(placeholder))
}

/// The text of an attribute of type `S`.
fn text<'a>(placeholder: &str, values: &'a Values) -> Result<&'a str, Refusal> {
    value_of(placeholder, values)?.get("S").and_then(Value::as_str).ok_or_else(|| unknown(placeholder))
}

fn unknown(part: &str) -> Refusal {
    Refusal::validation(format!("Invalid expression, or one that is not emulated: {part}"))
}
