//! A running deployment, and the requests that tests send to it.

use std::time::Duration;

use aws_sdk_s3::types::{Tag, Tagging};
use cdn_config::policy::Policy;
use contract::signing_keys::SigningKeys;
use jiff::Timestamp;
use local_deployed::deployment::{Deployment, Listeners};
use local_queues::queue::Queue;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tempfile::TempDir;
use upload_signer::callers::session::Session;

use super::synthesised::{Synthesised, listen};
use crate::support::{Answer, owner, wait};

/// The names of the stack's queues of dead letters, without the CDK's hash.
const DEAD_LETTERS: [&str; 4] = [
    "UploadArrivalsDeadLetters",
    "DeliveryUpkeepChangesDeadLetters",
    "VideoEventsDeadLetters",
    "LibraryChangesDeadLetters",
];

/// A running deployment, and its folder, which is removed when this value is dropped.
pub(super) struct Deployed {
    deployment: Deployment,
    edge: String,
    s3: String,
    aws: String,
    http: reqwest::Client,
    /// A session; empty if the deployment has no secret of sessions.
    token: String,
    /// Keys of sessions, if the deployment has them.
    session_keys: Option<SigningKeys>,
    template: Value,
    /// Keys of signed links, if the deployment has a CDN.
    link_keys: Option<SigningKeys>,
    _folder: TempDir,
}

impl Synthesised {
    /// Starts the deployment.
    pub(super) async fn start(self) -> Deployed {
        let ((edge, edge_url), (s3, s3_url), (aws, aws_url)) =
            (listen().await, listen().await, listen().await);
        let started = Deployment::start(self.options(), Listeners { edge, s3, aws }).await;
        let deployment = started.unwrap_or_else(|error| panic!("{error}"));
        let secrets = std::fs::read_to_string(self.folder.path().join("data/secrets.json")).unwrap();
        let secrets: Value = serde_json::from_str(&secrets).unwrap();
        let keys = |name: &str| {
            let mut all = secrets.as_object().unwrap().iter();
            let (_, secret) = all.find(|(arn, _)| arn.contains(name))?;
            Some(SigningKeys::parse(secret.as_str().unwrap()).unwrap())
        };
        let session_keys = keys("SessionSecret");
        let token = session_keys.as_ref().map(|keys| session("someone").to_token(keys));
        Deployed {
            deployment,
            edge: edge_url,
            s3: s3_url,
            aws: aws_url,
            http: reqwest::Client::new(),
            token: token.unwrap_or_default(),
            session_keys,
            template: self.template,
            link_keys: keys("LinkSecret"),
            _folder: self.folder,
        }
    }
}

/// A session of an owner, for an hour.
fn session(owner: &str) -> Session {
    Session::new(owner, Timestamp::now() + Duration::from_hours(1))
}

impl Deployed {
    /// Starts the shipped configuration with changed members.
    pub(super) async fn start(changes: &Value) -> Self {
        Synthesised::new(changes).start().await
    }

    /// An output of the stack.
    pub(super) fn output(&self, name: &str) -> &str {
        &self.deployment.outputs[name]
    }

    /// The synthesised template.
    pub(super) fn template(&self) -> String {
        self.template.to_string()
    }

    /// The path of an owner's session, before each path of the signer.
    pub(super) fn caller(&self, owner: &str) -> String {
        self.path_of(&session(owner))
    }

    /// The path of the session of an administrator, who sees and changes the files of all owners.
    pub(super) fn administrator(&self) -> String {
        self.path_of(&Session { reads_all: true, writes_all: true, ..session("admin") })
    }

    fn path_of(&self, session: &Session) -> String {
        format!("/u/{}", session.to_token(self.session_keys.as_ref().expect("the deployment has sessions")))
    }

    /// The distribution's address.
    pub(super) fn edge(&self) -> &str {
        &self.edge
    }

    /// Requests an upload in a session. Returns the grant.
    pub(super) async fn sign(&self, request: &Value) -> Value {
        let (status, grant) = self.sign_as(Some(&self.token), request).await;
        assert_eq!(status, 201, "{grant}");
        grant
    }

    /// Requests an upload. Returns the status and the body of the answer.
    pub(super) async fn sign_as(&self, token: Option<&str>, request: &Value) -> (u16, Value) {
        self.ask("/uploads", token, request).await
    }

