//! The states of an upload, and what viewers get in each.

use std::path::Path;

use serde_json::{Value, json};
use upload_signer::arrival::scan::Scanner;

use super::{check_unserved, html, picture, shell};
use crate::support::Running;

#[tokio::test]
async fn an_html_page_declared_as_a_picture_is_never_served() {
    let stack = Running::start().await;
    let bytes = html();
    for method in ["POST", "PUT"] {
        let request =
            json!({ "filename": "a.png", "type": "image/png", "size": bytes.len(), "method": method });
        let (status, grant) = stack.sign(&request).await;
        assert_eq!(status, 201, "{grant}");
        match method {
            "POST" => assert_eq!(stack.post(&grant, &bytes).await.0, 204),
            _ => assert_eq!(stack.put(&grant, &bytes).await, 200),
        }
        check_unserved(&stack, &grant).await;
        let state = stack.settled(&grant).await;
        assert_eq!(
            (&state["state"], &state["reason"]),
            (&json!("refused"), &json!("other-content")),
            "{state}"
        );
        assert!(state["detail"].as_str().unwrap().contains("text/html"), "{state}");
        assert_eq!((&state["size"], &state["type"]), (&json!(300_000), &json!("image/png")), "{state}");
        check_unserved(&stack, &grant).await;
    }
}

#[tokio::test]
async fn an_upload_is_pending_until_it_is_checked_and_then_served() {
    let folder = tempfile::tempdir().unwrap();
    let gate = folder.path().join("open");
    let stack = Running::with_scanner(undecided_until(&gate)).await;
    let bytes = picture(64, 64);
    let (_, grant) = stack.sign(&json!({ "filename": "a.png", "type": "image/png" })).await;
    let path = format!("/uploads/{}", grant["id"].as_str().unwrap());
    assert_eq!(stack.get(&path).await.status, 404, "the file has not been sent");
    assert_eq!(stack.post(&grant, &bytes).await.0, 204);

    let pending = stack.get(&path).await;
    assert_eq!((pending.status, pending.header("cache-control")), (200, "no-store"));
    let state = pending.json();
    assert_eq!(state["state"], "pending", "{state}");
    assert_eq!(state["publicUrl"], grant["publicUrl"]);
    assert_eq!((&state["id"], &state["key"]), (&grant["id"], &grant["key"]));
    check_unserved(&stack, &grant).await;

    // A pending upload is finalised after a restart.
    let stack = stack.restarted_with(Some(undecided_until(&gate))).await;
    assert_eq!(stack.get(&path).await.json()["state"], "pending");
    std::fs::write(&gate, "").unwrap();
    let state = stack.settled(&grant).await;
    assert_eq!(state["state"], "clean", "{state}");
    assert_eq!(state.get("reason"), None);
    assert_eq!((&state["width"], &state["height"]), (&json!(64), &json!(64)));
    let key = grant["key"].as_str().unwrap();
    assert_eq!(stack.get(&format!("/{key}")).await.body, bytes);
    assert_eq!(stack.get(&format!("/{key}?w=32")).await.picture().dimensions(), (32, 32));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_is_held_until_the_upload_is_checked_or_the_wait_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let gate = folder.path().join("open");
    let stack = Running::with_scanner(undecided_until(&gate)).await;
    let (_, grant) = stack.sign(&json!({ "filename": "a.png", "type": "image/png" })).await;
    let path = format!("/uploads/{}", grant["id"].as_str().unwrap());
    assert_eq!(stack.get(&format!("{path}?wait=20")).await.status, 404, "the file has not been sent");
    assert_eq!(stack.post(&grant, &picture(64, 48)).await.0, 204);

    let still = stack.get(&format!("{path}?wait=1")).await;
    assert_eq!((still.status, still.json()["state"].as_str()), (200, Some("pending")));
    for wrong in ["21", "-1", "1.5", "", "soon", "1&wait=2"] {
        let refused = stack.get(&format!("{path}?wait={wrong}")).await;
        let problem = refused.json();
        assert_eq!(
            (refused.status, problem["parameter"].as_str()),
            (400, Some("wait")),
            "{wrong}: {problem}"
        );
    }

    // Both requests are sent before the scanner can decide, and each is answered once.
    let edge = stack.edge().to_owned();
    let held = tokio::spawn(async move { reqwest::get(format!("{edge}{path}?wait=20")).await.unwrap() });
    for _ in 0..3 {
        assert_eq!(stack.state(&grant).await["state"], "pending");
    }
    std::fs::write(&gate, "").unwrap();
    let state: Value = held.await.unwrap().json().await.unwrap();
    assert_eq!((&state["state"], &state["width"]), (&json!("clean"), &json!(64)), "{state}");
}

