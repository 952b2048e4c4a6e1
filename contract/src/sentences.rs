//! The sentences of error responses. The edge function reads the same sentences, by their keys, from its key-value
//! store.

use crate::key::KeyError;
use crate::parameters::{PARAMETERS, Parameter, known_names};
use crate::ratio::Ratio;

/// A sentence of an error response. `%` stands for the parameter at fault. If there are two `%`, the first one stands
/// for the allowed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    key: &'static str,
    status: u16,
    text: &'static str,
}

/// The path is in an area that only signed requests may read.
pub const PRIVATE: Sentence =
    new("private", 403, "files below /private/ and /private-videos/ need a signed link");

/// The pass in the path doesn't match the video.
pub const PASS: Sentence = new(
    "pass",
    403,
    "the signature in the path is not valid: it opens the files of one video until its end, and the path behind it is that of \
     the file",
);

/// The path is a canonical path, which only the edge function may send.
pub const CANONICAL: Sentence = new("canonical", 404, "variants are requested by parameters, such as ?w=640");

/// The request has the parameter twice.
pub const REPEATED: Sentence = new("repeated", 400, "'%' must be given once, under one of its names");

/// The parameter's value has a broken percent-escape.
pub const ESCAPE: Sentence = new("escape", 400, "'%' must be valid percent-encoded UTF-8");

/// The policy opens the parameter, or its value, to signed requests only.
pub const UNSIGNED: Sentence = new("unsigned", 403, "this '%' needs a signed link, or a preset that has it");

/// The policy opens other shapes to unsigned requests.
pub const SHAPE: Sentence = new(
    "shape",
    403,
    "without a signature a crop has one of the shapes %, and '%' asks for another one: sign the link, or add the shape \
     to 'shapes' of the policy",
);

/// A parameter is unknown, and another one has nearly the same name.
pub const MISSPELT: Sentence = new("misspelt", 400, "did you mean '%'? There is no parameter '%'");

/// The link has an expiry time or an empty signature, and no signature.
pub const UNSIGNED_LINK: Sentence = new(
    "unsigned-link",
    403,
    "the link's signature 's' is missing: sign the link, or request it without 'expires'",
);

/// The signature doesn't match the URL.
pub const SIGNATURE: Sentence = new(
    "signature",
    403,
    "the link's signature is not valid: a signature is valid for exactly one URL and expiry time",
);

/// The link has expired.
pub const EXPIRED: Sentence = new("expired", 410, "the link has expired");

const METHOD: Sentence = new("method", 405, "files are read with GET or HEAD");

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

/// The sentence for a shape that the policy doesn't open to unsigned requests.
pub fn shape(shapes: &[Ratio], parameter: &str) -> String {
    let shapes: Vec<String> = shapes.iter().map(ToString::to_string).collect();
    SHAPE.with(&shapes.join(", "), parameter)
}

/// The sentence for an unknown parameter, which the policy rejects.
pub fn unknown() -> String {
    format!("unknown parameter; the known ones are {}", known_names().join(", "))
}

/// A sentence for the key-value store of the edge function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSentence {
    /// The key, unique among the sentences. That of a sentence about a parameter's value is the parameter's name.
    pub key: &'static str,
    /// The HTTP status of the response.
    pub status: u16,
    /// The text, as in [`Sentence`].
    pub text: String,
}

/// Every sentence, under a policy with these shapes.
pub fn all(shapes: &[Ratio]) -> Vec<StoredSentence> {
    let fixed = [
        PRIVATE,
        PASS,
        CANONICAL,
        REPEATED,
        ESCAPE,
        UNSIGNED,
        MISSPELT,
        UNSIGNED_LINK,
        SIGNATURE,
        EXPIRED,
        METHOD,
    ];
    let fixed =
        fixed.map(|Sentence { key, status, text }| StoredSentence { key, status, text: text.to_owned() });
    let shape = StoredSentence { key: SHAPE.key, status: SHAPE.status, text: shape(shapes, "%") };
    let of_paths = [
        ("encoding", 400, KeyError::Encoding),
        ("length", 400, KeyError::Length),
        ("area", 404, KeyError::Area),
        ("segment", 400, KeyError::Segment),
    ];
    let of_paths =
        of_paths.map(|(key, status, error)| StoredSentence { key, status, text: error.to_string() });
    let of_values = PARAMETERS.map(|Parameter { name, .. }| StoredSentence {
        key: name,
        status: 400,
        text: not_allowed(name),
    });
    let unknown = StoredSentence { key: "unknown", status: 400, text: unknown() };
    fixed.into_iter().chain([shape, unknown]).chain(of_paths).chain(of_values).collect()
}

const fn new(key: &'static str, status: u16, text: &'static str) -> Sentence {
    Sentence { key, status, text }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_keys_of_sentences_are_unique() {
        let shapes: Vec<Ratio> = [(1, 1), (3, 2)].into_iter().filter_map(|(w, h)| Ratio::new(w, h)).collect();
        let all = all(&shapes);
        let keys: HashSet<&str> = all.iter().map(|sentence| sentence.key).collect();
        assert_eq!(keys.len(), all.len());
        let text = "'w' must be a number from 1 to 8192".to_owned();
        assert!(all.contains(&StoredSentence { key: "w", status: 400, text }));
        let of_shapes = all.iter().find(|sentence| sentence.key == "shape").unwrap();
        assert!(of_shapes.text.contains("one of the shapes 1:1, 3:2, and '%' asks"), "{}", of_shapes.text);
        assert_eq!(UNSIGNED.about("blur"), "this 'blur' needs a signed link, or a preset that has it");
        assert_eq!(MISSPELT.with("crop", "cr%p"), "did you mean 'crop'? There is no parameter 'cr%p'");
    }
}
