//! The sentences of error responses. The edge function reads the same sentences, by their keys, from its key-value
//! store.

use crate::key::KeyError;
use crate::parameters::{PARAMETERS, known_names};

/// A sentence of an error response. `%` stands for the parameter at fault. If there are two `%`, the first one stands
/// for the allowed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    key: &'static str,
    text: &'static str,
}

/// The path is in an area that only signed requests may read.
pub const PRIVATE: Sentence = new("private", "files below /private/ and /private-videos/ need a signed link");

/// The pass in the path doesn't match the video.
pub const PASS: Sentence = new(
    "pass",
    "the signature in the path is not valid: it opens the files of one video until its end, and the path behind it is that of \
     the file",
);

/// The path is a canonical path, which only the edge function may send.
pub const CANONICAL: Sentence = new("canonical", "variants are requested by parameters, such as ?w=640");

/// The request has the parameter twice.
pub const REPEATED: Sentence = new("repeated", "'%' must be given once, under one of its names");

/// The parameter's value has a broken percent-escape.
pub const ESCAPE: Sentence = new("escape", "'%' must be valid percent-encoded UTF-8");

/// The policy opens the parameter, or its value, to signed requests only.
pub const UNSIGNED: Sentence = new("unsigned", "this '%' needs a signed link, or a preset that has it");

/// The policy opens other shapes to unsigned requests.
pub const SHAPE: Sentence = new(
    "shape",
    "without a signature a crop has one of the shapes %, and '%' asks for another one: sign the link, or add the shape \
     to 'shapes' of the policy",
);

/// A parameter is unknown, and another one has nearly the same name.
pub const MISSPELT: Sentence = new("misspelt", "did you mean '%'? There is no parameter '%'");

/// The link has an expiry time or an empty signature, and no signature.
pub const UNSIGNED_LINK: Sentence = new(
    "unsigned-link",
    "the link's signature 's' is missing: sign the link, or request it without 'expires'",
);

/// The signature doesn't match the URL.
pub const SIGNATURE: Sentence = new(
    "signature",
    "the link's signature is not valid: a signature is valid for exactly one URL and expiry time",
);

/// The link has expired.
pub const EXPIRED: Sentence = new("expired", "the link has expired");

const METHOD: Sentence = new("method", "files are read with GET or HEAD");

impl Sentence {
    /// The sentence with the parameter's name.
    pub fn about(self, parameter: &str) -> String {
        self.text.replace('%', parameter)
    }

    /// The sentence with what is allowed and the parameter's name.
    pub fn with(self, allowed: &str, parameter: &str) -> String {
        match self.text.split('%').collect::<Vec<_>>().as_slice() {
            [before, between, after] => format!("{before}{allowed}{between}{parameter}{after}"),
            _ => self.about(parameter),
        }
    }
}

/// The sentence for a value that is malformed or not allowed; empty if `name` is not a parameter.
pub fn not_allowed(name: &str) -> String {
    let parameter = PARAMETERS.iter().find(|parameter| parameter.name == name);
    parameter.map_or_else(String::new, |parameter| format!("'{name}' must be {}", parameter.allowed))
}

/// The sentence for an unknown parameter, which the policy rejects.
pub fn unknown() -> String {
    format!("unknown parameter; the known ones are {}", known_names().join(", "))
}

/// Every sentence by its key. The key of a sentence about a parameter's value is the parameter's name.
pub fn all() -> Vec<(&'static str, String)> {
    let fixed = [
        PRIVATE,
        PASS,
        CANONICAL,
        REPEATED,
        ESCAPE,
        UNSIGNED,
        SHAPE,
        MISSPELT,
        UNSIGNED_LINK,
        SIGNATURE,
        EXPIRED,
        METHOD,
    ];
    let fixed = fixed.map(|sentence| (sentence.key, sentence.text.to_owned()));
    let of_paths = [
        ("encoding", KeyError::Encoding),
        ("length", KeyError::Length),
        ("area", KeyError::Area),
        ("segment", KeyError::Segment),
    ];
    let of_paths = of_paths.map(|(key, error)| (key, error.to_string()));
    let of_values = PARAMETERS.map(|parameter| (parameter.name, not_allowed(parameter.name)));
    fixed.into_iter().chain(of_paths).chain([("unknown", unknown())]).chain(of_values).collect()
}

const fn new(key: &'static str, text: &'static str) -> Sentence {
    Sentence { key, text }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_keys_of_sentences_are_unique() {
        let all = all();
        let keys: HashSet<&str> = all.iter().map(|(key, _)| *key).collect();
        assert_eq!(keys.len(), all.len());
        assert!(all.contains(&("w", "'w' must be a number from 1 to 8192".to_owned())));
        assert_eq!(UNSIGNED.about("blur"), "this 'blur' needs a signed link, or a preset that has it");
        assert_eq!(MISSPELT.with("crop", "cr%p"), "did you mean 'crop'? There is no parameter 'cr%p'");
    }
}
