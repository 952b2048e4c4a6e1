//! Describes mistakes in the structure of a policy's JSON to its author.

use super::PolicyError;

/// The name of the value that has all members.
const TOP_LEVEL: &str = "(top level)";

/// The error for a text that isn't JSON.
pub(super) fn json_error(error: &serde_json::Error) -> PolicyError {
    let (message, place) = parts(error);
    PolicyError::NotJson { problem: format!("{message} ({place})") }
}

/// The error for JSON that isn't a policy.
pub(super) fn structure_error(error: serde_path_to_error::Error<serde_json::Error>) -> PolicyError {
    let path = error.path().to_string();
    let error = error.into_inner();
    let (message, place) = parts(&error);
    // The parser reports a value that should be one of several names as a syntax error.
    let message = if error.is_data() { message } else { "it has the wrong type".to_owned() };
    data_error(Some(path.as_str()).filter(|path| !matches!(*path, "." | "?")), &message, &place)
}

/// The message of a parser, and its place.
fn parts(error: &serde_json::Error) -> (String, String) {
    let text = error.to_string();
    let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    (message.to_owned(), format!("line {}, column {}", error.line(), error.column()))
}

fn data_error(path: Option<&str>, message: &str, place: &str) -> PolicyError {
    if let Some(name) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        let field = path.map_or_else(|| name.to_owned(), |path| format!("{path}.{name}"));
        return PolicyError::Structure { field, problem: "it is required but missing".to_owned() };
    }
    let problem = match message.split_once(", expected ") {
        Some((found, expected)) if found.starts_with("unknown field ") => {
            format!("there is no such member, but {}", expected.trim_start_matches("one of "))
        }
        Some((found, expected)) => {
            format!("{}, but must be {}", found_value(found), expected_value(expected))
        }
        None => message.to_owned(),
    };
    PolicyError::Structure {
        field: path.unwrap_or(TOP_LEVEL).to_owned(),
        problem: format!("{problem} ({place})"),
    }
}

/// The part of serde's message before the comma, such as `invalid type: string "a"`.
fn found_value(found: &str) -> String {
    // An object may also be read from a list.
    if found.starts_with("invalid length ") {
        return "it is a list".to_owned();
    }
    let value = ["invalid type: ", "invalid value: ", "unknown variant "]
        .iter()
        .find_map(|prefix| found.strip_prefix(prefix))
        .unwrap_or(found);
    let value = value.trim_start_matches("integer ").trim_start_matches("floating point ");
    match value {
        "sequence" => "it is a list".to_owned(),
        "map" => "it is an object".to_owned(),
        _ => format!("it is {value}"),
    }
}

/// The part of serde's message after `expected`, in JSON's terms.
fn expected_value(expected: &str) -> String {
    match expected {
        "u32" => format!("a whole number from 0 to {}", u32::MAX),
        "f64" => "a number".to_owned(),
        "u64" => "a whole number from 0".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        "a string" => "a text".to_owned(),
        "a boolean" => "true or false".to_owned(),
        _ if expected.starts_with("struct ") => "an object".to_owned(),
        _ => expected.to_owned(),
    }
}
