//! `tintype serve --uploads` over an S3 that sends no events: what is uploaded is checked, and nothing else is served.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use bucket::{S3Config, Timeouts, Transport, client};
use local_s3::Store;
use tokio::net::TcpListener;

use super::run;
use super::serve::Server;
use super::upload::{picture, size_of};

const BUCKET: &str = "pictures";

/// The URL at which viewers would reach the server.
const PUBLIC_URL: &str = "https://pictures.example";

const HTML: &[u8] = b"<!DOCTYPE html><script>1</script>";

/// An S3 with an empty bucket.
struct Storage {
    url: String,
    client: Client,
}

impl Storage {
    async fn start(folder: &Path) -> Self {
        let store = Store::open(folder).unwrap();
        store.create_bucket(BUCKET).unwrap();
        let credentials = Credentials::from_keys("tintype", "tintype-local", None);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = local_s3::app(store, &credentials, "us-east-1");
        tokio::spawn(async move { axum::serve(listener, app).await });
        let config = S3Config {
            endpoint: Some(url.clone()),
            region: "us-east-1".to_owned(),
            credentials,
            transport: Transport::NETWORK,
        };
        Self { url, client: client(&config, Timeouts::COMMON) }
    }

    /// A server that accepts uploads from everyone.
    fn server(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Server {
        let uploads = ["--originals", BUCKET, "--s3", &self.url, "--uploads", PUBLIC_URL];
        let secrets = [
            ("TINTYPE_UPLOAD_OPEN", "yes"),
            ("TINTYPE_SIGNER_SECRET", "a secret of thirty-two bytes or more"),
            ("TINTYPE_LINK_SECRET", "another secret of thirty-two bytes!!"),
        ];
        Server::start(&[&uploads, arguments].concat(), &[&secrets, variables].concat())
    }

    async fn put(&self, path: &str, body: &[u8], tags: Option<&str>) {
        let put = self.client.put_object().bucket(BUCKET).key(path.trim_start_matches('/'));
        let put = put.content_type("image/png").set_tagging(tags.map(str::to_owned));
        put.body(ByteStream::from(body.to_vec())).send().await.unwrap();
    }

    async fn tags(&self, path: &str) -> Vec<(String, String)> {
        let key = path.trim_start_matches('/');
        let tags = self.client.get_object_tagging().bucket(BUCKET).key(key).send().await.unwrap();
        tags.tag_set.into_iter().map(|tag| (tag.key, tag.value)).collect()
    }
}

/// Uploads a file as a user does, and returns the printed URL without the public URL.
fn upload(server: &Server, folder: &Path, arguments: &[&str]) -> String {
    let printed = run(folder, &[&["upload", "--signer", &server.url], arguments].concat());
    assert_eq!((printed.status, printed.err.as_str()), (0, ""));
    printed.out.trim_end().strip_prefix(PUBLIC_URL).expect(&printed.out).to_owned()
}

async fn status(server: &Server, path: &str) -> u16 {
    reqwest::get(format!("{}{path}", server.url)).await.unwrap().status().as_u16()
}

/// The kinds of requests for a file: the original, a variant, its description, and a part of the original.
async fn check_unserved(server: &Server, path: &str) {
    for query in ["", "?w=64", "?w=64&fm=png", "?fm=json"] {
        let url = format!("{}{path}{query}", server.url);
        let http = reqwest::Client::new();
        for request in [http.get(&url), http.head(&url), http.get(&url).header("range", "bytes=0-9")] {
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 404, "{url}");
            let body = answer.bytes().await.unwrap();
            assert!(!body.starts_with(b"<!DOCTYPE") && !body.starts_with(b"\x89PNG"), "{url}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_checked_and_served_without_events() {
    let folder = tempfile::tempdir().unwrap();
    let storage = Storage::start(&folder.path().join("s3")).await;
    let server = storage.server(&[], &[]);
    fs::write(folder.path().join("cat.png"), picture(40, 30)).unwrap();
    let path = upload(&server, folder.path(), &["cat.png"]);
    let url = format!("{}{path}", server.url);
    assert_eq!(size_of(&url).await, (40, 30));
    assert_eq!(size_of(&format!("{url}?w=16&fm=png")).await, (16, 12));
    let part = reqwest::Client::new().get(&url).header("range", "bytes=1-3").send().await.unwrap();
    assert_eq!((part.status().as_u16(), part.text().await.unwrap().as_str()), (206, "PNG"));

    let link = upload(&server, folder.path(), &["--private", "cat.png"]);
    assert_eq!(size_of(&format!("{}{link}", server.url)).await, (40, 30));
    assert_eq!(status(&server, link.split('?').next().unwrap()).await, 403);

    fs::write(folder.path().join("page.png"), HTML).unwrap();
    let refused = run(folder.path(), &["upload", "--signer", &server.url, "--type", "image/png", "page.png"]);
    assert!(refused.status == 1 && refused.err.contains("content is text/html"), "{}", refused.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_is_not_clean_is_not_served() {
    let folder = tempfile::tempdir().unwrap();
    let storage = Storage::start(&folder.path().join("s3")).await;
    let server = storage.server(&[], &[]);
    storage.put("/files/1/untagged.png", &picture(40, 30), None).await;
    storage.put("/files/1/refused.png", &picture(40, 30), Some("state=refused&reason=harmful")).await;
    // The signer has not made this key, so nobody checks it.
    storage.put("/files/1/pending.png", &picture(40, 30), Some("state=pending")).await;
    for name in ["untagged", "refused", "pending", "missing"] {
        check_unserved(&server, &format!("/files/1/{name}.png")).await;
    }
    // A client may use its form twice.
    fs::write(folder.path().join("cat.png"), picture(40, 30)).unwrap();
    let path = upload(&server, folder.path(), &["cat.png"]);
    assert_eq!(status(&server, &format!("{path}?w=64")).await, 200);
    storage.put(&path, HTML, Some("state=pending")).await;
    check_unserved(&server, &path).await;
    let deadline = Instant::now() + Duration::from_mins(1);
    while storage.tags(&path).await.contains(&("state".to_owned(), "pending".to_owned())) {
        assert!(Instant::now() < deadline, "the second upload stays pending");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(storage.tags(&path).await.contains(&("state".to_owned(), "refused".to_owned())));
    check_unserved(&server, &path).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sighup_makes_the_server_read_its_policy_again() {
    let folder = tempfile::tempdir().unwrap();
    let storage = Storage::start(&folder.path().join("s3")).await;
    let policy = folder.path().join("policy.json");
    let built_in = include_str!("../../../cdn-config/policy.json");
    fs::write(&policy, built_in).unwrap();
    let server = storage.server(&["--policy", policy.to_str().unwrap()], &[]);
    fs::write(folder.path().join("cat.png"), picture(40, 30)).unwrap();
    let path = format!("{}?w=64&rot=90&fm=png", upload(&server, folder.path(), &["cat.png"]));
    assert_eq!(status(&server, &path).await, 403);
    let hang_up = || {
        let pid = server.child.id().to_string();
        assert!(Command::new("kill").args(["-HUP", &pid]).status().unwrap().success());
    };
    fs::write(&policy, "{").unwrap();
    hang_up();
    fs::write(&policy, built_in.replace(r#""sizes""#, r#""open""#)).unwrap();
    hang_up();
    let deadline = Instant::now() + Duration::from_mins(1);
    while status(&server, &path).await != 200 {
        assert!(Instant::now() < deadline, "the policy isn't applied");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[test]
fn uploads_without_a_way_to_know_callers_are_refused_at_the_start() {
    let check = |variables: &[(&str, &str)], arguments: &[&str], expected: &str| {
        let mut command = crate::program::tintype(
            &[&["serve", "--listen", "0", "--originals", "b-1", "--s3", "http://127.0.0.1:9"], arguments]
                .concat(),
        );
        command.envs([("AWS_ACCESS_KEY_ID", "tintype"), ("AWS_SECRET_ACCESS_KEY", "tintype-local")]);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(expected), "{error}");
    };
    let uploads = ["--uploads", PUBLIC_URL];
    check(&[], &uploads, "no caller could upload: set TINTYPE_SESSION_SECRET");
    check(&[("TINTYPE_UPLOAD_OPEN", "yes")], &uploads, "TINTYPE_SIGNER_SECRET must be set");
    check(&[], &["--upload-s3", "http://127.0.0.1:9"], "--uploads <URL>");
}
