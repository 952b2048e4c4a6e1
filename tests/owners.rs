//! Owners of files: only its owner gets the link to a private file and its status. Nothing that a session signs outlives it.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};
use tintype::local::names::ORIGINALS;
use tintype::secrets;
use upload_signer::callers::session::Session;

use crate::support::pictures::{jpeg, quarters};
use crate::support::{Running, wait};

/// The path of a caller's session, before each path of the signer.
fn caller(stack: &Running, session: &Session) -> String {
    format!("/u/{}", session.to_token(&secrets::open(stack.data()).unwrap().sessions))
}

fn session(owner: &str) -> Session {
    Session::new(owner, Timestamp::now() + Duration::from_hours(1))
}

/// Uploads a private file as a caller. Returns the grant.
async fn upload(stack: &Running, caller: &str, method: &str) -> Value {
    let bytes = jpeg(&quarters(64, 48));
    let request = json!({
        "filename": "cat.jpg", "type": "image/jpeg", "visibility": "private", "method": method, "size": bytes.len(),
    });
    let (status, grant) = stack.ask_signer(&format!("{caller}/uploads"), &request).await;
    assert_eq!(status, 201, "{grant}");
    let stored =
        if method == "PUT" { stack.put(&grant, &bytes).await } else { stack.post(&grant, &bytes).await.0 };
    assert!(matches!(stored, 200 | 204), "{stored}");
    grant
}

/// The status and the body of an answer of the signer about a file: a link, and the file's state.
async fn asked(stack: &Running, caller: &str, grant: &Value) -> [(u16, Value); 2] {
    let link =
        stack.ask_signer(&format!("{caller}/signed-urls"), &json!({ "url": grant["publicUrl"] })).await;
    let state = stack.get(&format!("{caller}/uploads/{}", grant["id"].as_str().unwrap())).await;
    [link, (state.status, state.json())]
}

#[tokio::test]
async fn only_the_owner_gets_a_link_to_a_private_file_and_its_status() {
    let stack = Running::start().await;
    let alice = caller(&stack, &session("alice"));
    let again = caller(&stack, &Session { max_files: Some(1), ..session("alice") });
    let bob = caller(&stack, &session("bob"));
    let backend = caller(&stack, &Session { reads_all: true, ..session("backend") });
    for method in ["POST", "PUT"] {
        let grant = upload(&stack, &alice, method).await;
        for (who, path, is_shown) in
            [("alice", &alice, true), ("alice again", &again, true), ("the backend", &backend, true)]
                .into_iter()
                .chain([("bob", &bob, false), ("anyone", &String::new(), false)])
        {
            for (status, body) in asked(&stack, path, &grant).await {
                assert_eq!(status, if is_shown { 200 } else { 403 }, "{who} by {method}: {body}");
                let detail = body["detail"].as_str().unwrap_or_default();
                assert_eq!(
                    detail.contains("this private file is another owner's"),
                    !is_shown,
                    "{who}: {body}"
                );
            }
        }
    }
}

#[tokio::test]
async fn the_link_of_the_owner_shows_the_file_and_no_response_names_the_owner() {
    let stack = Running::start().await;
    let alice = caller(&stack, &session("alice"));
    let grant = upload(&stack, &alice, "POST").await;
    wait::for_value("the end of the upload's checks", async || {
        let [_, (_, state)] = asked(&stack, &alice, &grant).await;
        if state["state"] == "clean" { Ok(()) } else { Err(state) }
    })
    .await;
    let [(_, link), _] = asked(&stack, &alice, &grant).await;
    let got = stack.get(link["url"].as_str().unwrap().strip_prefix(stack.edge()).unwrap()).await;
    assert_eq!(got.picture().dimensions(), (64, 48));
    assert!(!format!("{:?}", got.headers).contains("owner"), "{:?}", got.headers);
    let tags = stack.s3().get_object_tagging().bucket(ORIGINALS).key(grant["key"].as_str().unwrap());
    let tags = tags.send().await.unwrap().tag_set;
    let owner = tags.iter().find(|tag| tag.key() == "owner").unwrap();
    assert!(owner.value().len() == 43 && !owner.value().contains("alice"), "{owner:?}");
}

