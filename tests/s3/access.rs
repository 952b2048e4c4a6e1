//! Permissions of principals other than the owner.

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::types::{Delete, ObjectIdentifier, Tag, Tagging, TaggingDirective};
use local_policy::{Caller, Context, Key, Permissions};
use local_s3::{Principal, Store, app_with_principals};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::server::client;

const ROLE: &str = "arn:aws:iam::000000000000:role/role";
const DISTRIBUTION: &str = "arn:aws:cloudfront::000000000000:distribution/ELOCAL";

struct Bucket {
    owner: Client,
    /// A role.
    role: Client,
    /// CloudFront.
    cdn: Client,
    serving: JoinHandle<()>,
    _folder: TempDir,
}

/// A bucket with the policies of a role and of the bucket.
async fn bucket(of_role: &Value, of_bucket: &Value) -> Bucket {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_with_parts(folder.path(), 1).unwrap();
    store.create_bucket("originals").unwrap();
    let document =
        json!({ "roles": { ROLE: of_role }, "resources": { "arn:aws:s3:::originals": of_bucket } });
    let permissions = Permissions::parse(&document).unwrap();
    let credentials = |name: &str| Credentials::from_keys(name, format!("secret-of-{name}"), None);
    let role = Principal {
        credentials: credentials("role"),
        caller: Caller::Role(ROLE.to_owned()),
        context: Context::over_tls(),
    };
    let cdn = Principal {
        credentials: credentials("cdn"),
        caller: Caller::Service("cloudfront.amazonaws.com".to_owned()),
        context: Context::over_tls().with(Key::SourceArn, DISTRIBUTION),
    };
    let app = app_with_principals(store, &credentials("owner"), vec![role, cdn], permissions, "us-east-1");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let of = |name: &str| client(&endpoint, credentials(name));
    let bucket = Bucket { owner: of("owner"), role: of("role"), cdn: of("cdn"), serving, _folder: folder };
    for (key, tags) in [
        ("files/clean", "state=clean"),
        ("files/pending", "state=pending"),
        ("files/untagged", ""),
        ("files/other", "state=clean2&clean=state"),
        ("videos/any", ""),
        ("elsewhere", "state=clean"),
    ] {
        let put = bucket.owner.put_object().bucket("originals").key(key).tagging(tags);
        put.body(b"x".to_vec().into()).send().await.unwrap();
    }
    bucket
}

fn allow(actions: &[&str], resources: &[&str]) -> Value {
    let resources: Vec<String> =
        resources.iter().map(|path| format!("arn:aws:s3:::originals{path}")).collect();
    json!({ "Effect": "Allow", "Action": actions, "Resource": resources })
}

fn with_condition(mut statement: Value, condition: Value) -> Value {
    statement["Condition"] = condition;
    statement
}

fn clean() -> Value {
    json!({ "StringEquals": { "s3:ExistingObjectTag/state": "clean" } })
}

