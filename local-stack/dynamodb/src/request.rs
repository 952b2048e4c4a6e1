//! The bodies of calls.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// Attributes by name, each a value with its type, such as `{"S":"text"}`.
pub(crate) type Item = Map<String, Value>;

/// Attributes by the names of placeholders.
pub(crate) type Values = BTreeMap<String, Value>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct GetItem {
    pub(crate) table_name: String,
    pub(crate) key: Item,
    /// Every read is consistent.
    #[serde(default, rename = "ConsistentRead")]
    pub(crate) _consistent_read: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct PutItem {
    pub(crate) table_name: String,
    pub(crate) item: Item,
    pub(crate) condition_expression: Option<String>,
    #[serde(default)]
    pub(crate) expression_attribute_values: Values,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct DeleteItem {
    pub(crate) table_name: String,
    pub(crate) key: Item,
    pub(crate) condition_expression: Option<String>,
    #[serde(default)]
    pub(crate) expression_attribute_values: Values,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Query {
    pub(crate) table_name: String,
    pub(crate) index_name: Option<String>,
    pub(crate) key_condition_expression: String,
    #[serde(default)]
    pub(crate) expression_attribute_names: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) expression_attribute_values: Values,
    #[serde(default)]
    pub(crate) consistent_read: bool,
    #[serde(default = "forward")]
    pub(crate) scan_index_forward: bool,
    pub(crate) limit: Option<usize>,
    pub(crate) exclusive_start_key: Option<Item>,
}

fn forward() -> bool {
    true
}
