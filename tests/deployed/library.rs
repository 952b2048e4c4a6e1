//! The library of a deployment: the table, the keeper and the signer's API, for the people who manage files.

use serde_json::{Value, json};

use super::parts::upload;
use super::running::Deployed;
use crate::support::pictures::{BLUE, GREEN, RED, YELLOW, assert_corners, decode, jpeg, quarters};
use crate::support::wait;

/// The functions of the library, and the variable that names its table.
const NAMES: [&str; 3] = ["library-keeper", "dynamodb:", "TINTYPE_LIBRARY_TABLE"];

fn with_library() -> Value {
    json!({ "parts": { "delivery": true, "upload": true, "video": false, "library": true, "observability": true } })
}

/// Sends a request to the library. Returns the status and the body of the answer, null if it is empty.
async fn ask(deployed: &Deployed, who: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}{who}/library/{path}", deployed.edge());
    let request = reqwest::Client::new().request(method.parse().unwrap(), url);
    let request = if body.is_null() { request } else { request.json(body) };
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default())
}

/// The names of the files that a query lists.
async fn names(deployed: &Deployed, who: &str, query: &str) -> Vec<String> {
    let (status, answer) = ask(deployed, who, "GET", &format!("files{query}"), &Value::Null).await;
    assert_eq!(status, 200, "{answer}");
    let files = answer["files"].as_array().unwrap();
    files.iter().map(|file| file["name"].as_str().unwrap().to_owned()).collect()
}

