//! A query's values by canonical name, unescaped but not yet read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::{bad, bad_value, query_pairs};
use crate::error::RequestError;
use crate::key::escapes_are_whole;
use crate::parameters::{PARAMETERS, known_names};
use crate::policy::UnknownParameters;
use crate::preset::Preset;
use crate::sentences;

/// The values given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given(BTreeMap<&'static str, String>);

impl Given {
    /// Reads a query, still escaped. Each parameter may be given once, under one of its names.
    pub(crate) fn read(query: &str, unknown: UnknownParameters) -> Result<Self, RequestError> {
        let pairs: Vec<(Option<String>, &str)> =
            query_pairs(query).map(|(name, value)| (decode_component(name), value)).collect();

        // Of several the first in the order of UTF-16, as JavaScript sorts: at the edge parameters have no order.
        let names_given = pairs.iter().map(|(name, _)| name.as_deref().unwrap_or_default());
        let known = known_names();
        let first_unknown = names_given
            .filter(|name| !known.contains(name))
            .min_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
        if let (UnknownParameters::Reject, Some(name)) = (unknown, first_unknown) {
            return Err(bad(name.to_owned(), sentences::unknown()));
        }
        let mut given = BTreeMap::new();
        for parameter in PARAMETERS {
            let name = parameter.name;
            let is_named = |given: &str| parameter.names().any(|name| name == given);
            let mut values = pairs.iter().filter(|(name, _)| name.as_deref().is_some_and(is_named));
            let Some((_, value)) = values.next() else { continue };
            if values.next().is_some() {
                return Err(bad(name, sentences::REPEATED.about(name)));
            }
            let broken = || bad(name, sentences::ESCAPE.about(name));
            given.insert(name, decode_component(value).ok_or_else(broken)?);
        }
        Ok(Self(given))
    }

    /// The values of a preset.
    pub(crate) fn of(preset: &Preset) -> Self {
        Self(preset.values().map(|(name, value)| (name, value.to_owned())).collect())
    }

    /// One value alone.
    pub(crate) fn with(name: &'static str, value: &str) -> Self {
        Self([(name, value.to_owned())].into())
    }

    /// With the values of `others` where there are none here.
    pub(crate) fn or(mut self, others: Self) -> Self {
        for (name, value) in others.0 {
            self.0.entry(name).or_insert(value);
        }
        self
    }

    /// Whether no parameter but these is given.
    pub(crate) fn is_only(&self, names: &[&str]) -> bool {
        self.0.keys().all(|name| names.contains(name))
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(crate) fn into_values(self) -> BTreeMap<&'static str, String> {
        self.0
    }

    /// A parameter's value, where it is given. Refused where `reader` finds none.
    pub(crate) fn value<T>(
        &self,
        name: &'static str,
        reader: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, RequestError> {
        self.text(name).map(|text| reader(text).ok_or_else(|| bad_value(name))).transpose()
    }
}

/// One name or value of a query, unescaped; none where an escape is broken.
pub(super) fn decode_component(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    if !escapes_are_whole(&text) {
        return None;
    }
    percent_decode_str(&text).decode_utf8().ok().map(Cow::into_owned)
}