#[tokio::test]
async fn a_client_cannot_choose_the_owner() {
    let stack = Running::start().await;
    let bytes = jpeg(&quarters(64, 48));
    let alices = upload(&stack, &caller(&stack, &session("alice")), "POST").await;
    let bob = caller(&stack, &session("bob"));
    let request = json!({ "filename": "a.jpg", "type": "image/jpeg", "visibility": "private" });
    let (_, mut grant) = stack.ask_signer(&format!("{bob}/uploads"), &request).await;
    grant["fields"]["tagging"] = alices["fields"]["tagging"].clone();
    assert_eq!(stack.post(&grant, &bytes).await.0, 403);
    let (status, problem) = stack
        .ask_signer(&format!("{bob}/uploads"), &json!({ "filename": "a", "type": "image/png", "owner": "x" }))
        .await;
    assert_eq!((status, problem["parameter"].as_str()), (400, Some("owner")), "{problem}");
}

#[tokio::test]
async fn public_files_and_files_of_anonymous_callers_need_no_owner() {
    let stack = Running::start().await;
    let bob = caller(&stack, &session("bob"));
    let path = stack.upload("a.jpg", "image/jpeg", &jpeg(&quarters(64, 48))).await;
    let url = json!({ "url": format!("{}{path}?w=33", stack.edge()) });
    assert_eq!(stack.ask_signer(&format!("{bob}/signed-urls"), &url).await.0, 200);
    let grant = upload(&stack, "", "POST").await;
    assert_eq!(asked(&stack, "", &grant).await.map(|(status, _)| status), [200, 200]);
    assert_eq!(asked(&stack, &bob, &grant).await.map(|(status, _)| status), [403, 403]);
    let missing = json!({ "url": format!("{}/private/1/none.jpg", stack.edge()) });
    assert_eq!(stack.ask_signer(&format!("{bob}/signed-urls"), &missing).await.0, 404);
}

/// The value of a parameter in the query of a URL.
fn parameter<'a>(url: &'a str, name: &str) -> &'a str {
    let (_, query) = url.split_once('?').unwrap();
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap()
}

#[tokio::test]
async fn no_signature_of_a_session_outlives_it() {
    let stack = Running::start().await;
    // The policy would let signatures live for longer.
    let end = Timestamp::from_second(Timestamp::now().as_second() + 40).unwrap();
    let alice = caller(&stack, &Session::new("alice", end));

    let form = upload(&stack, &alice, "POST").await;
    let policy = BASE64_STANDARD.decode(form["fields"]["policy"].as_str().unwrap()).unwrap();
    let policy: Value = serde_json::from_slice(&policy).unwrap();
    let expiration: Timestamp = policy["expiration"].as_str().unwrap().parse().unwrap();
    assert!(expiration <= end, "{expiration} {end}");

    let put = upload(&stack, &alice, "PUT").await;
    let url = put["url"].as_str().unwrap();
    let signed = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", parameter(url, "X-Amz-Date")).unwrap();
    let signed = signed.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    let seconds: i64 = parameter(url, "X-Amz-Expires").parse().unwrap();
    assert!(signed.as_second() + seconds <= end.as_second(), "{url} {end}");

    let request = json!({ "url": form["publicUrl"], "expires": end.as_second() + 3600 });
    let (status, link) = stack.ask_signer(&format!("{alice}/signed-urls"), &request).await;
    assert_eq!(status, 200, "{link}");
    let expires: i64 = parameter(link["url"].as_str().unwrap(), "expires").parse().unwrap();
    assert_eq!(expires, end.as_second());
}
