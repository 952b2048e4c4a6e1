//! The examples of `docs/image-api.md`, requested from a running stack.

use serde_json::json;

use crate::support::Running;
use crate::support::pictures::{jpeg, quarters};

const PAGE: &str = include_str!("../docs/image-api.md");

/// The rows of the table under "Examples of each feature": the query, and `true` if it needs a signature.
fn rows() -> Vec<(&'static str, bool)> {
    let (_, section) = PAGE.split_once("## Examples of each feature").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let row = |line: &'static str| {
        let (query, rest) = line.strip_prefix("| `")?.split_once('`')?;
        Some((query, rest.starts_with(" ✍ ")))
    };
    section.lines().filter_map(row).collect()
}

#[tokio::test]
async fn every_example_of_a_feature_succeeds() {
    let stack = Running::start().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(800, 600))).await;
    let rows = rows();
    assert!(rows.len() > 20, "{}", rows.len());
    for (query, is_signed) in rows {
        let url = format!("{photo}{query}");
        let unsigned = stack.get(&url).await.status;
        if !is_signed {
            assert_eq!(unsigned, 200, "{query}");
            continue;
        }
        // Without a signature these two give another variant: the next rung, and no version.
        assert!(unsigned == 403 || matches!(query, "?w=333" | "?w=640&v=2"), "{query}: {unsigned}");
        let (status, answer) = stack.ask_signer("/signed-urls", &json!({ "url": url })).await;
        assert_eq!(status, 200, "{query}: {answer}");
        let link = answer["url"].as_str().unwrap();
        assert_eq!(stack.get(link).await.status, 200, "{query}");
    }
}

#[test]
fn every_parameter_has_an_example() {
    let rows = rows();
    // Documented elsewhere: presets, links, imgix' `auto`, and parameters that have an effect only with others.
    let elsewhere = ["preset", "enlarge", "auto", "expires", "s"];
    for parameter in contract::parameters::PARAMETERS {
        let has_example = |name: &str| {
            let has_name = |query: &str| {
                query.trim_start_matches('?').split('&').any(|pair| pair.split('=').next() == Some(name))
            };
            rows.iter().any(|(query, _)| has_name(query))
        };
        assert!(
            elsewhere.contains(&parameter.name) || parameter.names().any(has_example),
            "{} has no row under 'Examples of each feature'",
            parameter.name
        );
    }
}

#[test]
fn the_loader_on_the_page_is_the_tested_one() {
    let tested = include_str!("../examples/next-image/loader.mjs");
    for line in tested.lines().filter(|line| !line.starts_with("//")) {
        assert!(PAGE.contains(line), "{line}");
    }
}
