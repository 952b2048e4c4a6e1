//! `cdn-config/fixtures/link-vectors.json`: signed links for implementers in other languages. `UPDATE=1 ./test vectors`
//! writes it from the Rust implementation. The edge function accepts every link, and the examples make the same signatures.

use std::process::Command;
use std::sync::LazyLock;

use cdn_config::policy::Policy;
use contract::key::Key;
use contract::link::{sign, signed_text};
use contract::preset::Preset;
use contract::signing_keys::SigningKeys;
use local_edge::functions::EdgeFunctions;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::decision::{Decision, functions, in_javascript, in_rust};
use super::links::LINKS;
use super::signatures::any_query;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../cdn-config/fixtures/link-vectors.json");

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");

/// A signed link and all steps to it.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Vector {
    /// The rule that the vector shows.
    rule: String,
    /// The path of the file, percent-encoded as a client may write it.
    path: String,
    /// The query without signature and expiry time, percent-encoded.
    query: String,
    /// In seconds since 1970.
    expires: Option<u32>,
    /// The secret.
    key: String,
    /// The path of the file in the link.
    file: String,
    /// What the query asks for, in canonical names, values and order. Empty for the original.
    parameters: Map<String, Value>,
    /// The text whose HMAC-SHA256 is the signature, without the expiry time.
    canonical: String,
    /// In base64url without padding.
    signature: String,
    /// The signed link, with the query as it is.
    url: String,
    /// The signed link of `parameters`. It is valid for the same variant.
    canonical_url: String,
}

/// The built-in policy with the preset of the vectors.
static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let mut policy = Policy::built_in();
    policy.rules.presets =
        [("card".to_owned(), Preset::parse("w=200&h=200&fit=crop&blur=20").unwrap())].into();
    policy
});

impl Vector {
    /// The vector of a row: rule, path with query, expiry time, number of the key.
    fn new((rule, url, expires, key): (&str, &str, Option<u32>, usize)) -> Self {
        let key = super::decision::keys().secrets().nth(key).unwrap().to_owned();
        let keys = SigningKeys::parse(&key).unwrap();
        let rules = &POLICY.rules;
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let key_of_file = Key::from_path(path).unwrap();
        let file = key_of_file.to_path();
        let canonical = signed_text(url, None, rules).unwrap();
        let parameters = parameters(canonical.strip_prefix(&key_of_file.to_canonical_path()).unwrap());
        let signed = sign(url, expires, rules, &keys).unwrap();
        let pairs: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let canonical_url = format!("{file}?{}", pairs.join("&"));
        Self {
            rule: rule.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            expires,
            key,
            file,
            parameters: parameters.into_iter().map(|(name, value)| (name, Value::String(value))).collect(),
            canonical,
            signature: signed.rsplit_once("s=").unwrap().1.to_owned(),
            url: signed,
            canonical_url: sign(&canonical_url, expires, rules, &keys).unwrap(),
        }
    }
}

/// The parameters of a canonical text such as `/w=64,fm=auto`, in its order and in the spelling of queries.
fn parameters(text: &str) -> Vec<(String, String)> {
    let pairs = text.trim_start_matches('/').split(',').filter_map(|pair| pair.split_once('='));
    let spelled = |name: &str, value: &str| match name {
        "rect" | "crop" => value.replace('-', ","),
        "v" => value.replace("~3A", ":").replace("~7E", "~"),
        _ => value.to_owned(),
    };
    pairs.map(|(name, value)| (name.to_owned(), spelled(name, value))).collect()
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap()
}

#[test]
fn the_vectors_of_links_are_those_of_the_rust_implementation() {
    let rows: Vec<String> =
        LINKS.iter().map(|row| format!("  {}", serde_json::to_string(&Vector::new(*row)).unwrap())).collect();
    let text = format!("[\n{}\n]\n", rows.join(",\n"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, &text).unwrap();
    }
    let is_current = std::fs::read_to_string(FILE).unwrap_or_default() == text;
    assert!(is_current, "link-vectors.json is out of date: `UPDATE=1 ./test vectors` rewrites it");
    assert!(rows.len() >= 60, "{}", rows.len());
}

