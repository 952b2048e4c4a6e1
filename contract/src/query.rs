//! The query of a request: its pairs, and the parameters' values by canonical name.

use std::borrow::Cow;
use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use crate::error::RequestError;
use crate::key::{Key, escapes_are_whole};
use crate::misspelling::meant;
use crate::parameters::{PARAMETERS, known_names};
use crate::renditions::is_frame;
use crate::sentences;

pub(crate) mod values;

pub(crate) mod size;

pub(crate) mod variant;

/// The pairs of a query in their order, still percent-encoded. A name without `=` has an empty value.
pub fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Parameter values by canonical name, percent-decoded but not yet parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QueryValues(BTreeMap<&'static str, String>);

impl QueryValues {
    /// Reads a query that is still percent-encoded, and skips unknown parameters.
    ///
    /// # Errors
    /// A parameter is given twice, also under an alias, or its value has a broken percent-escape.
    pub(crate) fn parse(query: &str) -> Result<Self, RequestError> {
        let pairs = decoded_pairs(query);
        let mut values = BTreeMap::new();
        for parameter in PARAMETERS {
            let name = parameter.name;
            let is_named = |sent: &str| parameter.names().any(|name| name == sent);
            let mut sent = pairs.iter().filter(|(name, _)| name.as_deref().is_some_and(is_named));
            let Some((_, value)) = sent.next() else { continue };
            if sent.next().is_some() {
                return Err(RequestError::bad_request(name, sentences::REPEATED.about(name)));
            }
            let broken = || RequestError::bad_request(name, sentences::ESCAPE.about(name));
            values.insert(name, decode_component(value).ok_or_else(broken)?);
        }
        Ok(Self(values))
    }

    /// The values that apply to a file: a moment applies to frames of videos only. imgix' `t` is a text.
    pub(crate) fn of_file(mut self, key: &Key) -> Self {
        self.0.retain(|name, _| *name != "t" || is_frame(key));
        self
    }

    /// A single value.
    pub(crate) fn of(name: &'static str, value: &str) -> Self {
        Self([(name, value.to_owned())].into())
    }

    /// These values, and those of `defaults` for all other parameters.
    pub(crate) fn or(mut self, defaults: &Self) -> Self {
        for (name, value) in &defaults.0 {
            self.0.entry(name).or_insert_with(|| value.clone());
        }
        self
    }

    /// `true` if no parameter outside `names` is given.
    pub(crate) fn has_only(&self, names: &[&str]) -> bool {
        self.0.keys().all(|name| names.contains(name))
    }

    /// Each canonical name with its value as text.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// The value of a parameter as text. `None` if the parameter isn't given.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value of a parameter, parsed. `None` if the parameter isn't given.
    ///
    /// # Errors
    /// `parse` returns `None`: the value isn't allowed.
    pub(crate) fn value<T>(
        &self,
        name: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, RequestError> {
        self.text(name).map(|text| parse(text).ok_or_else(|| RequestError::invalid_value(name))).transpose()
    }
}

/// Refuses a query that has a parameter that the grammar doesn't know.
pub(crate) fn reject_unknown(query: &str) -> Result<(), RequestError> {
    let unknown = unknown_names(query).into_iter().next();
    unknown.map_or(Ok(()), |name| Err(RequestError::bad_request(name, sentences::unknown())))
}

/// Refuses a query that has a misspelt parameter.
pub(crate) fn reject_misspelt(query: &str) -> Result<(), RequestError> {
    let misspelt = unknown_names(query).into_iter().find_map(|name| Some((meant(&name)?, name)));
    misspelt.map_or(Ok(()), |(known, name)| Err(RequestError::misspelt(name, known)))
}

/// The names that the grammar doesn't know, in the order of UTF-16, which is how JavaScript sorts. CloudFront doesn't
/// tell the edge function the order of parameters. A name that can't be decoded is empty.
pub fn unknown_names(query: &str) -> Vec<String> {
    let known = known_names();
    let names = decoded_pairs(query).into_iter().map(|(name, _)| name.unwrap_or_default());
    let mut unknown: Vec<String> = names.filter(|name| !known.contains(&name.as_str())).collect();
    unknown.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
    unknown
}

/// A name or a value of a query, percent-decoded; `+` is a space. `None` if an escape is broken or the bytes aren't
/// UTF-8.
pub(crate) fn decode_component(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    if !escapes_are_whole(&text) {
        return None;
    }
    percent_decode_str(&text).decode_utf8().ok().map(Cow::into_owned)
}

/// The pairs of a query with decoded names; the name is `None` if it can't be decoded.
fn decoded_pairs(query: &str) -> Vec<(Option<String>, &str)> {
    pairs(query).map(|(name, value)| (decode_component(name), value)).collect()
}
