//! What `docs/image-api.md` and its neighbours give to paste, asked of a running stack.

use serde_json::json;

use crate::support::Running;
use crate::support::pictures::{jpeg, quarters};

const PAGE: &str = include_str!("../docs/image-api.md");

/// The rows of the table under "Each feature, to paste": the query, and whether it needs a signature.
fn rows() -> Vec<(&'static str, bool)> {
    let (_, section) = PAGE.split_once("## Each feature, to paste").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let row = |line: &'static str| {
        let (query, rest) = line.strip_prefix("| `")?.split_once('`')?;
        Some((query, rest.starts_with(" ✍ ")))
    };
    section.lines().filter_map(row).collect()
}

#[tokio::test]
async fn every_feature_of_the_table_answers_as_it_is_pasted() {
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
        // A rung above, or a version that is passed over, is another answer than the signed one.
        assert!(unsigned == 403 || matches!(query, "?w=333" | "?w=640&v=2"), "{query}: {unsigned}");
        let (status, answer) = stack.ask_signer("/signed-urls", &json!({ "url": url })).await;
        assert_eq!(status, 200, "{query}: {answer}");
        let link = answer["url"].as_str().unwrap();
        assert_eq!(stack.get(link).await.status, 200, "{query}");
    }
}

#[test]
fn every_parameter_has_a_row() {
    let rows = rows();
    // Accepted, or spelled out elsewhere: a preset of the policy, links, imgix' `auto`, and what only goes with others.
    let elsewhere = ["preset", "enlarge", "auto", "expires", "s"];
    for parameter in contract::parameters::PARAMETERS {
        let is_there = |name: &str| {
            let given = |query: &str| {
                query.trim_start_matches('?').split('&').any(|pair| pair.split('=').next() == Some(name))
            };
            rows.iter().any(|(query, _)| given(query))
        };
        assert!(
            elsewhere.contains(&parameter.name) || parameter.names().any(is_there),
            "{} has no row under 'Each feature, to paste'",
            parameter.name
        );
    }
}

#[test]
fn the_loader_of_the_page_is_the_one_that_is_tested() {
    let tested = include_str!("../examples/next-image/loader.mjs");
    for line in tested.lines().filter(|line| !line.starts_with("//")) {
        assert!(PAGE.contains(line), "{line}");
    }
}
