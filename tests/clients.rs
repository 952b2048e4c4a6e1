//! The packages for npm in `packages/`, and `clients/python`. Their own tests run here against a stack, and their signatures
//! are compared with those of `contract` for many more requests than the published vectors have. They need Node.js, the
//! packages of `packages/package-lock.json`, Chromium, ffmpeg and Python, which `./test` installs.

use std::process::Command;

use cdn_config::policy::Policy;
use contract::link::signed_text;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::grammar::any_query;
use crate::support::pictures::{jpeg, quarters};
use crate::support::{Running, packages};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The number of random queries.
const QUERIES: usize = 500;

#[tokio::test(flavor = "multi_thread")]
async fn the_packages_pass_their_tests_against_a_stack() {
    let stack = Running::start().await;
    let secret = |name: &str| std::fs::read_to_string(stack.data().join(name)).unwrap();
    let mut npm = Command::new("npm");
    npm.args(["test", "--silent"])
        .current_dir(packages::built())
        .env("EDGE", stack.edge())
        .env("TINTYPE_LINK_SECRET", secret("link-secret"))
        .env("TINTYPE_SESSION_SECRET", secret("session-secret"));
    let said = tokio::task::spawn_blocking(move || output_of(&mut npm)).await.unwrap();
    assert!(said.contains("pass"), "no test ran: {said}");
}

#[test]
fn the_file_for_python_passes_its_tests() {
    let mut python = Command::new("python3");
    python.args(["-B", "-m", "unittest", "--verbose"]).current_dir(format!("{ROOT}/clients/python"));
    let output = python.output().unwrap_or_else(|error| panic!("python3 can't be started: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("README.md ... ok"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_and_links_of_the_file_for_python_hold_at_a_stack() {
    let stack = Running::start().await;
    let secret = |name: &str| std::fs::read_to_string(stack.data().join(name)).unwrap();
    let session = format!("session_token('{}', 'alice', max_bytes=1000)", secret("session-secret"));
    let token = in_python(&session);
    for (size, status) in [(1000, 201), (1001, 413)] {
        let request = json!({ "filename": "cat.jpg", "type": "image/jpeg", "size": size });
        let (answered, body) = stack.ask_signer(&format!("/u/{token}/uploads"), &request).await;
        assert_eq!(answered, status, "{body}");
    }
    let upload = json!({ "filename": "a cat.jpg", "type": "image/jpeg", "visibility": "private" });
    let photo = stack.upload_as(&upload, &jpeg(&quarters(800, 600))).await;
    let link = |expires: u32| {
        let url = format!("{photo}?dpr=2&width=111&background=navy");
        in_python(&format!("signed_url('{}', '{url}', {expires})", secret("link-secret")))
    };
    assert_eq!(stack.get(&link(4_102_444_800)).await.picture().dimensions(), (222, 167));
    assert_eq!(stack.get(&link(1_000_000_000)).await.status, 410);
}

/// The value of an expression of the file for Python.
fn in_python(expression: &str) -> String {
    let mut python = Command::new("python3");
    python.args(["-B", "-c", &format!("from tintype import *; print({expression})")]);
    output_of(python.current_dir(format!("{ROOT}/clients/python"))).trim_end().to_owned()
}

#[test]
fn the_clients_sign_what_the_services_sign_and_refuse_what_they_refuse() {
    let urls = urls();
    let rules = Policy::built_in().rules;
    let expected: Vec<Value> = urls.iter().map(|url| json!(signed_text(url, None, &rules).ok())).collect();
    assert!(expected.iter().filter(|text| text.is_string()).count() > 200);
    assert!(expected.iter().filter(|text| text.is_null()).count() > 100);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), json!(urls).to_string()).unwrap();

    let script = "import { readFileSync } from 'node:fs';
        import { LinkError, signedText } from '@tintype/client/sign';
        const text = (url) => {
          try { return signedText(url); } catch (error) { if (error instanceof LinkError) return null; throw error; }
        };
        console.log(JSON.stringify(JSON.parse(readFileSync(process.env.URLS)).map(text)));";
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", script]).current_dir(packages::built());
    compare("@tintype/client", node.env("URLS", file.path()), &urls, &expected);

    let script = "
import json, os, tintype
def text(url):
    try: return tintype.signed_text(url)
    except tintype.LinkError: return None
print(json.dumps([text(url) for url in json.load(open(os.environ['URLS']))]))";
    let mut python = Command::new("python3");
    python.args(["-B", "-c", script]).current_dir(format!("{ROOT}/clients/python"));
    compare("tintype.py", python.env("URLS", file.path()), &urls, &expected);
}

/// The requests of the grammar's table, and random queries.
fn urls() -> Vec<String> {
    let table = std::fs::read_to_string(format!("{ROOT}/cdn-config/fixtures/requests.json")).unwrap();
    let rows: Vec<Value> = serde_json::from_str(&table).unwrap();
    let of_table = rows.iter().map(|row| {
        let [path, query] = ["path", "query"].map(|name| row[name].as_str().unwrap());
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    });
    let mut random = TestRunner::deterministic();
    let queries = (0..QUERIES).map(|_| any_query().new_tree(&mut random).unwrap().current());
    of_table.chain(queries.map(|query| format!("/files/1/cat.jpg?{query}"))).collect()
}

/// Panics with the first URL for which a client prints another text than `contract`.
fn compare(client: &str, command: &mut Command, urls: &[String], expected: &[Value]) {
    let output = command.output().unwrap_or_else(|error| panic!("{client} can't be started: {error}"));
    assert!(output.status.success(), "{client}: {}", String::from_utf8_lossy(&output.stderr));
    let texts: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(texts.len(), urls.len());
    for ((url, text), expected) in urls.iter().zip(&texts).zip(expected) {
        assert_eq!(text, expected, "{client}: {url}");
    }
}

/// Standard output of a command that succeeds.
fn output_of(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} can't be started: {error}"));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    said
}
