use contract::policy::UnsignedAccess;
use contract::variant_count::variants_per_source;

use super::document::BUILT_IN;
use super::*;

#[test]
fn the_built_in_policy_is_valid() {
    let policy = Policy::built_in();
    assert_eq!(policy.rules.ladder.len(), 19);
    assert_eq!(policy.rules.shapes.len(), 17);
    assert!(policy.rules.presets.is_empty());
    assert_eq!(policy.rules.default_qualities.webp.get(), 76);
    assert_eq!((policy.rules.default_qualities.avif.get(), policy.avif_budget_milliseconds), (76, 100));
    assert_eq!(policy.max_age.variants_seconds, 86_400);
    assert_eq!((policy.cors, policy.fallback_image), (Cors::Any, None));
    assert!(policy.client_hints.is_empty());
    assert_eq!(policy.limits.source_bytes, 100 * 1024 * 1024);
    assert_eq!(policy.limits.memory_bytes, 1536 * 1024 * 1024);
}

#[test]
fn an_error_names_the_member_and_the_allowed_values() {
    let check = |from: &str, to: &str, expected: &str| {
        assert!(BUILT_IN.contains(from), "{from}");
        let error = Policy::parse(&BUILT_IN.replacen(from, to, 1)).map(|_| "read").map_err(|e| e.to_string());
        assert_eq!(error, Err(expected.to_owned()));
    };
    check(
        r#""unsigned": "sizes""#,
        r#""unsigned": "all""#,
        "policy: unsigned: it is `all`, but must be one of `presets`, `widths`, `sizes`, `open` (line 2, column 19)",
    );
    check(
        r#""unknownParameters": "ignored","#,
        r#""unknownParameter": "ignored","#,
        "policy: unknownParameter: there is no such member, but `unsigned`, \
         `unknownParameters`, `ladder`, `shapes`, `qualities`, `defaultQualities`, `formats`, `presets`, `prewarm`, \
         `maxAgeSeconds`, `metadata`, `cors`, `clientHints`, \
         `fallbackImage`, `profile`, `limits`, `video` (line 3, column 20)",
    );
    check(
        "104857600",
        "-1",
        "policy: limits.sourceBytes: it is `-1`, but must be a whole number from 0 (line 20, column 21)",
    );
    let ladder = "policy: ladder: must be 1 to 64 whole numbers from 1 to 8192, ascending";
    check("16, 32,", "32, 16,", ladder);
    check("16, 32,", "16, 16,", ladder);
    check("16, 32,", "0, 32,", ladder);
    check("3840", "8193", ladder);
    let qualities = "policy: qualities: must be 1 to 16 whole numbers from 1 to 100, ascending";
    check("75, 90]", "75, 101]", qualities);
    check("[50, 75, 90]", "[]", qualities);
    let shapes =
        "policy: shapes: must be 1 to 32 ratios such as 16:9, each of two whole numbers from 1 to 1000";
    for bad in ["16:0", "16", "16:9:1", "1001:1", "1.91:1", "+1:1", ""] {
        check(r#""5:4""#, &format!(r#""{bad}""#), shapes);
    }
    check(r#""5:4""#, &vec![r#""5:4""#; 20].join(","), shapes);
    check(
        r#""jpeg": 80"#,
        r#""jpeg": 0"#,
        "policy: defaultQualities.jpeg: must be a whole number from 1 to 100",
    );
    check(
        r#""budgetMilliseconds": 100"#,
        r#""budgetMilliseconds": 60001"#,
        "policy: formats.avif.budgetMilliseconds: must be a whole number from 0 to 60000",
    );
    let qualities = r#""qualities": [50, 75, 90],"#;
    let with = |presets: &str| format!(r#"{qualities} "presets": {presets},"#);
    check(
        qualities,
        &with(r#"{"Card": "w=200"}"#),
        "policy: presets: must be at most 256 sets, each name 1 to 32 lower case letters, digits and hyphens",
    );
    check(
        qualities,
        &with(r#"{"card": "w=200&h=0"}"#),
        "policy: presets.card: 'h' must be a number from 1 to 8192",
    );
    check(
        qualities,
        &format!(r#"{qualities} "presets": {{"card": "w=200"}}, "prewarm": ["card", "hero"],"#),
        "policy: prewarm: there is no preset 'hero'",
    );
    check(
        r#""variants": 86400"#,
        r#""variants": 31536001"#,
        "policy: maxAgeSeconds.variants: must be a whole number from 0 to 31536000",
    );
    let origins =
        "policy: cors.origins: must be at most 16 origins such as https://www.example.com, or only *";
    for bad in [r#"["*", "https://a.example"]"#, r#"["a.example"]"#, r#"["https://a.example/"]"#] {
        check(r#"["*"]"#, bad, origins);
    }
    check(
        r#""clientHints": []"#,
        r#""clientHints": ["dpr"]"#,
        "policy: clientHints: must be among Sec-CH-DPR, Sec-CH-Width, Sec-CH-Viewport-Width, \
         Sec-CH-Viewport-Height, DPR, Width, Viewport-Width, Save-Data",
    );
    for bad in ["private/a.png", "files/", "https://cdn.example.com/files/a.png"] {
        check(
            r#""fallbackImage": null"#,
            &format!(r#""fallbackImage": "{bad}""#),
            "policy: fallbackImage: must be the key of a public file, such as files/missing.png, or null",
        );
    }
    check(
        qualities,
        &format!(r#"{qualities} "profile": "quick","#),
        "policy: profile: it is `quick`, but must be `standard` or `fast` (line 11, column 47)",
    );
    check("100000000", "0", "policy: limits.sourcePixels: must be a whole number from 1");
    check(r#""frames": 1000"#, r#""frames": 0"#, "policy: limits.frames: must be a whole number from 1");
    check("400000000", "0", "policy: limits.animationPixels: must be a whole number from 1");
    check(
        r#""outputSide": 8192"#,
        r#""outputSide": 0"#,
        "policy: limits.outputSide: must be a whole number from 1 to 8192",
    );
}

#[test]
fn a_mistake_in_the_structure_is_described_in_json_terms() {
    let check = |text: &str, expected: &str| {
        assert_eq!(
            Policy::parse(text).map(|_| "read").map_err(|error| error.to_string()),
            Err(expected.to_owned())
        );
    };
    check("{}", "policy: unsigned: it is required but missing");
    check("[]", "policy: (top level): it is a list, but must be an object (line 1, column 2)");
    check("{", "policy: it is not JSON: EOF while parsing an object (line 1, column 1)");
    check("", "policy: it is not JSON: EOF while parsing a value (line 1, column 0)");
    check("{,}", "policy: it is not JSON: key must be a string (line 1, column 2)");
    let end = format!("{BUILT_IN}}}");
    let lines = BUILT_IN.lines().count();
    check(&end, &format!("policy: it is not JSON: trailing characters (line {}, column 1)", lines + 1));
    let within = |from: &str, to: &str, expected: &str| check(&BUILT_IN.replacen(from, to, 1), expected);
    within(r#""frames": 1000,"#, "", "policy: limits.frames: it is required but missing");
    within(
        r#""frames": 1000"#,
        r#""frames": "1000""#,
        r#"policy: limits.frames: it is string "1000", but must be a whole number from 0 to 4294967295 (line 22, column 20)"#,
    );
    within(
        r#""frames": 1000"#,
        r#""frames": 1.5"#,
        "policy: limits.frames: it is `1.5`, but must be a whole number from 0 to 4294967295 (line 22, column 17)",
    );
}

#[test]
fn the_documentation_has_the_number_and_the_cost_of_the_variants_of_each_level() {
    let documented = include_str!("../../../docs/image-api.md");
    let costs = include_str!("../../../docs/cost.md");
    let row = costs.lines().find_map(|line| line.strip_prefix("| Tintype | ")).unwrap();
    let dollars_per_million: f64 = row.split(" |").next().unwrap().parse().unwrap();
    assert!(documented.contains(&format!("${dollars_per_million} a million")));
    let check = |level: UnsignedAccess, expected: &str| {
        let mut rules = Policy::built_in().rules;
        rules.unsigned = level;
        let count = variants_per_source(&rules).unwrap();
        assert_eq!(count.to_string(), expected.replace(',', ""));
        assert!(count <= 100_000, "{count}");
        let dollars = count as f64 * dollars_per_million / 1e6;
        assert!(dollars < 1.0, "{dollars}");
        let cost = format!("${dollars:.2}");
        let row = format!("| `{}`", level.name());
        let row = documented.lines().find(|line| line.starts_with(&row)).unwrap_or_default();
        assert!(row.ends_with(&format!("| {expected} | {cost} |")), "{row}: {cost}");
    };
    check(UnsignedAccess::Widths, "401");
    check(UnsignedAccess::Sizes, "65,781");
}

#[test]
fn a_policy_without_shapes_has_those_of_the_built_in_policy() {
    let mut json: serde_json::Value = serde_json::from_str(BUILT_IN).unwrap();
    assert!(json.as_object_mut().unwrap().remove("shapes").is_some());
    assert_eq!(Policy::parse(&json.to_string()).unwrap(), Policy::built_in());
}

#[test]
fn the_members_about_delivery_are_read() {
    let text = BUILT_IN
        .replace(r#"["*"]"#, r#"["https://a.example", "http://localhost:3000"]"#)
        .replace(r#""clientHints": []"#, r#""clientHints": ["Sec-CH-DPR", "Save-Data"]"#)
        .replace(r#""fallbackImage": null"#, r#""fallbackImage": "files/missing.png""#);
    let policy = Policy::parse(&text).unwrap();
    let origins = ["https://a.example", "http://localhost:3000"].map(str::to_owned).to_vec();
    assert_eq!(policy.cors, Cors::Listed(origins));
    assert_eq!(policy.client_hints, ["Sec-CH-DPR", "Save-Data"]);
    assert_eq!(policy.fallback_image.unwrap().as_str(), "files/missing.png");
}

#[test]
fn the_documentation_has_a_row_for_every_member() {
    fn members(value: &serde_json::Value, path: &str, found: &mut Vec<String>) {
        // Another page documents the members about videos.
        if let serde_json::Value::Object(object) = value
            && path != ".video"
        {
            for (name, value) in object {
                members(value, &format!("{path}.{name}"), found);
            }
        } else {
            found.push(path.trim_start_matches('.').to_owned());
        }
    }
    let mut found = vec!["presets".to_owned()];
    members(&serde_json::from_str(BUILT_IN).unwrap(), "", &mut found);
    let documented = include_str!("../../../docs/policy.md");
    for member in found {
        assert!(documented.contains(&format!("| `{member}` |")), "docs/policy.md has no row for `{member}`");
    }
}
