//! Tables by name.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use serde_json::Value;

use crate::refusal::Refusal;
use crate::request::{DeleteItem, GetItem, PutItem, Query};
use crate::table::{KeyNames, Table};

/// The tables of an account. Clones are handles to the same tables.
#[derive(Clone, Debug, Default)]
pub struct Tables(Arc<Mutex<BTreeMap<String, Table>>>);

impl Tables {
    /// Adds an empty table. The definition has the members of `CreateTable` and of `CloudFormation`. Fails with a sentence if it has
    /// something that isn't emulated.
    pub fn create(&self, name: &str, definition: &Value) -> Result<(), String> {
        let definition = Definition::deserialize(definition).map_err(|error| error.to_string())?;
        let table = definition.table()?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), table);
        Ok(())
    }

    pub(crate) fn get(&self, GetItem { table_name, key, .. }: &GetItem) -> Result<Value, Refusal> {
        self.with(table_name, |table| table.get(key))
    }

    pub(crate) fn put(&self, put: PutItem) -> Result<Value, Refusal> {
        let PutItem { table_name, item, condition_expression, expression_attribute_values } = put;
        let condition = condition_expression.as_deref();
        self.with(&table_name, |table| table.put(item, condition, &expression_attribute_values))
    }

    pub(crate) fn delete(&self, delete: &DeleteItem) -> Result<Value, Refusal> {
        let condition = delete.condition_expression.as_deref();
        self.with(&delete.table_name, |table| {
            table.delete(&delete.key, condition, &delete.expression_attribute_values)
        })
    }

    pub(crate) fn query(&self, query: &Query) -> Result<Value, Refusal> {
        self.with(&query.table_name, |table| table.query(query))
    }

    fn with<T>(&self, name: &str, call: impl FnOnce(&mut Table) -> Result<T, Refusal>) -> Result<T, Refusal> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).get_mut(name) {
            Some(table) => call(table),
            None => Err(Refusal("ResourceNotFoundException", "Requested resource not found".to_owned())),
        }
    }
}

/// The definition of a table.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Definition {
    billing_mode: String,
    attribute_definitions: Vec<AttributeDefinition>,
    key_schema: Vec<KeyElement>,
    #[serde(default)]
    global_secondary_indexes: Vec<Index>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct AttributeDefinition {
    attribute_name: String,
    attribute_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct KeyElement {
    attribute_name: String,
    key_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Index {
    #[serde(rename = "IndexName")]
    name: String,
    key_schema: Vec<KeyElement>,
    projection: Projection,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Projection {
    projection_type: String,
}

impl Definition {
    fn table(self) -> Result<Table, String> {
        if self.billing_mode != "PAY_PER_REQUEST" {
            return Err(format!("BillingMode: {} is not emulated", self.billing_mode));
        }
        let keys = key_names(self.key_schema)?;
        let mut indexes = BTreeMap::new();
        for Index { name, key_schema, projection } in self.global_secondary_indexes {
            if projection.projection_type != "ALL" {
                return Err(format!("ProjectionType: {} is not emulated", projection.projection_type));
            }
            indexes.insert(name, key_names(key_schema)?);
        }
        let is_defined = |name: &String| {
            self.attribute_definitions
                .iter()
                .any(|one| one.attribute_name == *name && one.attribute_type == "S")
        };
        for KeyNames { partition, sort } in std::iter::once(&keys).chain(indexes.values()) {
            if let Some(name) = [partition, sort].into_iter().find(|name| !is_defined(name)) {
                return Err(format!("AttributeDefinitions: {name} is missing, or no text"));
            }
        }
        Ok(Table { keys, indexes, items: BTreeMap::new() })
    }
}

fn key_names(schema: Vec<KeyElement>) -> Result<KeyNames, String> {
    match <[KeyElement; 2]>::try_from(schema) {
        Ok([partition, sort]) if partition.key_type == "HASH" && sort.key_type == "RANGE" => {
            Ok(KeyNames { partition: partition.attribute_name, sort: sort.attribute_name })
        }
        Ok(_) | Err(_) => Err("KeySchema: only a partition key with a sort key is emulated".to_owned()),
    }
}
