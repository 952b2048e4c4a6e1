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

/// The built-in policy with one text in the place of another must be refused with this sentence.
fn check(from: &str, to: &str, expected: &str) {
    assert!(BUILT_IN.contains(from), "{from}");
    let error = Policy::parse(&BUILT_IN.replacen(from, to, 1)).map(|_| "read").map_err(|e| e.to_string());
    assert_eq!(error, Err(expected.to_owned()));
}

#[test]
fn an_error_of_a_list_names_the_entry() {
    check("16, 32,", "32, 16,", "policy: ladder[1]: must be more than the entry before it");
    check("16, 32,", "16, 16,", "policy: ladder[1]: must be more than the entry before it");
    check("16, 32,", "0, 32,", "policy: ladder[0]: must be a whole number from 1 to 8192");
    check("3840", "8193", "policy: ladder[18]: must be a whole number from 1 to 8192");
    check("75, 90]", "75, 101]", "policy: qualities[2]: must be a whole number from 1 to 100");
    let qualities = "policy: qualities: must be a list of 1 to 16 entries, each a whole number from 1 to 100";
    check("[50, 75, 90]", "[]", qualities);
    let shapes = "policy: shapes[1]: must be a ratio such as 16:9 of two whole numbers from 1 to 1000";
    for bad in ["16:0", "16", "16:9:1", "1001:1", "1.91:1", "+1:1", ""] {
        check(r#""5:4""#, &format!(r#""{bad}""#), shapes);
    }
    check(
        r#""5:4""#,
        &vec![r#""5:4""#; 20].join(","),
        "policy: shapes: must be a list of 1 to 32 entries, each a ratio such as 16:9 of two whole numbers from 1 to 1000",
    );
    for (number, bad) in [
        (0, r#"["*", "https://a.example"]"#),
        (0, r#"["a.example"]"#),
        (1, r#"["https://a.example", "https://a.example/"]"#),
    ] {
        let origin = "must be an origin such as https://www.example.com; * must be the only entry";
        check(r#"["*"]"#, bad, &format!("policy: cors.origins[{number}]: {origin}"));
    }
    check(
        r#"["*"]"#,
        &format!("[{}]", vec![r#""https://a.example""#; 17].join(",")),
        "policy: cors.origins: must be at most 16 origins such as https://www.example.com, or only *",
    );
    check(
        r#""clientHints": []"#,
        r#""clientHints": ["DPR", "dpr"]"#,
        "policy: clientHints[1]: must be one of Sec-CH-DPR, Sec-CH-Width, Sec-CH-Viewport-Width, \
         Sec-CH-Viewport-Height, DPR, Width, Viewport-Width, Save-Data",
    );
}

#[test]
fn an_error_names_the_member_and_the_allowed_values() {
    check(
        r#""unsigned": "sizes""#,
        r#""unsigned": "all""#,
        "policy: unsigned: it is `all`, but must be one of `presets`, `widths`, `sizes`, `open` (line 2, column 19)",
    );
    check(
        r#""unknownParameters": "ignored","#,
        r#""unknownParameter": "ignored","#,
        "policy: unknownParameter: there is no such member, but `unsigned`, \
         `unknownParameters`, `ladder`, `shapes`, `qualities`, `defaultQualities`, `formats`, `presets`, `marks`, `prewarm`, \
         `delivery`, `maxAgeSeconds`, `metadata`, `jpeg`, `cors`, `clientHints`, \
         `fallbackImage`, `profile`, `limits`, `video` (line 3, column 20)",
    );
    check(
        "104857600",
        "-1",
        "policy: limits.sourceBytes: it is `-1`, but must be a whole number from 0 (line 21, column 21)",
    );
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
        "policy: profile: it is `quick`, but must be one of `standard`, `fast`, `faithful` (line 11, column 47)",
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
        r#"policy: limits.frames: it is string "1000", but must be a whole number from 0 to 4294967295 (line 23, column 20)"#,
    );
    within(
        r#""frames": 1000"#,
        r#""frames": 1.5"#,
        "policy: limits.frames: it is `1.5`, but must be a whole number from 0 to 4294967295 (line 23, column 17)",
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
        let cost = if dollars < 0.01 { "less than $0.01".to_owned() } else { format!("${dollars:.2}") };
        let row = format!("| `{}`", level.name());
        let row = documented.lines().find(|line| line.starts_with(&row)).unwrap_or_default();
        assert!(row.ends_with(&format!("| {expected} | {cost} |")), "{row}: {cost}");
    };
    check(UnsignedAccess::Widths, "401");
    check(UnsignedAccess::Sizes, "65,781");
}

#[test]
fn the_default_time_of_a_dear_variant_follows_from_the_prices_of_the_cost_page() {
    let page = include_str!("../../../docs/cost.md");
    let row = |name: &str| {
        let row = page.lines().find_map(|line| line.strip_prefix("| ")?.strip_prefix(name));
        let text = row.unwrap_or_else(|| panic!("docs/cost.md has no row {name}"));
        text.trim_matches(['|', ' ']).parse::<f64>().unwrap()
    };
    let storing = [
        "S3: store the variant, and hold it for a month",
        "Lambda: wait until it is stored",
        "S3: compare the original before and after",
        "S3: look it up at the first miss, in vain",
    ];
    let later_misses = row("`misses`") - 1.0;
    let must_be_saved =
        storing.map(row).iter().sum::<f64>() / later_misses + row("S3: read it at a later miss");
    let milliseconds = must_be_saved / row("a millisecond of Lambda");
    let default = (milliseconds / 20.0).ceil() as u32 * 20;
    assert_eq!(default, row("**`delivery.keepFromMilliseconds`**") as u32);

    let mut without: serde_json::Value = serde_json::from_str(BUILT_IN).unwrap();
    without.as_object_mut().unwrap().remove("delivery").unwrap();
    for policy in [Policy::built_in(), Policy::parse(&without.to_string()).unwrap()] {
        assert_eq!(policy.keep, Keep::Dear { from_milliseconds: default });
    }
}

#[test]
fn an_error_about_stored_variants_names_the_allowed_values() {
    let check = |member: &str, value: serde_json::Value, expected: &str| {
        let mut json: serde_json::Value = serde_json::from_str(BUILT_IN).unwrap();
        json["delivery"][member] = value;
        let error = Policy::parse(&json.to_string()).map(|_| "read").map_err(|error| error.to_string());
        assert!(error.as_ref().is_err_and(|error| error.starts_with(expected)), "{member}: {error:?}");
    };
    let keep = "policy: delivery.keep: it is `sometimes`, but must be one of `dear`, `always`, `never`";
    check("keep", "sometimes".into(), keep);
    let from = "policy: delivery.keepFromMilliseconds: must be a whole number from 0 to 60000";
    check("keepFromMilliseconds", 60_001.into(), from);
    let known = "policy: delivery.kept: there is no such member, but `keep` or `keepFromMilliseconds`";
    check("kept", true.into(), known);
}

#[test]
fn a_policy_that_stores_nothing_prewarms_nothing() {
    let with = |keep: &str, prewarm: &str| {
        let mut json: serde_json::Value = serde_json::from_str(BUILT_IN).unwrap();
        json["delivery"] = serde_json::json!({ "keep": keep });
        json["presets"] = serde_json::json!({ "card": "w=200" });
        json["prewarm"] = serde_json::from_str(prewarm).unwrap();
        Policy::parse(&json.to_string()).map(|policy| policy.keep)
    };
    assert_eq!(with("always", r#"["card"]"#), Ok(Keep::Always));
    assert_eq!(with("dear", r#"["card"]"#), Ok(Policy::built_in().keep));
    assert_eq!(with("never", "[]"), Ok(Keep::Never));
    assert_eq!(with("never", r#"["card"]"#), Err(PolicyError::PrewarmWithoutStore));
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

#[test]
fn a_policy_may_ask_for_faithful_pictures_and_progressive_jpegs() {
    let with = |members: &str| Policy::parse(&BUILT_IN.replacen('{', &format!("{{ {members},"), 1)).unwrap();
    let policy = with(r#""profile": "faithful", "jpeg": { "progressive": true }"#);
    assert_eq!((policy.profile, policy.is_jpeg_progressive), (Profile::Faithful, true));
    assert_eq!(
        (Policy::built_in().profile, Policy::built_in().is_jpeg_progressive),
        (Profile::Standard, false)
    );
}

#[test]
fn marks_are_read_and_a_mistake_in_one_is_named() {
    let read = |marks: &str| Policy::parse(&BUILT_IN.replacen('{', &format!(r#"{{ "marks": {marks},"#), 1));
    let policy =
        read(r#"{ "logo": { "key": "private/marks/logo.png", "where": "top,left", "opacity": 0.5 } }"#);
    let mark = policy.unwrap().rules.marks.remove("logo").unwrap();
    assert_eq!((mark.key.as_str(), mark.place.name()), ("private/marks/logo.png", "top-left"));
    assert_eq!((mark.width, mark.margin, mark.opacity), (200, 30, 500));
    let check = |marks: &str, expected: &str| {
        let error = read(marks).map(|_| "read").map_err(|error| error.to_string());
        assert_eq!(error, Err(format!("policy: {expected}")), "{marks}");
    };
    let key = "marks.key: must be the key of a PNG or JPEG, such as private/marks/logo.png";
    check(r#"{ "logo": { "key": "videos/1/logo.png" } }"#, key);
    check(r#"{ "logo": { "key": "logo.png" } }"#, key);
    let of = |member: &str| format!(r#"{{ "logo": {{ "key": "files/logo.png", {member} }} }}"#);
    check(&of(r#""width": 1.5"#), "marks.width: must be a number from 0.001 to 1");
    check(&of(r#""margin": 0.6"#), "marks.margin: must be a number from 0 to 0.5");
    check(&of(r#""opacity": 0"#), "marks.opacity: must be a number from 0.001 to 1");
    check(
        &of(r#""where": "middle""#),
        "marks.where: must be center, top, bottom, left, right, or a corner such as bottom,right",
    );
    check(
        r#"{ "Logo": { "key": "files/logo.png" } }"#,
        "marks: must be at most 16 marks, each name 1 to 32 lower case letters, digits and hyphens",
    );
    let preset = BUILT_IN.replacen('{', r#"{ "presets": { "card": "w=9&mark=logo" },"#, 1);
    let missing = Policy::parse(&preset).map(|_| "read").map_err(|error| error.to_string());
    assert_eq!(missing, Err("policy: presets.card: there is no mark 'logo' in 'marks'".to_owned()));
}
