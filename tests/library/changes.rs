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
async fn another_file_takes_the_place_of_a_file_with_what_was_written_about_it() {
    let stack = Running::with_library().await;
    let [old, new] =
        [upload_picture(&stack, "", "cat.jpg").await, upload_picture(&stack, "", "cat-2.jpg").await];
    for id in [&old, &new] {
        file_in(&stack, "", id, is_described).await;
    }
    let change =
        json!({ "folder": "pets", "tags": ["tabby"], "alt": "A cat", "focalPoint": { "x": 0.25, "y": 1.0 } });
    let (_, before) = change_file(&stack, "", &old, &change).await;
    let variant = format!("/files/{old}/cat.jpg?w=32");
    assert_eq!(stack.get(&variant).await.status, 200);

    let path = format!("/library/files/{old}/replace");
    let (status, after) = stack.ask_signer(&path, &json!({ "by": new })).await;
    assert_eq!(status, 200, "{after}");
    for member in ["name", "folder", "tags", "alt", "focalPoint", "visibility"] {
        assert_eq!(after[member], before[member], "{member}");
    }
    assert_eq!(after["id"], json!(new));
    assert_eq!(names(&stack, "", "").await, ["cat.jpg"]);
    assert_eq!(stack.get(&format!("/files/{new}/cat-2.jpg?w=32")).await.status, 200);
    until("the removal of the old picture", async || stack.get(&variant).await.status == 404).await;
    assert_eq!(stack.ask_signer(&path, &json!({ "by": new })).await.0, 404, "it is done");
}

#[tokio::test]
async fn a_file_that_may_not_take_the_place_changes_nothing() {
    let stack = Running::with_library().await;
    let [alice, bob] = ["alice", "bob"].map(|name| caller(&stack, &session(name)));
    let admin = caller(&stack, &Session { reads_all: true, writes_all: true, ..session("admin") });
    let old = upload_picture(&stack, &alice, "cat.jpg").await;
    let of_bob = upload_picture(&stack, &bob, "dog.jpg").await;
    let (_, private) = stack
        .ask_signer(
            &format!("{alice}/uploads"),
            &json!({ "filename": "p.jpg", "type": "image/jpeg", "visibility": "private" }),
        )
        .await;
    for (who, id) in [(&alice, &old), (&bob, &of_bob)] {
        file_in(&stack, who, id, is_described).await;
    }
    let before = names(&stack, &alice, "").await;
    for (who, by, expected) in [
        (&alice, old.as_str(), (400, "can't replace itself")),
        (&alice, &of_bob, (404, "no such file")),
        (&admin, &of_bob, (400, "different owners")),
        (&alice, private["id"].as_str().unwrap(), (404, "no such file")),
        (&bob, &of_bob, (404, "no such file")),
    ] {
        let (status, problem) =
            stack.ask_signer(&format!("{who}/library/files/{old}/replace"), &json!({ "by": by })).await;
        let detail = problem["detail"].as_str().unwrap();
        assert!(status == expected.0 && detail.contains(expected.1), "{status} {detail}");
    }
    for body in [json!({}), json!({ "by": 1 }), json!({ "by": old, "more": 1 })] {
        assert_eq!(
            stack.ask_signer(&format!("{alice}/library/files/{old}/replace"), &body).await.0,
            400,
            "{body}"
        );
    }
    assert_eq!(names(&stack, &alice, "").await, before);
    assert_eq!(names(&stack, &bob, "").await, ["dog.jpg"]);
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
