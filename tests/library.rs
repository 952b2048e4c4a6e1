//! The library of files: its stores, and its API on a local stack.

mod cases;
mod changes;
mod dynamodb;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use library::dynamodb::{DynamoLibrary, TABLE};
use local_dynamodb::tables::Tables;
use local_library::RedbLibrary;
use serde_json::{Value, json};
use tintype::local::names::ORIGINALS;
use tintype::secrets;
use upload_signer::callers::session::Session;

use crate::support::pictures::{jpeg, png, quarters};
use crate::support::wait::{for_value, until};
use crate::support::{Running, owner};
use dynamodb::Moto;

#[tokio::test]
async fn the_store_on_one_machine_passes_every_case() {
    let folder = tempfile::tempdir().unwrap();
    let store = RedbLibrary::open(&folder.path().join("library.redb")).unwrap();
    cases::pass(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_in_dynamodb_passes_every_case() {
    let moto = Moto::start();
    cases::pass(&moto.library("library").await).await;
}

#[tokio::test]
async fn the_dynamodb_of_this_machine_passes_every_case() {
    let tables = Tables::default();
    tables.create("library", &serde_json::from_str(TABLE).unwrap()).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, local_dynamodb::app(tables)).await.unwrap() });
    cases::pass(&DynamoLibrary::new("library", "us-east-1", Some(&endpoint), owner())).await;
}

/// The path of a caller's session, before each path of the signer.
fn caller(stack: &Running, session: &Session) -> String {
    format!("/u/{}", session.to_token(&secrets::open(stack.data()).unwrap().sessions))
}

fn session(owner: &str) -> Session {
    Session::new(owner, Timestamp::now() + Duration::from_hours(1))
}

/// Uploads a file as a caller. Returns its id.
async fn upload(stack: &Running, caller: &str, file: Value, bytes: &[u8]) -> String {
    let (status, grant) = stack.ask_signer(&format!("{caller}/uploads"), &file).await;
    assert_eq!(status, 201, "{grant}");
    assert_eq!(stack.post(&grant, bytes).await.0, 204);
    grant["id"].as_str().unwrap().to_owned()
}

async fn upload_picture(stack: &Running, caller: &str, name: &str) -> String {
    upload(stack, caller, json!({ "filename": name, "type": "image/jpeg" }), &picture()).await
}

fn picture() -> Vec<u8> {
    jpeg(&quarters(64, 48))
}

