//! A stack of its own for each test, and what tests do with it.

use aws_credential_types::Credentials;
use bytes::Bytes;
use cdn_config::policy::Policy;
use http::HeaderMap;
use local_media_convert::{EventDelivery, Tools};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tempfile::TempDir;
use tintype::local::names::{ACCESS_KEY_ID, ORIGINALS, SECRET_ACCESS_KEY};
use tintype::local::options::Options;
use tintype::local::stack::Stack;
use upload_signer::arrival::scan::Scanner;

pub(crate) mod pictures;
pub(crate) mod wait;

/// The credentials of the local S3's owner.
pub(crate) fn owner() -> Credentials {
    Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "test")
}

/// A running stack over a folder that goes with it.
pub(crate) struct Running {
    pub(crate) stack: Stack,
    folder: TempDir,
    http: reqwest::Client,
}

/// A response, read whole.
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Got {
    /// A header's value; empty where it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn picture(&self) -> image::RgbaImage {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        pictures::decode(&self.body)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A stack over a folder, with all else as it comes.
fn options(folder: &TempDir, policy: Policy) -> Options {
    Options {
        port: 0,
        data: folder.path().to_owned(),
        policy,
        policy_file: None,
        scanner: None,
        tools: Tools::default(),
        event_delivery: EventDelivery::default(),
    }
}

impl Running {
    pub(crate) async fn start() -> Self {
        Self::with_policy(Policy::built_in()).await
    }

    pub(crate) async fn with_policy(policy: Policy) -> Self {
        Self::over(tempfile::tempdir().unwrap(), policy, None).await
    }

    /// With other programs for videos than the machine's.
    pub(crate) async fn with_tools(tools: Tools) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { tools, ..options(&folder, Policy::built_in()) };
        Self::with_options(folder, options).await
    }

    /// With the policy of a file, which is followed.
    pub(crate) async fn with_policy_file(file: &std::path::Path) -> Self {
        let policy = Policy::parse(&std::fs::read_to_string(file).unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let options = Options { policy_file: Some(file.to_owned()), ..options(&folder, policy) };
        Self::with_options(folder, options).await
    }

    /// With a scanner that is asked before anything is served.
    pub(crate) async fn with_scanner(scanner: Scanner) -> Self {
        Self::over(tempfile::tempdir().unwrap(), Policy::built_in(), Some(scanner)).await
    }

    async fn over(folder: TempDir, policy: Policy, scanner: Option<Scanner>) -> Self {
        let options = Options { scanner, ..options(&folder, policy) };
        Self::with_options(folder, options).await
    }

    async fn with_options(folder: TempDir, options: Options) -> Self {
        let stack = Stack::start(options).await.unwrap();
        Self { stack, folder, http: reqwest::Client::new() }
    }

    /// Ends the stack, and starts another on the same data.
    pub(crate) async fn restarted(self) -> Self {
        self.restarted_with(None).await
    }

    /// The same, with a scanner or without one.
    pub(crate) async fn restarted_with(self, scanner: Option<Scanner>) -> Self {
        self.stack.stop().await;
        Self::over(self.folder, Policy::built_in(), scanner).await
    }

    /// The folder of its data.
    pub(crate) fn data(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(crate) fn edge(&self) -> &str {
        &self.stack.addresses.edge
    }

    /// Asks the signer; the answer's status and body.
    pub(crate) async fn sign(&self, request: &Value) -> (u16, Value) {
        self.ask_signer("/uploads", request).await
    }

    /// Asks the signer at another path than that of uploads.
    pub(crate) async fn ask_signer(&self, path: &str, request: &Value) -> (u16, Value) {
        let response = self.http.post(format!("{}{path}", self.edge())).json(request).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// Posts a form that the signer gave; the status and the body of S3's answer.
    pub(crate) async fn post(&self, grant: &Value, bytes: &[u8]) -> (u16, String) {
        let mut form = Form::new();
        for (name, value) in grant["fields"].as_object().unwrap() {
            form = form.text(name.clone(), value.as_str().unwrap().to_owned());
        }
        let form = form.part("file", Part::bytes(bytes.to_vec()).file_name("file"));
        let response = self.http.post(grant["url"].as_str().unwrap()).multipart(form).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Sends a file to a URL that the signer gave; the status of S3's answer.
    pub(crate) async fn put(&self, grant: &Value, bytes: &[u8]) -> u16 {
        let mut request = self.http.put(grant["url"].as_str().unwrap()).body(bytes.to_vec());
        for (name, value) in grant["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        request.send().await.unwrap().status().as_u16()
    }

    /// What `GET /uploads/<id>` says of an upload that has arrived.
    pub(crate) async fn state(&self, grant: &Value) -> Value {
        let got = self.get(&format!("/uploads/{}", grant["id"].as_str().unwrap())).await;
        assert_eq!(got.status, 200, "{}", String::from_utf8_lossy(&got.body));
        got.json()
    }

    /// The same once the upload is no longer pending, as a client waits for it.
    pub(crate) async fn settled(&self, grant: &Value) -> Value {
        wait::for_value("the end of the upload's checks", async || {
            let state = self.state(grant).await;
            if state["state"] == "pending" { Err(state) } else { Ok(state) }
        })
        .await
    }

    /// Uploads a file as a client does, and waits until it is clean; its path on the CDN.
    pub(crate) async fn upload(&self, name: &str, media_type: &str, bytes: &[u8]) -> String {
        self.upload_as(&json!({ "filename": name, "type": media_type }), bytes).await
    }

    /// The same, asked for in the client's own words.
    pub(crate) async fn upload_as(&self, request: &Value, bytes: &[u8]) -> String {
        let (status, grant) = self.sign(request).await;
        assert_eq!(status, 201, "{grant}");
        let (status, body) = self.post(&grant, bytes).await;
        assert_eq!(status, 204, "{body}");
        let state = self.settled(&grant).await;
        assert_eq!(state["state"], "clean", "{state}");
        grant["publicUrl"].as_str().unwrap().strip_prefix(self.edge()).unwrap().to_owned()
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        self.send("GET", path, &[]).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Got {
        let mut request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.edge()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Got { status, headers, body: response.bytes().await.unwrap() }
    }

    /// Puts a file there by hand, as one that needs no check; its path on the CDN.
    pub(crate) async fn store(&self, name: &str, media_type: &str, bytes: &[u8]) -> String {
        let put = self.s3().put_object().bucket(ORIGINALS).key(format!("files/by-hand/{name}"));
        let put = put.content_type(media_type).tagging("state=clean").body(bytes.to_vec().into());
        put.send().await.unwrap();
        format!("/files/by-hand/{name}")
    }

    /// A client of the stack's S3 with its own credentials.
    pub(crate) fn s3(&self) -> aws_sdk_s3::Client {
        crate::s3::server::client(&self.stack.addresses.s3, owner())
    }

    /// The names of the variants that are stored.
    pub(crate) async fn stored_variants(&self) -> Vec<String> {
        let listed = self.s3().list_objects_v2().bucket("tintype-variants").send().await.unwrap();
        let names = listed.contents().iter().map(|object| object.key().unwrap().to_owned());
        // What is noted of their originals lies beside them.
        names.filter(|name| !name.ends_with("/.seen")).collect()
    }
}
