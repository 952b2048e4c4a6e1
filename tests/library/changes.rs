//! Changes of files in the library, and their removal.

use serde_json::{Value, json};
use tintype::local::names::ORIGINALS;
use upload_signer::callers::session::Session;

use super::{caller, file_in, is_described, names, session, upload_picture};
use crate::support::Running;
use crate::support::pictures::{jpeg, quarters};
use crate::support::wait::until;

#[tokio::test]
async fn what_people_write_about_a_file_is_kept_and_found() {
    let stack = Running::with_library().await;
    let id = upload_picture(&stack, "", "cat.jpg").await;
    let before = file_in(&stack, "", &id, is_described).await;
    let change = json!({
        "name": "Minka", "folder": "/pets/2026/", "tags": ["tabby", "Cat"], "alt": "A cat", "focalPoint": { "x": 0.25, "y": 1 },
    });
    let (status, after) = change_file(&stack, "", &id, &change).await;
    assert_eq!(status, 200, "{after}");
    let mut expected = before;
    for (member, value) in [
        ("name", json!("Minka")),
        ("folder", json!("pets/2026")),
        ("tags", json!(["Cat", "tabby"])),
        ("alt", json!("A cat")),
        ("focalPoint", json!({ "x": 0.25, "y": 1.0 })),
    ] {
        expected[member] = value;
    }
    assert_eq!(after, expected);
    for query in ["?q=minka+TABBY", "?tag=cat", "?folder=pets", "?folder=pets/2026"] {
        assert_eq!(names(&stack, "", query).await, ["Minka"], "{query}");
    }
    assert_eq!(names(&stack, "", "?folder=").await, Vec::<String>::new());

    // An event about the file doesn't touch what people wrote.
    let s3 = stack.s3();
    let key = expected["key"].as_str().unwrap();
    let replacement =
        s3.put_object().bucket(ORIGINALS).key(key).content_type("image/jpeg").tagging("state=clean");
    replacement.body(jpeg(&quarters(80, 48)).into()).send().await.unwrap();
    let replaced = file_in(&stack, "", &id, |file| file["width"] == 80 && is_described(file)).await;
    assert_eq!((&replaced["name"], &replaced["tags"]), (&expected["name"], &expected["tags"]));

    let (status, cleared) =
        change_file(&stack, "", &id, &json!({ "name": null, "tags": null, "focalPoint": null })).await;
    assert_eq!((status, &cleared["name"], &cleared["tags"]), (200, &json!("cat.jpg"), &json!([])));
    assert_eq!((cleared.get("focalPoint"), &cleared["alt"]), (None, &json!("A cat")));
    for (change, parameter) in [
        (json!({ "name": "a/b" }), "name"),
        (json!({ "focalPoint": { "x": 2, "y": 0 } }), "focalPoint"),
        (json!({ "size": 1 }), "size"),
    ] {
        let (status, problem) = change_file(&stack, "", &id, &change).await;
        assert_eq!((status, problem["parameter"].as_str()), (400, Some(parameter)), "{problem}");
    }
}

/// Changes a file of the library. Returns the status and the body of the answer.
pub(super) async fn change_file(stack: &Running, caller: &str, id: &str, change: &Value) -> (u16, Value) {
    let url = format!("{}{caller}/library/files/{id}", stack.edge());
    let answer = reqwest::Client::new().patch(url).json(change).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_deleted_file_goes_with_all_that_was_made_of_it() {
    let stack = Running::with_library().await;
    let (cat, dog) =
        (upload_picture(&stack, "", "cat.jpg").await, upload_picture(&stack, "", "dog.jpg").await);
    for id in [&cat, &dog] {
        file_in(&stack, "", id, is_described).await;
    }
    let variant = format!("/files/{cat}/cat.jpg?w=32");
    assert_eq!(stack.get(&variant).await.status, 200);
    until("the stored variant", async || !stack.stored_variants().await.is_empty()).await;

    let removed = stack.send("DELETE", &format!("/library/files/{cat}"), &[]).await;
    assert_eq!((removed.status, removed.body.len()), (204, 0));
    assert_eq!(names(&stack, "", "").await, ["dog.jpg"], "it is gone at once");
    assert_eq!(stack.send("DELETE", &format!("/library/files/{cat}"), &[]).await.status, 404);
    until("the removal of the variants", async || stack.stored_variants().await.is_empty()).await;
    until("the removal from the CDN", async || stack.get(&variant).await.status == 404).await;
    let original =
        stack.s3().head_object().bucket(ORIGINALS).key(format!("files/{cat}/cat.jpg")).send().await;
    assert!(original.is_err());
    assert_eq!(stack.get(&format!("/files/{dog}/dog.jpg?w=32")).await.status, 200);
    assert_eq!(names(&stack, "", "").await, ["dog.jpg"]);
}

#[tokio::test]
async fn several_files_are_deleted_at_once_and_each_failure_is_named() {
    let stack = Running::with_library().await;
    let alice = caller(&stack, &session("alice"));
    let mut ids = Vec::new();
    for (who, name) in [("", "a.jpg"), (alice.as_str(), "b.jpg"), ("", "c.jpg")] {
        let id = upload_picture(&stack, who, name).await;
        file_in(&stack, who, &id, is_described).await;
        ids.push(id);
    }
    let (status, answer) = stack.ask_signer("/library/deletions", &json!({ "ids": ids })).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["deleted"], json!([ids[0], ids[2]]));
    assert_eq!((&answer["failed"][0]["id"], &answer["failed"][0]["status"]), (&json!(ids[1]), &json!(404)));
    assert_eq!(names(&stack, "", "").await, Vec::<String>::new());
    assert_eq!(names(&stack, &alice, "").await, ["b.jpg"]);
    for ids in [json!([]), json!("a"), json!(vec!["a"; 1001])] {
        assert_eq!(stack.ask_signer("/library/deletions", &json!({ "ids": ids })).await.0, 400);
    }
}

#[tokio::test]
async fn only_owners_and_administrators_change_files() {
    let stack = Running::with_library().await;
    let [alice, bob] = ["alice", "bob"].map(|name| caller(&stack, &session(name)));
    let reader = caller(&stack, &Session { reads_all: true, ..session("reader") });
    let admin = caller(&stack, &Session { reads_all: true, writes_all: true, ..session("admin") });
    let id = upload_picture(&stack, &alice, "a.jpg").await;
    file_in(&stack, &alice, &id, is_described).await;
    let change = json!({ "alt": "A" });
    for (who, status) in [(bob.as_str(), 404), ("", 404), (&reader, 403), ("/u/nonsense", 403)] {
        assert_eq!(change_file(&stack, who, &id, &change).await.0, status, "{who}");
        assert_eq!(
            stack.send("DELETE", &format!("{who}/library/files/{id}"), &[]).await.status,
            status,
            "{who}"
        );
    }
    for who in [&alice, &admin] {
        assert_eq!(change_file(&stack, who, &id, &change).await.0, 200, "{who}");
    }
    assert_eq!(stack.send("DELETE", &format!("{admin}/library/files/{id}"), &[]).await.status, 204);
}