/// The names of the files that a query lists.
async fn names(stack: &Running, caller: &str, query: &str) -> Vec<String> {
    let answer = stack.get(&format!("{caller}/library/files{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.json());
    let files = answer.json()["files"].as_array().unwrap().clone();
    files.iter().map(|file| file["name"].as_str().unwrap().to_owned()).collect()
}

/// Waits until the library has a file in a state, and returns it.
async fn file_in(stack: &Running, caller: &str, id: &str, is_awaited: impl Fn(&Value) -> bool) -> Value {
    for_value("a file in the library", async || {
        let answer = stack.get(&format!("{caller}/library/files/{id}")).await;
        let file = answer.json();
        if answer.status == 200 && is_awaited(&file) { Ok(file) } else { Err(file) }
    })
    .await
}

fn is_described(file: &Value) -> bool {
    file["thumbHash"].is_string()
}

#[tokio::test]
async fn an_upload_is_listed_with_what_is_known_about_it() {
    let stack = Running::with_library().await;
    let id = upload_picture(&stack, "", "cat.jpg").await;
    let file = file_in(&stack, "", &id, is_described).await;
    let url = format!("{}/files/{id}/cat.jpg", stack.edge());
    for (member, expected) in [
        ("id", json!(id)),
        ("key", json!(format!("files/{id}/cat.jpg"))),
        ("name", json!("cat.jpg")),
        ("visibility", json!("public")),
        ("state", json!("clean")),
        ("type", json!("image/jpeg")),
        ("size", json!(picture().len())),
        ("width", json!(64)),
        ("height", json!(48)),
        ("url", json!(url)),
        ("folder", json!("")),
        ("tags", json!([])),
    ] {
        assert_eq!(file[member], expected, "{member}");
    }
    assert_eq!(stack.stored_variants().await, Vec::<String>::new(), "describing a picture stores no variant");
    let described = stack.get(&format!("/files/{id}/cat.jpg?fm=json")).await.json();
    for member in ["thumbHash", "dominantColor"] {
        assert_eq!(file[member], described[member]);
    }
    let created: Timestamp = file["created"].as_str().unwrap().parse().unwrap();
    assert!(
        Timestamp::now().duration_since(created) < Duration::from_mins(5).try_into().unwrap(),
        "{created}"
    );
    assert_eq!(stack.get("/library/files").await.json(), json!({ "files": [file] }));
}

#[tokio::test]
async fn a_refused_upload_is_listed_with_the_reason() {
    let stack = Running::with_library().await;
    let lying = json!({ "filename": "a.png", "type": "image/png" });
    let id = upload(&stack, "", lying, b"<!DOCTYPE html><script>alert(1)</script>").await;
    let file = file_in(&stack, "", &id, |file| file["state"] == "refused").await;
    let status = stack.get(&format!("/uploads/{id}")).await.json();
    assert_eq!((&file["reason"], &file["detail"]), (&status["reason"], &status["detail"]));
    assert_eq!(file["reason"], "other-content");
}

#[tokio::test]
async fn owners_see_their_own_files_and_an_administrator_all() {
    let stack = Running::with_library().await;
    let [alice, bob] = ["alice", "bob"].map(|name| caller(&stack, &session(name)));
    let admin = caller(&stack, &Session { reads_all: true, ..session("admin") });
    let mut ids = Vec::new();
    for (who, name) in [(alice.as_str(), "a.jpg"), (&bob, "b.jpg"), ("", "c.jpg")] {
        let id = upload_picture(&stack, who, name).await;
        file_in(&stack, who, &id, is_described).await;
        ids.push(id);
    }
    assert_eq!(names(&stack, &alice, "").await, ["a.jpg"]);
    assert_eq!(names(&stack, &bob, "").await, ["b.jpg"]);
    assert_eq!(names(&stack, "", "").await, ["c.jpg"]);
    assert_eq!(names(&stack, &admin, "").await, ["c.jpg", "b.jpg", "a.jpg"], "newest first");
    assert_eq!(names(&stack, &admin, "?owner=session:alice").await, ["a.jpg"]);
    assert_eq!(names(&stack, &admin, "?owner=").await, ["c.jpg"]);
    assert_eq!(names(&stack, &alice, "?owner=session:alice").await, ["a.jpg"]);
    let foreign = stack.get(&format!("{alice}/library/files?owner=session:bob")).await;
    assert_eq!((foreign.status, foreign.json()["parameter"].as_str()), (403, Some("owner")));
    let shown = async |who: &str, id: &str| stack.get(&format!("{who}/library/files/{id}")).await.status;
    assert_eq!(shown(&admin, &ids[0]).await, 200);
    assert_eq!(shown(&alice, &ids[1]).await, 404);
    assert_eq!(shown(&bob, &ids[0]).await, 404);
    assert_eq!(shown("", &ids[0]).await, 404);
    assert_eq!(shown("/u/nonsense", &ids[2]).await, 403);
}

#[tokio::test]
async fn a_file_that_is_removed_or_replaced_in_the_bucket_follows_in_the_library() {
    let stack = Running::with_library().await;
    let s3 = stack.s3();
    let put = async |bytes: Vec<u8>| {
        let request =
            s3.put_object().bucket(ORIGINALS).key("files/press/logo.jpg").content_type("image/jpeg");
        request.tagging("state=clean").body(bytes.into()).send().await.unwrap();
    };
    put(picture()).await;
    let first = for_value("the file", async || {
        let files = stack.get("/library/files").await.json();
        if is_described(&files["files"][0]) { Ok(files["files"][0].clone()) } else { Err(files) }
    })
    .await;
    let id = first["id"].as_str().unwrap();
    assert!(id.starts_with('k') && id.len() == 33, "{id}");
    put(jpeg(&quarters(32, 96))).await;
    let second = file_in(&stack, "", id, |file| file["height"] == 96 && is_described(file)).await;
    assert_eq!(second["created"], first["created"]);
    assert_ne!(second["thumbHash"], first["thumbHash"]);
    s3.delete_object().bucket(ORIGINALS).key("files/press/logo.jpg").send().await.unwrap();
    until("the removal", async || names(&stack, "", "").await.is_empty()).await;
}

#[tokio::test]
async fn lists_are_filtered_and_have_pages() {
    let stack = Running::with_library().await;
    for name in ["cat-1.jpg", "dog-2.jpg", "cat-3.jpg"] {
        let id = upload_picture(&stack, "", name).await;
        file_in(&stack, "", &id, is_described).await;
    }
    let private = json!({ "filename": "notes.png", "type": "image/png", "visibility": "private" });
    let id = upload(&stack, "", private, &png(&image::DynamicImage::from(quarters(64, 48)).to_rgba8())).await;
    file_in(&stack, "", &id, is_described).await;

    for (query, expected) in [
        ("", vec!["notes.png", "cat-3.jpg", "dog-2.jpg", "cat-1.jpg"]),
        ("?q=CAT", vec!["cat-3.jpg", "cat-1.jpg"]),
        ("?q=cat+1", vec!["cat-1.jpg"]),
        ("?type=image/jpeg", vec!["cat-3.jpg", "dog-2.jpg", "cat-1.jpg"]),
        ("?type=image/*", vec!["notes.png", "cat-3.jpg", "dog-2.jpg", "cat-1.jpg"]),
        ("?type=video/*", vec![]),
        ("?prefix=private/", vec!["notes.png"]),
        ("?state=refused", vec![]),
        ("?state=clean&limit=1", vec!["notes.png"]),
        ("?since=2020-01-01&until=2020-02-01", vec![]),
        ("?since=2020-01-01&q=dog", vec!["dog-2.jpg"]),
        ("?tag=none", vec![]),
        ("?folder=", vec!["notes.png", "cat-3.jpg", "dog-2.jpg", "cat-1.jpg"]),
        ("?folder=press", vec![]),
    ] {
        assert_eq!(names(&stack, "", query).await, expected, "{query}");
    }
    let (mut all, mut query) = (Vec::new(), "?limit=3".to_owned());
    loop {
        all.extend(names(&stack, "", &query).await);
        let page = stack.get(&format!("/library/files{query}")).await.json();
        let Some(cursor) = page["cursor"].as_str() else { break };
        query = format!("?limit=3&cursor={cursor}");
    }
    assert_eq!(all, ["notes.png", "cat-3.jpg", "dog-2.jpg", "cat-1.jpg"]);
    let wrong = stack.get("/library/files?limit=0").await;
    assert_eq!((wrong.status, wrong.json()["parameter"].as_str()), (400, Some("limit")));
}

/// Prints the time of a list in this build. `./test library` shows it with `--nocapture`.
#[tokio::test]
async fn a_page_has_up_to_a_thousand_files() {
    let records: Vec<_> =
        (0..1001).map(|day| cases::record(&format!("files/{day}.png"), day, None)).collect();
    let stack = Running::with_records(&records).await;
    let start = Instant::now();
    let page = stack.get("/library/files?limit=1000").await;
    println!("GET /library/files of 1,000 files took {} ms", start.elapsed().as_millis());
    let page = page.json();
    let listed: Vec<&str> =
        page["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
    let expected: Vec<String> = (1..1001).rev().map(|day| format!("{day}.png")).collect();
    assert_eq!(listed, expected);
    let gzip = [("accept-encoding", "gzip")];
    let compressed = stack.send("GET", "/library/files?limit=1000", &gzip).await;
    assert_eq!(compressed.header("content-encoding"), "gzip");
    assert!(compressed.body.starts_with(&[0x1f, 0x8b]));
    let whole = stack.get("/library/files?limit=1000").await;
    assert!(
        compressed.body.len() * 3 < whole.body.len(),
        "{} of {}",
        compressed.body.len(),
        whole.body.len()
    );
    let rest = names(&stack, "", &format!("?cursor={}", page["cursor"].as_str().unwrap())).await;
    assert_eq!(rest, ["0.png"]);
}

#[tokio::test]
async fn a_stack_whose_library_is_missing_makes_it_of_the_originals() {
    let stack = Running::with_library().await;
    let id = upload_picture(&stack, "", "cat.jpg").await;
    let file = file_in(&stack, "", &id, is_described).await;
    let stack = stack.restarted_without_library_file().await;
    assert_eq!(file_in(&stack, "", &id, is_described).await, without_host(&stack, file));
}

#[tokio::test]
async fn a_library_is_made_again_and_keeps_what_people_wrote() {
    let stack = Running::with_library().await;
    let [kept, lost] =
        [upload_picture(&stack, "", "kept.jpg").await, upload_picture(&stack, "", "lost.jpg").await];
    for id in [&kept, &lost] {
        file_in(&stack, "", id, is_described).await;
    }
    assert_eq!(changes::change_file(&stack, "", &kept, &json!({ "alt": "A" })).await.0, 200);
    // A stack without a library handles the event of the removal.
    let stack = stack.restarted().await;
    let s3 = stack.s3();
    s3.delete_object().bucket(ORIGINALS).key(format!("files/{lost}/lost.jpg")).send().await.unwrap();
    let added = stack.store("added.txt", "text/plain", b"added").await;
    let stack = stack.restarted_with_library().await;
    assert_eq!(stack.stack.rebuild_library().await.unwrap(), 2, "{added}");
    let listed = names(&stack, "", "").await;
    assert!(listed.contains(&"added.txt".to_owned()) && listed.len() == 2, "{listed:?}");
    assert_eq!(file_in(&stack, "", &kept, is_described).await["alt"], "A");
}

/// The file with its URL at another stack's address.
fn without_host(stack: &Running, mut file: Value) -> Value {
    let path = file["key"].as_str().unwrap().to_owned();
    file["url"] = json!(format!("{}/{path}", stack.edge()));
    file
}

#[tokio::test]
async fn a_stack_without_a_library_says_so() {
    let stack = Running::start().await;
    for path in ["/library/files", "/library/files/1"] {
        let answer = stack.get(path).await;
        assert_eq!(answer.status, 404);
        assert_eq!(answer.json()["detail"], "this deployment has no library of files");
    }
}
