//! Policies from which one part was taken away.

use serde_json::Value;

/// Policies without one part.
pub(super) struct Mutation {
    /// The role or resource, the statement and the part.
    pub(super) name: String,
    pub(super) document: Value,
}

/// The policies without each statement, without each action and resource of a statement that has several, and without each
/// condition.
pub(super) fn of(document: &Value) -> Vec<Mutation> {
    let mut mutations = Vec::new();
    for kind in ["roles", "resources"] {
        for (arn, statements) in document[kind].as_object().unwrap() {
            for (number, statement) in statements.as_array().unwrap().iter().enumerate() {
                let holder = arn.split(':').next_back().unwrap();
                let holder = if kind == "roles" { holder.to_owned() } else { format!("policy of {holder}") };
                let title = statement["Sid"]
                    .as_str()
                    .map_or_else(|| texts(&statement["Action"]).join(","), str::to_owned);
                let mut add = |part: &str, change: &dyn Fn(&mut Value)| {
                    let mut document = document.clone();
                    change(&mut document[kind][arn]);
                    mutations.push(Mutation { name: format!("{holder} {title}{part}"), document });
                };
                add("", &|statements| drop(statements.as_array_mut().unwrap().remove(number)));
                for member in ["Action", "Resource"] {
                    let values = texts(&statement[member]);
                    for value in values.iter().filter(|_| values.len() > 1) {
                        add(&format!(" {value}"), &|statements| {
                            statements[number][member].as_array_mut().unwrap().retain(|one| one != value);
                        });
                    }
                }
                for (operator, keys) in statement["Condition"].as_object().into_iter().flatten() {
                    for key in keys.as_object().unwrap().keys() {
                        add(&format!(" {operator} {key}"), &|statements| {
                            let keys = statements[number]["Condition"][operator].as_object_mut().unwrap();
                            keys.remove(key);
                        });
                    }
                }
            }
        }
    }
    mutations
}

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    list.iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}