/// S3's code; empty if the request has succeeded. The response to `HEAD` has no code but a status.
fn code<T, E: ProvideErrorMetadata>(result: Result<T, SdkError<E>>) -> String {
    match result {
        Ok(_) => String::new(),
        Err(SdkError::ServiceError(error)) => match error.err().code() {
            Some(code) if code != "NotFound" => code.to_owned(),
            _ => error.raw().status().as_u16().to_string(),
        },
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn cloudfront_reads_what_the_policy_of_the_bucket_allows_its_distribution() {
    let of_cdn = |statement: Value| {
        let mut statement = statement;
        statement["Principal"] = json!({ "Service": "cloudfront.amazonaws.com" });
        statement["Condition"]["ArnEquals"] = json!({ "aws:SourceArn": DISTRIBUTION });
        statement
    };
    let files = with_condition(allow(&["s3:GetObject"], &["/files/*"]), clean());
    let of_bucket = json!([of_cdn(files), of_cdn(allow(&["s3:GetObject"], &["/videos/*"]))]);
    let bucket = bucket(&json!([]), &of_bucket).await;
    for (key, expected) in [
        ("files/clean", ""),
        ("videos/any", ""),
        ("files/pending", "AccessDenied"),
        ("files/untagged", "AccessDenied"),
        ("files/other", "AccessDenied"),
        ("elsewhere", "AccessDenied"),
        // Without s3:ListBucket a missing object looks like one without permission.
        ("files/none", "AccessDenied"),
        ("videos/none", "AccessDenied"),
    ] {
        let got = bucket.cdn.get_object().bucket("originals").key(key).send().await;
        assert_eq!(code(got), expected, "{key}");
        let head = bucket.cdn.head_object().bucket("originals").key(key).send().await;
        assert_eq!(code(head), if expected.is_empty() { "" } else { "403" }, "{key}");
    }
    let put = bucket.cdn.put_object().bucket("originals").key("videos/new").body(b"y".to_vec().into());
    assert_eq!(code(put.send().await), "AccessDenied");
    // The bucket's policy names the distribution, not the role.
    let got = bucket.role.get_object().bucket("originals").key("files/clean").send().await;
    assert_eq!(code(got), "AccessDenied");
    bucket.serving.abort();
}

#[tokio::test]
async fn a_missing_object_is_told_to_those_who_may_list_the_bucket() {
    let listing = allow(&["s3:ListBucket"], &[""]);
    let by_prefix = with_condition(listing.clone(), json!({ "StringLike": { "s3:prefix": "files/*" } }));
    let read = allow(&["s3:GetObject", "s3:GetObjectTagging"], &["/files/*"]);
    for (statements, expected) in [
        (json!([read]), "AccessDenied"),
        (json!([read, listing]), "NoSuchKey"),
        // A read has no prefix, so the condition doesn't hold.
        (json!([read, by_prefix]), "AccessDenied"),
        (json!([listing]), "AccessDenied"),
    ] {
        let bucket = bucket(&statements, &json!([])).await;
        let got = bucket.role.get_object().bucket("originals").key("files/none").send().await;
        assert_eq!(code(got), expected, "{statements}");
        let head = bucket.role.head_object().bucket("originals").key("files/none").send().await;
        assert_eq!(code(head), if expected == "NoSuchKey" { "404" } else { "403" }, "{statements}");
        let tags = bucket.role.get_object_tagging().bucket("originals").key("files/none").send().await;
        assert_eq!(code(tags), expected, "{statements}");
        bucket.serving.abort();
    }
}

#[tokio::test]
async fn a_denial_of_the_bucket_wins_over_the_permission_of_a_role() {
    let deny = json!({
        "Effect": "Deny", "Principal": { "AWS": ROLE }, "Action": ["s3:GetObject", "s3:GetObjectVersion"],
        "Resource": "arn:aws:s3:::originals/files/*",
        "Condition": { "StringNotEquals": { "s3:ExistingObjectTag/state": "clean" } },
    });
    let bucket = bucket(&json!([allow(&["s3:*"], &["", "/*"])]), &json!([deny])).await;
    for (key, expected) in [
        ("files/clean", ""),
        ("files/pending", "AccessDenied"),
        ("files/untagged", "AccessDenied"),
        ("elsewhere", ""),
    ] {
        let got = bucket.role.get_object().bucket("originals").key(key).send().await;
        assert_eq!(code(got), expected, "{key}");
    }
    bucket.serving.abort();
}

#[tokio::test]
async fn each_operation_needs_its_own_action() {
    let tagged = with_condition(
        allow(&["s3:PutObjectTagging"], &["/made/*"]),
        json!({ "StringEquals": { "s3:RequestObjectTag/state": "pending" } }),
    );
    let prefix = json!({ "StringLike": { "s3:prefix": ["files/*", "private/*"] } });
    let of_role = json!([
        allow(&["s3:PutObject"], &["/made/*"]),
        tagged,
        allow(&["s3:GetObject"], &["/files/*"]),
        allow(&["s3:DeleteObject"], &["/videos/*"]),
        with_condition(allow(&["s3:ListBucket"], &[""]), prefix),
    ]);
    let bucket = bucket(&of_role, &json!([])).await;
    let (role, owner) = (&bucket.role, &bucket.owner);
    let put = |key: &str| role.put_object().bucket("originals").key(key).body(b"y".to_vec().into());
    assert_eq!(code(put("made/x").send().await), "");
    assert_eq!(code(put("files/x").send().await), "AccessDenied");
    assert_eq!(code(put("made/x").tagging("state=pending").send().await), "");
    assert_eq!(code(put("made/x").tagging("state=clean").send().await), "AccessDenied");

    let create = |tags: &str| role.create_multipart_upload().bucket("originals").key("made/y").tagging(tags);
    let upload = create("state=pending").send().await.unwrap().upload_id.unwrap();
    assert_eq!(code(create("state=clean").send().await), "AccessDenied");
    let part = role.upload_part().bucket("originals").key("made/y").upload_id(&upload).part_number(1);
    assert_eq!(code(part.body(b"z".to_vec().into()).send().await), "");
    let list = role.list_parts().bucket("originals").key("made/y").upload_id(&upload);
    assert_eq!(code(list.send().await), "AccessDenied");
    let abort = role.abort_multipart_upload().bucket("originals").key("made/y").upload_id(&upload);
    assert_eq!(code(abort.send().await), "AccessDenied");

    // A copy reads its source, and the tags of the source if it keeps them.
    let copy = |source: &str| role.copy_object().bucket("originals").key("made/z").copy_source(source);
    let replace = |source: &str| copy(source).tagging_directive(TaggingDirective::Replace);
    assert_eq!(code(replace("originals/files/pending").send().await), "");
    assert_eq!(code(replace("originals/videos/any").send().await), "AccessDenied");
    assert_eq!(code(replace("originals/files/pending").tagging("state=clean").send().await), "AccessDenied");
    assert_eq!(code(copy("originals/files/pending").send().await), "AccessDenied");
    // The version of a source needs a permission of its own.
    let pending = owner.head_object().bucket("originals").key("files/pending").send().await.unwrap();
    let version = format!("originals/files/pending?versionId={}", pending.version_id.unwrap());
    assert_eq!(code(replace(&version).send().await), "AccessDenied");

    let tag = Tag::builder().key("state").value("pending").build().unwrap();
    let tags = Tagging::builder().tag_set(tag).build().unwrap();
    let set_tags = |key: &str| role.put_object_tagging().bucket("originals").key(key).tagging(tags.clone());
    assert_eq!(code(set_tags("made/x").send().await), "");
    assert_eq!(code(set_tags("files/clean").send().await), "AccessDenied");
    let version =
        owner.head_object().bucket("originals").key("made/x").send().await.unwrap().version_id.unwrap();
    assert_eq!(code(set_tags("made/x").version_id(version).send().await), "AccessDenied");

    let read = role.get_object().bucket("originals").key("files/clean");
    let version = read.clone().send().await.unwrap().version_id.unwrap();
    assert_eq!(code(read.version_id(version).send().await), "AccessDenied");

    let list = |prefix: Option<&str>| {
        role.list_objects_v2().bucket("originals").set_prefix(prefix.map(str::to_owned)).send()
    };
    assert_eq!(code(list(Some("files/")).await), "");
    assert_eq!(code(list(Some("videos/")).await), "AccessDenied");
    assert_eq!(code(list(None).await), "AccessDenied");
    assert_eq!(code(role.list_buckets().send().await), "AccessDenied");

    let object = |key: &str| ObjectIdentifier::builder().key(key).build().unwrap();
    let both =
        Delete::builder().objects(object("videos/any")).objects(object("files/clean")).build().unwrap();
    let deleted = role.delete_objects().bucket("originals").delete(both).send().await.unwrap();
    assert_eq!(deleted.deleted()[0].key(), Some("videos/any"));
    assert_eq!(
        (deleted.errors()[0].key(), deleted.errors()[0].code()),
        (Some("files/clean"), Some("AccessDenied"))
    );
    assert!(owner.head_object().bucket("originals").key("files/clean").send().await.is_ok());
    let delete = role.delete_object().bucket("originals").key("files/clean");
    assert_eq!(code(delete.send().await), "AccessDenied");
    bucket.serving.abort();
}
