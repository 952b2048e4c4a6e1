//! Private files of the deployment, and files that aren't clean: who can read them.

use serde_json::json;

use super::running::Deployed;
use crate::support::pictures::{decode, jpeg, quarters};

/// Uploads a private picture. It is served in any variant through a signed link, and not without.
pub(super) async fn assert_are_opened_by_links(deployed: &Deployed) {
    let request = json!({ "filename": "cat.jpg", "type": "image/jpeg", "visibility": "private" });
    let grant = deployed.sign(&request).await;
    let path = deployed.path(&grant);
    assert!(path.starts_with("/private/"), "{path}");
    assert_eq!(deployed.post(&grant, &jpeg(&quarters(64, 48))).await, 204);
    assert_eq!(deployed.checked(&grant).await["state"], "clean");
    let signed = deployed.signed_link(&format!("{path}?w=32&fm=png")).await;
    assert_is_opened_by(deployed, &path, &signed).await;
}

/// A private picture of 64 × 48 pixels is served as a PNG of 32 × 24 through a link, and not without.
pub(super) async fn assert_is_opened_by(deployed: &Deployed, path: &str, link: &str) {
    for closed in [path, &format!("{path}?w=32&fm=png")] {
        assert_eq!(deployed.get(closed).await.status, 403, "{closed}");
    }
    let opened = deployed.get(link).await;
    assert_eq!((opened.status, opened.header("cache-control")), (200, "private, no-store"));
    assert_eq!(decode(&opened.body).dimensions(), (32, 24));
    assert_eq!(deployed.get(&link.replace("w=32", "w=64")).await.status, 403, "another variant");
}

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn only_signed_links_open_private_files_and_only_clean_files_are_served() {
    let deployed = Deployed::start(&json!({})).await;
    assert_are_opened_by_links(&deployed).await;

    let page = b"<!DOCTYPE html><script>alert(1)</script>";
    let grant = deployed.sign(&json!({ "filename": "page.jpg", "type": "image/jpeg" })).await;
    assert_eq!(deployed.post(&grant, page).await, 204);
    assert_eq!(deployed.checked(&grant).await["state"], "refused");
    assert_eq!(deployed.get(&deployed.path(&grant)).await.status, 403);

    let request = json!({ "filename": "cat.jpg", "type": "image/jpeg", "visibility": "private" });
    let anonymous = deployed.sign_as(None, &request).await;
    assert_eq!(anonymous.0, 403, "{}", anonymous.1);
    deployed.stop().await;
}
