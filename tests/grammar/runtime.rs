//! The edge functions in njs, the engine closest to the runtime `cloudfront-js-2.0`. It rejects the syntax that the runtime
//! rejects (destructuring, spread, classes, `for…of`, default parameters), and runs the table of cases.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use cdn_config::behaviors::{OriginId, Target};
use cdn_config::functions::{VIEWER_REQUEST, VIEWER_RESPONSE};
use contract::query;
use serde::Deserialize;
use serde_json::{Value, json};

use super::decision::{Decision, NOW_SECONDS, refusal, store};
use super::table::{Case, cases};

/// The module `cloudfront` that the functions import, with the key-value data of the current case.
const CLOUDFRONT: &str = "
const at = { data: {}, selected: null };
const store = {
  get: async function (key, options) {
    if (at.data[key] === undefined) throw new Error('KeyNotFound');
    return options && options.format === 'json' ? JSON.parse(at.data[key]) : at.data[key];
  },
  exists: async function (key) { return at.data[key] !== undefined; },
};
export default {
  at: at,
  kvs: function () { return store; },
  selectRequestOriginById: function (id) { at.selected = id; },
  createRequestOriginGroup: function (group) { at.selected = group.originIds[0].originId; },
};
";

/// Runs the handler for every event and prints the results. It prints in parts, because njs truncates lines above 2048
/// characters. A row ends with an empty line.
const DRIVER: &str = "
async function drive(rows) {
  for (let i = 0; i < rows.length; i += 1) {
    store.at.data = rows[i].data;
    store.at.selected = null;
    const answer = await handler(rows[i].event);
    const text = JSON.stringify({ answer: answer, selected: store.at.selected });
    for (let from = 0; from < text.length; from += 1000) console.log(text.slice(from, from + 1000));
    console.log('');
  }
}
";

#[derive(Deserialize)]
struct Row {
    answer: Value,
    selected: Option<String>,
}

#[test]
fn every_case_has_the_expected_decision_in_njs() {
    let cases = cases();
    let rows: Vec<Value> = cases.iter().map(row).collect();
    let rows = serde_json::to_string(&Value::Array(rows).to_string()).unwrap();
    let printed = njs(&format!(
        "import store from 'cloudfront'; {VIEWER_REQUEST}{DRIVER}Date.now = () => {NOW_SECONDS}000; drive(JSON.parse({rows}));"
    ));
    let rows: Vec<String> = printed.split_terminator("\n\n").map(|row| row.replace('\n', "")).collect();
    assert_eq!(rows.len(), cases.len(), "{printed}");
    for (case, row) in cases.iter().zip(rows) {
        case.check("viewer_request in njs", &decision(&serde_json::from_str(&row).unwrap()));
    }
}

#[test]
fn the_response_function_runs_in_njs() {
    let requests = [
        json!({ "uri": "/files/a/fm=auto.webp", "querystring": {}, "headers": {} }),
        json!({ "uri": "/files/a", "querystring": { "w": { "value": "640" } }, "headers": {} }),
    ];
    for request in requests {
        let event = json!({ "request": request, "response": { "headers": {} } });
        let driver = "async function drive(event) { const answer = await handler(event); console.log(JSON.stringify(answer)); }";
        let printed = njs(&format!("{VIEWER_RESPONSE}{driver}drive({event});"));
        assert_eq!(printed.trim(), r#"{"headers":{"vary":{"value":"Accept"}}}"#, "{request}");
    }
}

#[test]
#[should_panic(expected = "SyntaxError")]
fn njs_rejects_syntax_that_the_runtime_rejects() {
    njs("const { a } = { a: 1 };");
}

fn row(case: &Case) -> Value {
    let data: BTreeMap<String, String> = store(&case.policy()).into_iter().collect();
    let data: BTreeMap<String, String> = data.into_iter().filter(|(key, _)| is_read(case, key)).collect();
    let mut values: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (name, value) in query::pairs(&case.query) {
        values.entry(name).or_default().push(json!({ "value": value }));
    }
    let query: BTreeMap<&str, Value> =
        values.into_iter().map(|(name, values)| (name, entry(&values))).collect();
    let headers =
        if case.accept.is_empty() { json!({}) } else { json!({ "accept": { "value": case.accept } }) };
    let request = json!({ "method": "GET", "uri": case.path, "querystring": query, "headers": headers });
    json!({ "data": data, "event": { "request": request } })
}

/// `true` if a case can read the pair. It keeps the input of njs short: colours only if the query contains their names,
/// sentences only for refused cases.
fn is_read(case: &Case, key: &str) -> bool {
    match key.split_once('/') {
        Some(("color", name)) => case.query.to_lowercase().contains(name),
        Some(("refusal", _)) => case.is_refused(),
        _ => true,
    }
}

fn entry(values: &[Value]) -> Value {
    match values {
        [one] => one.clone(),
        several => json!({ "value": several[0]["value"], "multiValue": several }),
    }
}

fn decision(row: &Row) -> Decision {
    if let Some(status) = row.answer["statusCode"].as_u64() {
        return refusal(u16::try_from(status).unwrap(), row.answer["body"].as_str().unwrap());
    }
    assert_eq!(row.answer["querystring"], json!({}), "the query is empty, since the path has all parameters");
    let target = Target::Origin(OriginId::from_id(row.selected.as_deref().unwrap()).unwrap());
    Decision::Forward(row.answer["uri"].as_str().unwrap().to_owned(), target)
}

/// The output of njs for a module. Panics with the output if njs reports an error.
fn njs(source: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("cloudfront", CLOUDFRONT);
    write("main.js", source);
    let main: &Path = &folder.path().join("main.js");
    let output = Command::new("njs").arg("-p").arg(folder.path()).args(["-t", "module"]).arg(main).output();
    let output = output.expect("njs must be installed: `apt-get install njs`, or run ./test, which does it");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let output_and_errors = format!("{printed}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && !output_and_errors.contains("Error"), "{output_and_errors}");
    printed
}
