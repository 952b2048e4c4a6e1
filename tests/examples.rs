//! The files of `examples/`, run against a stack. The loader for `next/image` is run by `loaders`, Uppy by `uppy`. Needs
//! Node.js and Python, which `./test` installs.

use std::process::Command;

use serde_json::json;

use crate::support::Running;
use crate::support::pictures::{jpeg, quarters};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");

/// Standard output of a program that runs in a folder of the examples.
fn printed(program: &str, folder: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(format!("{FOLDER}/{folder}")).output();
    let output = output.unwrap_or_else(|error| panic!("{program} can't be started: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// The value of an expression with the functions of the example for Node.js.
fn in_node(expression: &str) -> String {
    let script = format!("import * as tintype from './tintype.mjs'; console.log({expression});");
    printed("node", "backend-node", &["--input-type=module", "--eval", &script])
}

/// The value of an expression with the functions of the example for Python.
fn in_python(expression: &str) -> String {
    let script = format!("import tintype; print({expression})");
    printed("python3", "backend-python", &["-B", "-c", &script])
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_the_backends_let_their_users_upload_within_the_limits() {
    let stack = Running::start().await;
    let secret = std::fs::read_to_string(stack.data().join("session-secret")).unwrap();
    let check = async |token: &str, size: u32, status: u16| {
        let request = json!({ "filename": "cat.jpg", "type": "image/jpeg", "size": size });
        let (answered, body) = stack.ask_signer(&format!("/u/{token}/uploads"), &request).await;
        assert_eq!(answered, status, "{token}: {body}");
    };
    for token in [
        in_node(&format!("tintype.sessionToken('{secret}', 'alice', {{ maxBytes: 1000 }})")),
        in_python(&format!("tintype.session_token('{secret}', 'alice', maxBytes=1000)")),
    ] {
        check(&token, 1000, 201).await;
        check(&token, 1001, 413).await;
    }
    for token in [
        in_node(&format!("tintype.sessionToken('{secret}', 'alice', {{ prefix: 'private/' }})")),
        in_python(&format!("tintype.session_token('{secret}', 'alice', prefix='private/')")),
    ] {
        check(&token, 1000, 403).await;
    }
    check(&in_node("tintype.sessionToken('another secret of at least 32 bytes', 'alice')"), 1000, 403).await;
}

#[test]
fn the_backends_name_claims_of_sessions_that_the_signer_reads() {
    let document = std::fs::read_to_string(format!("{FOLDER}/../docs/upload-api.md")).unwrap();
    for file in ["backend-node/tintype.mjs", "backend-python/tintype.py"] {
        let text = std::fs::read_to_string(format!("{FOLDER}/{file}")).unwrap().replace("\n *", "\n");
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = words.join(" ");
        let claims = text.split("may have the claims ").nth(1).unwrap();
        let claims = claims.split(" of docs/upload-api.md").next().unwrap().replace(" and ", ", ");
        assert!(claims.split(", ").count() > 3, "{file}: {claims}");
        for claim in claims.split(", ") {
            assert!(document.contains(&format!("\n| `{claim}` | ")), "{file}: {claim}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_of_the_backends_open_private_files_in_any_variant() {
    let stack = Running::start().await;
    let secret = std::fs::read_to_string(stack.data().join("link-secret")).unwrap();
    let bytes = jpeg(&quarters(400, 300));
    let upload = json!({ "filename": "cat.jpg", "type": "image/jpeg", "visibility": "private" });
    let photo = stack.upload_as(&upload, &bytes).await;
    assert_eq!(stack.get(&photo).await.status, 403);
    let in_both = |node: &str, python: &str| {
        let link = in_node(&format!("tintype.signedLink('{secret}', '{photo}'{node})"));
        assert_eq!(link, in_python(&format!("tintype.signed_link('{secret}', '{photo}'{python})")));
        link
    };
    assert_eq!(stack.get(&in_both("", "")).await.body, bytes);
    let variant = in_both(", { w: 333 }", ", {'w': 333}");
    assert_eq!(stack.get(&variant).await.picture().dimensions(), (333, 250));
    let lasting = in_both(", { w: 64 }, 4102444800", ", {'w': 64}, 4102444800");
    assert_eq!(stack.get(&lasting).await.picture().dimensions(), (64, 48));
    let expired = in_both(", { w: 64 }, 1000000000", ", {'w': 64}, 1000000000");
    assert_eq!(stack.get(&expired).await.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_url_of_the_html_gets_the_width_that_it_asks_for() {
    let stack = Running::start().await;
    let photo = stack.upload("cat.jpg", "image/jpeg", &jpeg(&quarters(2000, 1500))).await;
    let html = std::fs::read_to_string(format!("{FOLDER}/html/index.html")).unwrap().replace("&amp;", "&");
    let queries: Vec<&str> = html
        .split("https://cdn.example.com/files/ID/cat.jpg")
        .skip(1)
        .map(|rest| rest.split(|char: char| char.is_whitespace() || char == '"').next().unwrap())
        .collect();
    assert_eq!(queries.len(), 7, "{queries:?}");
    for query in queries {
        let number =
            |name: &str| query.split(['?', '&']).find_map(|pair| pair.strip_prefix(name)?.parse().ok());
        let width: u32 = number("w=").unwrap();
        let height: u32 = number("h=").unwrap_or(width * 3 / 4);
        assert_eq!(
            stack.get(&format!("{photo}{query}")).await.picture().dimensions(),
            (width, height),
            "{query}"
        );
    }
}
