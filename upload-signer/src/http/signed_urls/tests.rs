use axum::body::{Body, to_bytes};
use cdn_config::policy::Policy;
use contract::request::{Verifier, route};
use http::Request;
use tower::ServiceExt as _;

use super::*;
use crate::app::app;
use crate::callers::access::Access;
use crate::callers::issuer::Subject;
use crate::callers::session::Session;
use crate::signing::request::Visibility;
use crate::test_api::{after, api, link_keys, links, session};

async fn ask(api: Api, path: &str, body: &str) -> (u16, Value) {
    let request = Request::post(path).header("content-type", "application/json");
    let response = app(api).oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap())
}

/// The expiry of a signed URL in seconds since 1970; `None` if it does not expire. Checks the signature up to that time.
fn expiry_of(answer: &Value) -> Option<u64> {
    let url = answer["url"].as_str().unwrap();
    let (path, query) = url.strip_prefix("https://cdn.example.com").unwrap().split_once('?').unwrap();
    let (keys, rules) = (link_keys(), Policy::built_in().rules);
    let verifier = |now_seconds| Verifier { keys: Some(&keys), now_seconds };
    assert!(route(path, query, "", &rules, verifier(0)).is_ok(), "{url}");
    let end = query.split('&').find_map(|pair| pair.strip_prefix("expires="))?.parse().unwrap();
    assert!(route(path, query, "", &rules, verifier(end)).is_err(), "{url}");
    Some(end)
}

#[tokio::test]
async fn a_url_is_returned_with_a_signature() {
    let ask = async |body: &str| ask(Api { links: Some(links()), ..api() }, "/signed-urls", body).await;
    let (status, answer) = ask(r#"{"url":"https://cdn.example.com/files/1/a.jpg?w=641"}"#).await;
    assert_eq!((status, expiry_of(&answer)), (200, None));
    let (status, answer) =
        ask(r#"{"url":"https://cdn.example.com/files/a?blur=5","expires":2000000000}"#).await;
    assert_eq!((status, expiry_of(&answer)), (200, Some(2_000_000_000)));
}

#[tokio::test]
async fn an_invalid_request_is_an_error_at_its_field() {
    let check = async |body: &str, status: u16, parameter: &str| {
        let (given, problem) = ask(Api { links: Some(links()), ..api() }, "/signed-urls", body).await;
        assert_eq!(
            (given, problem["parameter"].as_str().unwrap_or_default()),
            (status, parameter),
            "{problem}"
        );
    };
    check("{", 400, "").await;
    check("{}", 400, "url").await;
    check(r#"{"url":5}"#, 400, "url").await;
    check(r#"{"url":"cat.jpg"}"#, 400, "url").await;
    check(r#"{"url":"/elsewhere"}"#, 400, "url").await;
    check(r#"{"url":"/files/a?w=0"}"#, 400, "url").await;
    check(r#"{"url":"/files/a","expires":"soon"}"#, 400, "expires").await;
    check(r#"{"url":"/files/a","expires":4294967296}"#, 400, "expires").await;
    check(r#"{"url":"/files/a","expires":1}"#, 400, "expires").await;
    check(r#"{"url":"/files/a","ttl":1}"#, 400, "ttl").await;
}

#[tokio::test]
async fn a_private_link_needs_an_answer_of_the_storage_or_the_scope() {
    let body = r#"{"url":"https://cdn.example.com/private/1/a.jpg?w=641"}"#;
    let ask = async |reads_all| {
        let session = Session { reads_all, ..Session::new("backend", after(500)) };
        let path = format!("/u/{}/signed-urls", session.to_token(&crate::test_api::keys()));
        ask(Api { links: Some(links()), ..api() }, &path, body).await
    };
    let (status, answer) = ask(true).await;
    assert_eq!((status, expiry_of(&answer)), (200, Some(after(500).as_second().cast_unsigned())));
    let (status, problem) = ask(false).await;
    assert_eq!((status, problem["parameter"].as_str()), (503, Some("url")), "{problem}");
}

#[tokio::test]
async fn links_need_a_caller_that_may_upload_and_a_secret() {
    let body = r#"{"url":"/files/a"}"#;
    let closed = || Api { access: Access { is_open: false, ..api().access }, links: Some(links()), ..api() };
    assert_eq!(ask(closed(), "/signed-urls", body).await.0, 403);
    assert_eq!(ask(closed(), &format!("/u/{}/signed-urls", session("alice", 500)), body).await.0, 200);
    assert_eq!(ask(closed(), &format!("/u/{}/signed-urls", session("alice", -61)), body).await.0, 403);
    assert_eq!(ask(api(), "/signed-urls", body).await.0, 404);
}

#[test]
fn a_link_of_a_session_ends_with_it_and_stays_in_its_area() {
    let expires = Timestamp::from_second(1000).unwrap();
    let session = Session::new("alice", expires);
    let public = Session { visibility: Some(Visibility::Public), ..session.clone() };
    let check = |caller: &Caller, asked, expected| assert_eq!(expiry(caller, asked), expected);
    check(&Caller::Anonymous, None, None);
    let subject = Subject { name: "bob".to_owned(), reads_all: false, writes_all: false };
    check(&Caller::Subject(subject), Some(5000), Some(5000));
    let session = Caller::Session(Box::new(session));
    check(&session, None, Some(1000));
    check(&session, Some(5000), Some(1000));
    check(&session, Some(500), Some(500));
    assert!(session.may_read(Area::Private));
    assert!(!Caller::Session(Box::new(public)).may_read(Area::Private));
}

#[test]
fn a_private_file_is_recognised_in_any_spelling_of_its_path() {
    let check = |url: &str, expected: bool| assert_eq!(private_key(url).is_some(), expected, "{url}");
    check("https://cdn.example.com/private/1/a.jpg?w=1", true);
    check("/private/1/a.jpg", true);
    check("/%70rivate/1/a.jpg#x", true);
    check("/private%2F1%2Fa.jpg", true);
    check("/files/1/private.jpg?x=/private/", false);
    check("https://private/files/a", false);
}