/// Waits until the keeper has described a picture. Returns its record.
async fn described(deployed: &Deployed, who: &str, id: &str) -> Value {
    wait::for_value("the description of a picture", async || {
        let (_, file) = ask(deployed, who, "GET", &format!("files/{id}"), &Value::Null).await;
        if file["thumbHash"].is_string() { Ok(file) } else { Err(file) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn files_of_a_deployment_are_found_described_cropped_and_deleted_by_their_owner() {
    let deployed = Deployed::start(&with_library()).await;
    let (owner, stranger) = (deployed.caller("someone"), deployed.caller("bob"));
    let mut paths = Vec::new();
    let photo = jpeg(&quarters(3200, 2400));
    for name in ["cat.jpg", "dog.jpg"] {
        let grant = upload(&deployed, name, "image/jpeg", &photo).await;
        let file = described(&deployed, &owner, grant["id"].as_str().unwrap()).await;
        assert_eq!(
            (&file["state"], &file["width"], &file["height"]),
            (&json!("clean"), &json!(3200), &json!(2400))
        );
        paths.push((deployed.path(&grant), format!("files/{}", grant["id"].as_str().unwrap())));
    }
    let [(cat, record), (dog, other)] = &paths[..] else { panic!("two files") };
    assert_eq!(names(&deployed, &owner, "").await, ["dog.jpg", "cat.jpg"], "newest first");
    assert_eq!(names(&deployed, &owner, "?q=CAT&type=image/*").await, ["cat.jpg"]);

    // Nobody else sees the files or changes them.
    assert_eq!(names(&deployed, &stranger, "").await, Vec::<String>::new());
    for (method, body) in [("GET", Value::Null), ("PATCH", json!({ "alt": "mine" })), ("DELETE", Value::Null)]
    {
        assert_eq!(ask(&deployed, &stranger, method, record, &body).await.0, 404, "{method}");
    }
    let ids = json!({ "ids": [record.strip_prefix("files/")] });
    let (status, answer) = ask(&deployed, &stranger, "POST", "deletions", &ids).await;
    assert_eq!((status, &answer["deleted"], &answer["failed"][0]["status"]), (200, &json!([]), &json!(404)));
    assert_eq!(ask(&deployed, "", "GET", "files", &Value::Null).await.0, 403);

    // What the owner writes is found, and the focal point is what a crop keeps.
    let change =
        json!({ "name": "Minka", "tags": ["tabby"], "alt": "A cat", "focalPoint": { "x": 1, "y": 0 } });
    let (status, changed) = ask(&deployed, &owner, "PATCH", record, &change).await;
    assert_eq!(
        (status, &changed["name"], &changed["alt"]),
        (200, &json!("Minka"), &json!("A cat")),
        "{changed}"
    );
    assert_eq!(names(&deployed, &owner, "?q=tabby").await, ["Minka"]);
    let (x, y) = (&changed["focalPoint"]["x"], &changed["focalPoint"]["y"]);
    let link = deployed.signed_link(&format!("{cat}?w=60&h=150&fit=crop&fp-x={x}&fp-y={y}&fm=png")).await;
    let cropped = deployed.get(&link).await;
    assert_eq!(cropped.status, 200, "{}", String::from_utf8_lossy(&cropped.body));
    let cropped = decode(&cropped.body);
    assert_eq!(cropped.dimensions(), (60, 150));
    assert_corners(&cropped, [GREEN, GREEN, YELLOW, YELLOW], "the right edge");
    let (_, cleared) =
        ask(&deployed, &owner, "PATCH", record, &json!({ "focalPoint": { "x": 0, "y": 0 } })).await;
    let (x, y) = (&cleared["focalPoint"]["x"], &cleared["focalPoint"]["y"]);
    let link = deployed.signed_link(&format!("{cat}?w=60&h=150&fit=crop&fp-x={x}&fp-y={y}&fm=png")).await;
    assert_corners(&decode(&deployed.get(&link).await.body), [RED, RED, BLUE, BLUE], "the left edge");

    // A deleted file goes with its variants, stored and in the CDN's cache; the other file stays.
    let variants = [cat, dog].map(|path| format!("{path}?w=64&fm=webp"));
    for variant in &variants {
        assert_eq!(deployed.get(variant).await.status, 200, "{variant}");
        assert_eq!(deployed.get(variant).await.header("x-cache"), "Hit from edge");
    }
    assert_eq!(deployed.get(&format!("{cat}?w=3200&fm=avif")).await.status, 200);
    wait::until("the variant that is dear to make", async || deployed.variants().await.len() == 1).await;
    assert_eq!(ask(&deployed, &owner, "DELETE", record, &Value::Null).await, (204, Value::Null));
    assert_eq!(names(&deployed, &owner, "").await, ["dog.jpg"], "it is gone at once");
    wait::until("the removal", async || deployed.get(&variants[0]).await.status == 404).await;
    assert_eq!(deployed.variants().await, Vec::<String>::new());
    assert_eq!(deployed.keys("OriginalsBucket", "files/").await.len(), 1);
    assert_eq!(deployed.get(&variants[1]).await.status, 200);
    assert_eq!(names(&deployed, &owner, "").await, ["dog.jpg"], "a late event doesn't bring it back");

    // Another file takes the place of the other one.
    let grant = upload(&deployed, "dog-2.jpg", "image/jpeg", &photo).await;
    let by = grant["id"].as_str().unwrap();
    described(&deployed, &owner, by).await;
    let replacement = json!({ "by": by });
    assert_eq!(ask(&deployed, &stranger, "POST", &format!("{other}/replace"), &replacement).await.0, 404);
    let (status, file) = ask(&deployed, &owner, "POST", &format!("{other}/replace"), &replacement).await;
    assert_eq!((status, &file["id"], &file["name"]), (200, &json!(by), &json!("dog.jpg")), "{file}");
    wait::until("the removal of the replaced file", async || deployed.get(&variants[1]).await.status == 404)
        .await;
    assert_eq!(deployed.get(&format!("{}?w=64&fm=webp", deployed.path(&grant))).await.status, 200);
    assert_eq!(names(&deployed, &owner, "").await, ["dog.jpg"]);
    assert_eq!(deployed.dead_letters(), Vec::<String>::new());
    deployed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn a_file_that_an_operator_writes_replaces_or_removes_follows_in_the_library_of_a_deployment() {
    let deployed = Deployed::start(&with_library()).await;
    let admin = deployed.administrator();
    let key = "files/press/logo.jpg";
    let path = deployed.store(key, "image/jpeg", &jpeg(&quarters(64, 48))).await;
    let file = wait::for_value("the file", async || {
        let (_, answer) = ask(&deployed, &admin, "GET", "files", &Value::Null).await;
        let file = answer["files"][0].clone();
        if file["thumbHash"].is_string() { Ok(file) } else { Err(answer) }
    })
    .await;
    assert_eq!((&file["key"], &file["width"]), (&json!(key), &json!(64)));
    let record = format!("files/{}", file["id"].as_str().unwrap());
    assert_eq!(ask(&deployed, &admin, "PATCH", &record, &json!({ "alt": "Our logo" })).await.0, 200);
    deployed.store(key, "image/jpeg", &jpeg(&quarters(32, 96))).await;
    let replaced = wait::for_value("the replacement", async || {
        let (_, file) = ask(&deployed, &admin, "GET", &record, &Value::Null).await;
        if file["height"] == 96 { Ok(file) } else { Err(file) }
    })
    .await;
    assert_eq!((&replaced["alt"], &replaced["created"]), (&json!("Our logo"), &file["created"]));
    deployed.remove(&path).await;
    wait::until("the removal", async || names(&deployed, &admin, "").await.is_empty()).await;
    assert_eq!(deployed.dead_letters(), Vec::<String>::new());
    deployed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn a_deployment_without_a_library_has_no_table_no_keeper_and_no_permission_for_it() {
    let deployed = Deployed::start(&json!({})).await;
    let template = deployed.template();
    for name in NAMES.into_iter().chain(["AWS::DynamoDB::Table", "DeleteFiles"]) {
        assert!(!template.contains(name), "{name}");
    }
    let (status, answer) = ask(&deployed, &deployed.caller("someone"), "GET", "files", &Value::Null).await;
    assert_eq!((status, &answer["detail"]), (404, &json!("this deployment has no library of files")));
    deployed.stop().await;
}
