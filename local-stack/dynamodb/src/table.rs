//! One table: its items in the order of their keys, and queries of it and of its indexes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::expression::{KeyCondition, holds, key_condition};
use crate::refusal::Refusal;
use crate::request::{Item, Query, Values};

/// The largest item, and the most that a query reads, in bytes (`DynamoDB`'s developer guide, "Constraints").
const MAX_ITEM_BYTES: usize = 400 * 1024;
const MAX_PAGE_BYTES: usize = 1 << 20;

/// Partition and sort key.
type Key = (String, String);

/// The names of the attributes that are the keys of a table or an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyNames {
    pub(crate) partition: String,
    pub(crate) sort: String,
}

/// A table with a partition key, a sort key and indexes.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) keys: KeyNames,
    pub(crate) indexes: BTreeMap<String, KeyNames>,
    pub(crate) items: BTreeMap<Key, Item>,
}

impl Table {
    pub(crate) fn get(&self, key: &Item) -> Result<Value, Refusal> {
        let item = self.items.get(&only_key(&self.keys, key)?);
        Ok(item.map_or_else(|| json!({}), |item| json!({ "Item": item })))
    }

    pub(crate) fn put(
        &mut self,
        item: Item,
        condition: Option<&str>,
        values: &Values,
    ) -> Result<Value, Refusal> {
        let key = key_of(&self.keys, &item)?;
        for keys in self.indexes.values() {
            key_of(keys, &item)?;
        }
        if json!(item).to_string().len() > MAX_ITEM_BYTES {
            return Err(Refusal::validation("Item size has exceeded the maximum allowed size"));
        }
        self.check(&key, condition, values)?;
        self.items.insert(key, item);
        Ok(json!({}))
    }

    pub(crate) fn delete(
        &mut self,
        key: &Item,
        condition: Option<&str>,
        values: &Values,
    ) -> Result<Value, Refusal> {
        let key = only_key(&self.keys, key)?;
        self.check(&key, condition, values)?;
        self.items.remove(&key);
        Ok(json!({}))
    }

    fn check(&self, key: &Key, condition: Option<&str>, values: &Values) -> Result<(), Refusal> {
        let Some(condition) = condition else { return Ok(()) };
        if holds(condition, self.items.get(key), values)? {
            return Ok(());
        }
        Err(Refusal("ConditionalCheckFailedException", "The conditional request failed".to_owned()))
    }

    pub(crate) fn query(&self, query: &Query) -> Result<Value, Refusal> {
        let keys = match &query.index_name {
            None => &self.keys,
            Some(_) if query.consistent_read => {
                let sentence = "Consistent reads are not supported on global secondary indexes";
                return Err(Refusal::validation(sentence));
            }
            Some(name) => self.indexes.get(name).ok_or_else(|| {
                Refusal::validation(format!("The table does not have the specified index: {name}"))
            })?,
        };
        let KeyCondition { partition, sort } = key_condition(
            &query.key_condition_expression,
            &query.expression_attribute_names,
            &query.expression_attribute_values,
        )?;
        if partition.0 != keys.partition || sort.is_some_and(|(name, _, _)| name != keys.sort) {
            return Err(Refusal::validation("Query key condition not supported"));
        }
        let mut matching = Vec::new();
        for (primary, item) in &self.items {
            let (partition_value, sort_value) = key_of(keys, item)?;
            let is_inside = sort.is_none_or(|(_, from, to)| (from..=to).contains(&sort_value.as_str()));
            if partition_value == partition.1 && is_inside {
                matching.push(((sort_value, primary.clone()), item));
            }
        }
        matching.sort_by(|(one, _), (other, _)| one.cmp(other));
        if !query.scan_index_forward {
            matching.reverse();
        }
        if let Some(start) = &query.exclusive_start_key {
            let start = (key_of(keys, start)?.1, key_of(&self.keys, start)?);
            let is_after = |place: &(String, Key)| {
                if query.scan_index_forward { *place > start } else { *place < start }
            };
            matching.retain(|(place, _)| is_after(place));
        }
        Ok(self.page(keys, &matching.into_iter().map(|(_, item)| item).collect::<Vec<_>>(), query.limit))
    }

    /// The first items, at most `limit`, and the place where the next page begins.
    fn page(&self, keys: &KeyNames, items: &[&Item], limit: Option<usize>) -> Value {
        let (mut page, mut bytes, mut is_complete) = (Vec::new(), 0, true);
        for item in items {
            if bytes >= MAX_PAGE_BYTES || limit.is_some_and(|limit| page.len() >= limit) {
                is_complete = false;
                break;
            }
            bytes += json!(item).to_string().len();
            page.push(*item);
        }
        // `DynamoDB` names a next page also if the limit was reached with the last item.
        let has_next = !is_complete || limit.is_some_and(|limit| page.len() >= limit);
        let last = page.last().filter(|_| has_next).map(|item| self.place(keys, item));
        let mut answer = json!({ "Items": page, "Count": page.len(), "ScannedCount": page.len() });
        if let (Some(last), Some(members)) = (last, answer.as_object_mut()) {
            members.insert("LastEvaluatedKey".to_owned(), Value::Object(last));
        }
        answer
    }

    /// The keys of an item in its table and in an index.
    fn place(&self, keys: &KeyNames, item: &Item) -> Item {
        let names = [&self.keys.partition, &self.keys.sort, &keys.partition, &keys.sort];
        names.into_iter().filter_map(|name| Some((name.clone(), item.get(name)?.clone()))).collect()
    }
}

/// The values of an item's keys, which are texts.
fn key_of(keys: &KeyNames, item: &Item) -> Result<Key, Refusal> {
    let text = |name: &String| {
        let text = item.get(name).and_then(|value| value.get("S")).and_then(Value::as_str);
        text.filter(|text| !text.is_empty()).map(str::to_owned).ok_or_else(|| {
            Refusal::validation(format!("Missing the key {name} in the item, or it is not a text"))
        })
    };
    Ok((text(&keys.partition)?, text(&keys.sort)?))
}

/// The same for an item that has keys only.
fn only_key(keys: &KeyNames, item: &Item) -> Result<Key, Refusal> {
    if item.len() != 2 {
        return Err(Refusal::validation("The provided key element does not match the schema"));
    }
    key_of(keys, item)
}