/// A scanner that can't decide until the file `gate` exists.
fn undecided_until(gate: &Path) -> Scanner {
    // `test` exits with 1 if the file is missing, which would mean harmful.
    shell(&format!("test -e {} || exit 3", gate.display()))
}

#[tokio::test]
async fn the_scanner_decides_and_a_failed_scan_delays_no_other_upload() {
    let stack = Running::with_scanner(shell(SCAN)).await;
    let marked = |mark: &str| [picture(32, 32), mark.as_bytes().to_vec()].concat();
    let send = async |mark: &str| {
        let (_, grant) = stack.sign(&json!({ "filename": "a.png", "type": "image/png" })).await;
        assert_eq!(stack.post(&grant, &marked(mark)).await.0, 204);
        grant
    };
    let (undecided, harmful, clean) = (send("UNSURE").await, send("EICAR").await, send("").await);
    assert_eq!(stack.settled(&clean).await["state"], "clean");
    let state = stack.settled(&harmful).await;
    assert_eq!((&state["state"], &state["reason"]), (&json!("refused"), &json!("harmful")));
    assert_eq!(stack.state(&undecided).await["state"], "pending");
    check_unserved(&stack, &undecided).await;
    check_unserved(&stack, &harmful).await;
    assert_eq!(stack.get(&format!("/{}", clean["key"].as_str().unwrap())).await.status, 200);
}

const SCAN: &str = "case $(tail -c 6) in *EICAR) exit 1;; UNSURE) exit 2;; esac";

#[tokio::test]
async fn an_upload_with_a_forged_state_is_refused() {
    let stack = Running::start().await;
    let bytes = html();
    let check = async |change_name: &str, change: &dyn Fn(&mut Value), code: &str| {
        let (_, mut grant) = stack.sign(&json!({ "filename": "a.png", "type": "image/png" })).await;
        change(&mut grant["fields"]);
        let (status, body) = stack.post(&grant, &bytes).await;
        assert!(status == 403 && body.contains(code), "{change_name}: {status} {body}");
        assert_eq!(stack.get(&format!("/uploads/{}", grant["id"].as_str().unwrap())).await.status, 404);
    };
    let forged = |fields: &mut Value| {
        fields["tagging"] = json!(fields["tagging"].as_str().unwrap().replace("pending", "clean"));
    };
    check("another state", &forged, "AccessDenied").await;
    let without = |fields: &mut Value| drop(fields.as_object_mut().unwrap().remove("tagging"));
    check("no state", &without, "AccessDenied").await;
    let header = |fields: &mut Value| fields["x-amz-tagging"] = json!("state=clean");
    check("a header's name", &header, "AccessDenied").await;

    let request = json!({ "filename": "a.png", "type": "image/png", "size": bytes.len(), "method": "PUT" });
    for tags in [Some("state=clean"), None] {
        let (_, mut grant) = stack.sign(&request).await;
        match tags {
            Some(tags) => grant["headers"]["x-amz-tagging"] = json!(tags),
            None => drop(grant["headers"].as_object_mut().unwrap().remove("x-amz-tagging")),
        }
        assert_eq!(stack.put(&grant, &bytes).await, 403, "{tags:?}");
    }
}

#[tokio::test]
async fn only_known_ids_have_a_status() {
    let stack = Running::start().await;
    let check = async |method: &str, id: &str, status: u16| {
        let got = stack.send(method, &format!("/uploads/{id}"), &[]).await;
        assert_eq!((got.status, got.header("cache-control")), (status, "no-store"), "{method} {id}");
        assert_eq!(got.header("content-type"), "application/problem+json", "{method} {id}");
    };
    check("GET", "0190163d-8694-739b-aea5-966c26f8ad91", 404).await;
    check("GET", "1", 404).await;
    check("GET", "..%2F", 404).await;
    check("DELETE", "0190163d-8694-739b-aea5-966c26f8ad91", 405).await;
    let request = json!({ "filename": "a.png", "type": "image/png", "visibility": "private" });
    let (_, grant) = stack.sign(&request).await;
    assert_eq!(stack.post(&grant, &picture(8, 8)).await.0, 204);
    assert_eq!(stack.settled(&grant).await["state"], "clean");
}
