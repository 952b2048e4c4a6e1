//! Headers, cookies and query parameters in CloudFront's event format.
//!
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Headers, cookies or query parameters by name.
pub(super) type Entries = BTreeMap<String, Entry>;

/// The value, or values, of a header, a cookie or a query parameter.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    /// The first value.
    value: String,
    /// All values, if there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    multi_value: Option<Vec<SingleValue>>,
}

/// One value of several.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
struct SingleValue {
    value: String,
}

impl Entry {
    /// All values, in order.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        let one = self.multi_value.is_none().then_some(self.value.as_str());
        one.into_iter().chain(self.multi_value.iter().flatten().map(|single| single.value.as_str()))
    }
}

/// Collects pairs of names and values. A name may occur several times.
pub(super) fn collect<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Entries {
    let mut entries = Entries::new();
    for (name, value) in pairs {
        let single = SingleValue { value: value.to_owned() };
        match entries.get_mut(name) {
            None => {
                entries.insert(name.to_owned(), Entry { value: single.value, multi_value: None });
            }
            Some(entry) => {
                let first = SingleValue { value: entry.value.clone() };
                entry.multi_value.get_or_insert_with(|| vec![first]).push(single);
            }
        }
    }
    entries
}