#[test]
fn both_implementations_accept_every_vector_and_no_other_signature() {
    let policy = &*POLICY;
    let functions: EdgeFunctions = functions(policy);
    let decide = |url: &str| {
        let (path, query) = url.split_once('?').unwrap();
        let decision = in_rust(path, query, "", &policy.rules);
        assert_eq!(in_javascript(path, query, "", &functions), decision, "{url}");
        decision
    };
    for vector in vectors() {
        let decision = decide(&vector.url);
        let Decision::Forward(path, _) = &decision else { panic!("{vector:?}: {decision:?}") };
        // A viewer without `Accept` gets the class `base`, which has no lossless WebP.
        let of_class =
            vector.canonical.replace("fm=auto,lossless=1", "fm=auto").replace("fm=auto", "fm=auto.base");
        // S3 reads an original by its percent-encoded path.
        let expected = if vector.parameters.is_empty() { &vector.file } else { &of_class };
        assert_eq!(path, expected, "{vector:?}");
        assert_eq!(decide(&vector.canonical_url), decision, "{vector:?}");
        assert!(vector.canonical_url.ends_with(&format!("s={}", vector.signature)), "{vector:?}");
        let wrong = vector.url.replace(&vector.signature, &"A".repeat(43));
        assert!(matches!(decide(&wrong), Decision::Refuse(403, ..)), "{vector:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_link_of_a_query_and_of_its_canonical_parameters_have_the_same_signature(query in any_query()) {
        let (file, rules, keys) = ("/files/1/cat.jpg", &POLICY.rules, super::decision::keys());
        let Ok(text) = signed_text(&format!("{file}?{query}"), None, rules) else { return Ok(()) };
        let pairs = parameters(text.strip_prefix(file).unwrap());
        let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let canonical = format!("{file}?{}", pairs.join("&"));
        prop_assert_eq!(signed_text(&canonical, None, rules), Ok(text));
        let signature = |url: &str| sign(url, None, rules, &keys).unwrap().rsplit_once("s=").unwrap().1.to_owned();
        prop_assert_eq!(signature(&canonical), signature(&format!("{file}?{query}")));
    }
}

/// Runs a program in a folder of the examples. It gets the vectors' file and prints a link of each vector in a line.
fn links_of(program: &str, folder: &str, arguments: &[&str]) -> Vec<String> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(format!("{EXAMPLES}/{folder}")).env("VECTORS", FILE);
    let output = command.output().unwrap_or_else(|error| panic!("{program} can't be started: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn the_examples_make_the_links_of_the_vectors() {
    let node = "import { readFileSync } from 'node:fs';
        import { signedLink } from './tintype.mjs';
        for (const { key, path, parameters, expires } of JSON.parse(readFileSync(process.env.VECTORS)))
          console.log(signedLink(key, path, parameters, expires));";
    let python = "
import json, os, tintype
for vector in json.load(open(os.environ['VECTORS'])):
    print(tintype.signed_link(vector['key'], vector['path'], vector['parameters'], vector['expires']))";
    let expected: Vec<String> = vectors().into_iter().map(|vector| vector.canonical_url).collect();
    assert_eq!(links_of("node", "backend-node", &["--input-type=module", "--eval", node]), expected);
    assert_eq!(links_of("python3", "backend-python", &["-B", "-c", python]), expected);
}

#[test]
fn the_code_on_the_page_is_the_example_for_node() {
    let example = include_str!("../../examples/backend-node/tintype.mjs");
    let (_, code) = example.split_once("// The order of parameters").unwrap();
    let page = include_str!("../../docs/signed-links.md");
    let is_code = |line: &&str| !line.starts_with("/**") && !line.starts_with(" *");
    for line in code.lines().skip(1).filter(is_code) {
        assert!(page.contains(line), "{line}");
    }
}