    async fn ask(&self, path: &str, token: Option<&str>, request: &Value) -> (u16, Value) {
        let session = token.map(|token| format!("/u/{token}")).unwrap_or_default();
        let sent = self.http.post(format!("{}{session}{path}", self.edge)).json(request);
        let response = sent.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// The path and query of a signed link.
    pub(super) async fn signed_link(&self, path: &str) -> String {
        let (status, answer) = self.link(&format!("{}{path}", self.edge)).await;
        assert_eq!(status, 200, "{answer}");
        let url = answer["url"].as_str().unwrap_or_else(|| panic!("{answer}"));
        url.strip_prefix(&self.edge).unwrap_or(url).to_owned()
    }

    /// Requests a signed link in a session. Returns the status and the body of the answer.
    pub(super) async fn link(&self, url: &str) -> (u16, Value) {
        self.ask("/signed-urls", Some(&self.token), &json!({ "url": url })).await
    }

    /// Signs a path and its query with the secret of links, as an operator does.
    pub(super) fn operators_link(&self, path: &str) -> String {
        let keys = self.link_keys.as_ref().expect("the deployment has a CDN");
        contract::link::sign(path, None, &Policy::built_in().rules, keys).unwrap()
    }

    /// Posts a form that the signer granted. Returns the status.
    pub(super) async fn post(&self, grant: &Value, bytes: &[u8]) -> u16 {
        let mut form = Form::new();
        for (name, value) in grant["fields"].as_object().unwrap() {
            form = form.text(name.clone(), value.as_str().unwrap().to_owned());
        }
        let form = form.part("file", Part::bytes(bytes.to_vec()).file_name("file"));
        let response = self.http.post(grant["url"].as_str().unwrap()).multipart(form).send().await.unwrap();
        response.status().as_u16()
    }

    /// Waits until an upload is no longer pending. Returns its state.
    pub(super) async fn checked(&self, grant: &Value) -> Value {
        let path = format!("/u/{}/uploads/{}", self.token, grant["id"].as_str().unwrap());
        wait::for_value("the end of the upload's checks", async || {
            let got = self.get(&path).await;
            assert_eq!(got.status, 200, "{}", String::from_utf8_lossy(&got.body));
            let state = got.json();
            if state["state"] == "pending" { Err(state) } else { Ok(state) }
        })
        .await
    }

    /// The path of a granted file on the CDN.
    pub(super) fn path(&self, grant: &Value) -> String {
        assert_eq!(self.output("Url"), self.edge);
        grant["publicUrl"].as_str().unwrap().strip_prefix(&self.edge).unwrap().to_owned()
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[]).await
    }

    pub(super) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.edge));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, body: response.bytes().await.unwrap() }
    }

    /// Writes an original that is clean, as an operator does. Returns its path.
    pub(super) async fn store(&self, key: &str, media_type: &str, bytes: &[u8]) -> String {
        let put = self.client().put_object().bucket(self.output("OriginalsBucket")).key(key);
        put.content_type(media_type).body(bytes.to_vec().into()).send().await.unwrap();
        let tag = Tag::builder().key("state").value("clean").build().unwrap();
        let tagging = Tagging::builder().tag_set(tag).build().unwrap();
        let request = self.client().put_object_tagging().bucket(self.output("OriginalsBucket")).key(key);
        request.tagging(tagging).send().await.unwrap();
        format!("/{key}")
    }

    /// Writes an object that is pending. It stays so if no function checks its key.
    pub(super) async fn store_pending(&self, key: &str) {
        let put = self.client().put_object().bucket(self.output("OriginalsBucket")).key(key);
        put.tagging("state=pending").body(b"x".to_vec().into()).send().await.unwrap();
    }

    /// Removes an original by its path, as an operator does.
    pub(super) async fn remove(&self, path: &str) {
        let key = contract::key::Key::from_path(path).unwrap();
        let remove = self.client().delete_object().bucket(self.output("OriginalsBucket"));
        remove.key(key.as_str()).send().await.unwrap();
    }

    /// The names of the stored variants.
    pub(super) async fn variants(&self) -> Vec<String> {
        self.keys("VariantsBucket", "files/").await
    }

    /// The keys below a prefix in the bucket that an output names.
    pub(super) async fn keys(&self, bucket: &str, prefix: &str) -> Vec<String> {
        let list = self.client().list_objects_v2().bucket(self.output(bucket));
        let listed = list.prefix(prefix).send().await.unwrap();
        listed.contents().iter().map(|object| object.key().unwrap().to_owned()).collect()
    }

    /// Waits for the final status document of a video, and returns it. `read` reads the document, or returns null.
    pub(super) async fn final_status(&self, read: impl AsyncFn() -> Value) -> Value {
        wait::for_value("the end of transcoding", async || {
            let status = read().await;
            if matches!(status["state"].as_str(), Some("ready" | "failed")) {
                Ok(status)
            } else {
                Err(status)
            }
        })
        .await
    }

    /// The status document of a public video in the bucket; null if there is none.
    pub(super) async fn stored_status(&self, id: &str) -> Value {
        let get = self.client().get_object().bucket(self.output("OriginalsBucket"));
        match get.key(format!("videos/{id}/status.json")).send().await {
            Ok(object) => serde_json::from_slice(&object.body.collect().await.unwrap().into_bytes()).unwrap(),
            Err(_) => Value::Null,
        }
    }

    /// The messages that functions couldn't handle.
    pub(super) fn dead_letters(&self) -> Vec<String> {
        let queues = DEAD_LETTERS.iter().filter_map(|name| self.deployment.queue(name));
        queues.flat_map(Queue::bodies).collect()
    }

    /// The queue with a logical ID that begins with `id`.
    pub(super) fn queue(&self, id: &str) -> &Queue {
        self.deployment.queue(id).unwrap()
    }

    /// What an address below `/deployed` answers.
    pub(super) async fn inspect(&self, method: &str, path: &str) -> Value {
        let request = self.http.request(method.parse().unwrap(), format!("{}/deployed/{path}", self.aws));
        request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
    }

    /// Sends a preflight to S3, for a method and a header of requests. Returns its status and headers.
    pub(super) async fn preflight(&self, url: &str, method: &str, header: &str) -> (u16, http::HeaderMap) {
        let request = self.http.request(http::Method::OPTIONS, url).header("origin", "https://shop.example");
        let request = request.header("access-control-request-method", method);
        let response = request.header("access-control-request-headers", header).send().await.unwrap();
        (response.status().as_u16(), response.headers().clone())
    }

    pub(super) async fn stop(self) {
        self.deployment.stop().await;
    }

    fn client(&self) -> aws_sdk_s3::Client {
        crate::s3::server::client(&self.s3, owner())
    }
}
