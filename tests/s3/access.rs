//! Permissions of principals other than the owner.

use aws_credential_types::Credentials;
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use local_s3::{Action, Principal, Statement, Store, app_with_principals};
use tokio::net::TcpListener;

use super::server::client;

#[tokio::test]
async fn a_principal_may_do_only_what_its_statements_allow() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    store.create_bucket("originals").unwrap();
    let (owner, cdn) =
        (Credentials::from_keys("owner", "secret", None), Credentials::from_keys("cdn", "other", None));
    let statement =
        |action, prefix: &str, tag| Statement { action, bucket: "originals", prefix: prefix.to_owned(), tag };
    let statements = vec![
        statement(Action::GetObject, "files/", Some(("state", "clean"))),
        statement(Action::GetObject, "videos/", None),
        statement(Action::PutObject, "made/", None),
    ];
    let keeper = Credentials::from_keys("keeper", "third", None);
    let may_list =
        Statement { action: Action::ListBucket, bucket: "originals", prefix: String::new(), tag: None };
    let others = vec![
        Principal { credentials: keeper.clone(), statements: [statements.clone(), vec![may_list]].concat() },
        Principal { credentials: cdn.clone(), statements },
    ];
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let app = app_with_principals(store, &owner, others, "us-east-1");
    let serving = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let (owner, cdn) = (client(&endpoint, owner), client(&endpoint, cdn));
    for (key, tags) in [
        ("files/clean", "state=clean"),
        ("files/pending", "state=pending"),
        ("files/untagged", ""),
        ("files/other", "state=clean2&clean=state"),
        ("videos/any", ""),
        ("elsewhere", "state=clean"),
    ] {
        let put = owner.put_object().bucket("originals").key(key).tagging(tags).body(b"x".to_vec().into());
        put.send().await.unwrap();
    }
    let check = async |key: &str, expected: Option<&str>| {
        let got = cdn.get_object().bucket("originals").key(key).send().await;
        assert_eq!(got.as_ref().err().map(|error| error.code().unwrap_or_default()), expected, "{key}");
        let head = cdn.head_object().bucket("originals").key(key).send().await;
        let status = head.err().map(|error| error.raw_response().unwrap().status().as_u16());
        assert_eq!(status, expected.map(|_| 403), "{key}");
    };
    check("files/clean", None).await;
    check("videos/any", None).await;
    for key in ["files/pending", "files/untagged", "files/other", "files/none", "elsewhere", "made/x"] {
        check(key, Some("AccessDenied")).await;
    }
    // A reader that may list the bucket learns which objects are missing.
    let keeper = client(&endpoint, keeper);
    for (key, status) in [("files/pending", 403), ("files/none", 404)] {
        let head = keeper.head_object().bucket("originals").key(key).send().await.unwrap_err();
        assert_eq!(head.raw_response().unwrap().status().as_u16(), status, "{key}");
    }
    let put = |key: &str| cdn.put_object().bucket("originals").key(key).body(b"y".to_vec().into());
    assert!(put("made/x").send().await.is_ok());
    assert!(put("made/y").tagging("state=clean").send().await.is_err());
    assert!(put("files/clean").send().await.is_err());
    let copy = cdn.copy_object().bucket("originals").key("made/z").copy_source("originals/files/pending");
    assert!(copy.send().await.is_err());
    assert!(cdn.list_objects_v2().bucket("originals").send().await.is_err());
    assert!(cdn.get_object_tagging().bucket("originals").key("files/clean").send().await.is_err());
    assert!(cdn.delete_object().bucket("originals").key("files/clean").send().await.is_err());
    serving.abort();
}
