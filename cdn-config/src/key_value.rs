//! The data of the CloudFront `KeyValueStore`, from which the edge function reads the policy.
//!
//! Most requests cost one read, `policy`. The name of a colour and a preset cost two more reads each, an error one or two.
//! A change of the data needs no deployment of the function.

use std::collections::BTreeMap;

use contract::color::Color;
use contract::policy::{DefaultQualities, Rules, UnknownParameters};
use contract::preset::Preset;
use contract::ratio::Ratio;
use contract::sentences;
use contract::signing_keys::SigningKeys;
use serde_json::json;

use crate::policy::Policy;

/// The maximum length of a value, in characters (CloudFront's quota, "maximum size of a value in a key value pair").
pub const MAX_VALUE_CHARS: usize = 1024;

/// The error responses of the edge function: status, name, title and `Cache-Control`. The services send the same
/// responses.
const PROBLEMS: [(u16, &str, &str, &str); 5] = [
    (400, "bad-request", "The request can't be understood", "public, max-age=3600"),
    (403, "forbidden", "A valid signature is needed", "public, max-age=60"),
    (404, "not-found", "There is no such file", "public, max-age=60"),
    (410, "expired", "The link has expired", "public, max-age=3600"),
    (405, "method-not-allowed", "The method isn't allowed here", "public, max-age=3600"),
];

/// The pairs of the key-value store: `policy`, a `preset/<name>` for every preset, a `color/<name>` for every colour of
/// CSS, a `detail/<key>` for every sentence and a `problem/<status>` for every error response.
pub fn key_value_data(policy: &Policy) -> Vec<(String, String)> {
    let presets =
        policy.rules.presets.iter().map(|(name, preset)| (format!("preset/{name}"), values(preset)));
    let colors = Color::named().map(|(name, color)| (format!("color/{name}"), color.to_string()));
    let details = sentences::all().into_iter().map(|(key, text)| (format!("detail/{key}"), text));
    let problems = PROBLEMS.map(|(status, name, title, cache)| {
        let problem = json!({ "status": status, "name": name, "title": title, "cache": cache });
        (format!("problem/{status}"), problem.to_string())
    });
    let rules = ("policy".to_owned(), compact(&policy.rules));
    [rules].into_iter().chain(presets).chain(colors).chain(details).chain(problems).collect()
}

/// The pairs in the import format of a key-value store: `{"data":[{"key":…,"value":…}]}`.
pub fn key_value_json(policy: &Policy) -> String {
    let pairs: Vec<_> = key_value_data(policy)
        .into_iter()
        .map(|(key, value)| json!({ "key": key, "value": value }))
        .collect();
    json!({ "data": pairs }).to_string()
}

/// The pair with the keys of signed links. It is secret: write it only to the store, together with [`key_value_data`],
/// and never to a file of a deployment.
pub fn signing_pair(keys: &SigningKeys) -> (String, String) {
    ("signing".to_owned(), keys.secrets().collect::<Vec<_>>().join(","))
}

/// A preset's values by canonical name, in JSON.
fn values(preset: &Preset) -> String {
    json!(preset.values().collect::<BTreeMap<_, _>>()).to_string()
}

fn compact(rules: &Rules) -> String {
    let unknown = match rules.unknown {
        UnknownParameters::Ignore => "ignored",
        UnknownParameters::Reject => "refused",
    };
    let DefaultQualities { jpeg, webp, avif } = rules.default_qualities;
    json!({
        "unsigned": rules.unsigned.name(),
        "unknown": unknown,
        "ladder": rules.ladder.iter().map(|side| side.pixels()).collect::<Vec<_>>(),
        "shapes": rules.shapes.iter().map(Ratio::to_string).collect::<Vec<_>>(),
        "qualities": rules.qualities.iter().map(|quality| quality.get()).collect::<Vec<_>>(),
        "defaults": { "jpeg": jpeg.get(), "webp": webp.get(), "avif": avif.get() },
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_are_one_value() {
        let data = key_value_data(&Policy::built_in());
        let value = concat!(
            r#"{"defaults":{"avif":76,"jpeg":80,"webp":76},"ladder":[16,32,48,64,96,128,256,384,480,640,750,828,1080,1200,1440,1920,2048,2560,3840],"#,
            r#""qualities":[50,75,90],"shapes":["1:1","5:4","4:3","3:2","16:10","16:9","2:1","21:9","3:1","4:5","3:4","#,
            r#""2:3","10:16","9:16","1:2","9:21","1:3"],"unknown":"ignored","unsigned":"sizes"}"#
        );
        assert_eq!(data[0], ("policy".to_owned(), value.to_owned()));
        assert!(data.contains(&("color/rebeccapurple".to_owned(), "663399".to_owned())));
        assert!(data.contains(&("color/transparent".to_owned(), "00000000".to_owned())));
        assert!(data.contains(&(
            "detail/unsigned".to_owned(),
            "this '%' needs a signed link, or a preset that has it".to_owned()
        )));
    }

    #[test]
    fn the_largest_policy_fits_into_one_value() {
        let largest = json!({
            "unsigned": "widths",
            "unknownParameters": "refused",
            "ladder": (8129..=8192).collect::<Vec<_>>(),
            "shapes": vec!["1000:1000"; 32],
            "qualities": (85..=100).collect::<Vec<_>>(),
            "defaultQualities": { "jpeg": 100, "webp": 100, "avif": 100 },
            "formats": { "avif": { "budgetMilliseconds": 0 } },
            "presets": { "card": "w=200&height=200&fit=crop" },
            "maxAgeSeconds": { "originals": 0, "variants": 0 },
            "limits": { "sourceBytes": 1, "sourcePixels": 1, "frames": 1, "animationPixels": 1, "outputSide": 1, "memoryBytes": 1 },
        });
        let policy = Policy::parse(&largest.to_string()).unwrap();
        let card = r#"{"fit":"crop","h":"200","w":"200"}"#;
        assert!(key_value_data(&policy).contains(&("preset/card".to_owned(), card.to_owned())));
        for (key, value) in key_value_data(&policy) {
            assert!(value.chars().count() <= MAX_VALUE_CHARS && key.len() <= 512, "{key}: {}", value.len());
        }
    }

    #[test]
    fn the_longest_secrets_fit_into_one_value() {
        let secret = "a".repeat(contract::signing_keys::MAX_SECRET_BYTES);
        let pair = signing_pair(&SigningKeys::parse(&format!("{secret}, {secret}")).unwrap());
        assert_eq!(pair, ("signing".to_owned(), format!("{secret},{secret}")));
        assert!(pair.1.len() <= MAX_VALUE_CHARS);
    }

    #[test]
    fn the_import_format_holds_every_pair() {
        let policy = Policy::built_in();
        let import: serde_json::Value = serde_json::from_str(&key_value_json(&policy)).unwrap();
        let pairs = import["data"].as_array().unwrap();
        assert_eq!(pairs.len(), key_value_data(&policy).len());
        assert_eq!(pairs[0]["key"], "policy");
        assert!(pairs[1]["value"].is_string());
    }
}
