//! A local stack for each test, and the requests that tests send to it.

use aws_credential_types::Credentials;
use bytes::Bytes;
use cdn_config::policy::{Keep, Policy};
use http::HeaderMap;
use library::record::FileRecord;
use library::store::{LibraryStore as _, Revision};
use local_library::RedbLibrary;
use local_media_convert::{EventDelivery, Tools};
use reqwest::multipart::{Form, Part};
use resize::edge::store::outdated::MARK_PREFIX;
use resize::edge::store::version_records::RECORD_PREFIX;
use serde_json::{Value, json};
use tempfile::TempDir;
use tintype::local::names::{ACCESS_KEY_ID, ORIGINALS, SECRET_ACCESS_KEY};
use tintype::local::options::{Options, default_uploads};
use tintype::local::stack::Stack;
use upload_signer::arrival::scan::Scanner;
use upload_signer::webhook::endpoint::Endpoint;

#[path = "../resize/src/decode/pdf/tests/writer.rs"]
pub(crate) mod documents;
pub(crate) mod limited_polls;
pub(crate) mod packages;
pub(crate) mod pictures;
pub(crate) mod wait;

/// The credentials of the local S3's owner.
pub(crate) fn owner() -> Credentials {
    Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "test")
}

/// A folder in memory, where there is one, for thousands of small writes.
pub(crate) fn memory_folder() -> TempDir {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// A running stack, and its data folder, which is removed when this value is dropped.
pub(crate) struct Running {
    pub(crate) stack: Stack,
    policy: Policy,
    folder: TempDir,
    http: reqwest::Client,
}

/// A response with its whole body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// A header's value; empty if the header is missing.
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

/// The options of a stack over a data folder. All others are the defaults.
fn options(folder: &TempDir, policy: Policy) -> Options {
    Options {
        port: 0,
        data: folder.path().to_owned(),
        policy,
        policy_file: None,
        uploads: default_uploads(),
        scanner: None,
        webhook: None,
        tools: Tools::default(),
        event_delivery: EventDelivery::default(),
        has_workers: false,
        has_library: false,
    }
}

/// The built-in policy, but each variant is stored, however cheap it is.
fn storing() -> Policy {
    Policy { keep: Keep::Dear { from_milliseconds: 0 }, ..Policy::built_in() }
}

impl Running {
    pub(crate) async fn start() -> Self {
        Self::with_policy(Policy::built_in()).await
    }

    /// Starts a stack that stores each variant, however cheap it is.
    pub(crate) async fn storing() -> Self {
        Self::with_policy(storing()).await
    }

    pub(crate) async fn with_policy(policy: Policy) -> Self {
        Self::over(tempfile::tempdir().unwrap(), policy, None).await
    }

    /// Starts a stack with other programs for videos than the installed ones.
    pub(crate) async fn with_tools(tools: Tools) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { tools, ..options(&folder, Policy::built_in()) };
        Self::with_options(folder, options).await
    }

    /// Starts a stack with a policy file. The stack applies changes of the file.
    pub(crate) async fn with_policy_file(file: &std::path::Path) -> Self {
        let policy = Policy::parse(&std::fs::read_to_string(file).unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let options = Options { policy_file: Some(file.to_owned()), ..options(&folder, policy) };
        Self::with_options(folder, options).await
    }

    /// Starts a stack with a library of files, which stores each variant.
    pub(crate) async fn with_library() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { has_library: true, ..options(&folder, storing()) };
        Self::with_options(folder, options).await
    }

    /// Starts a stack whose library has these records. Their originals don't exist.
    pub(crate) async fn with_records(records: &[FileRecord]) -> Self {
        let folder = memory_folder();
        let library = RedbLibrary::open(&folder.path().join("library.redb")).unwrap();
        for record in records {
            assert!(library.write(record, Revision::ABSENT).await.unwrap(), "{}", record.key);
        }
        library.close().await;
        let options = Options { has_library: true, ..options(&folder, Policy::built_in()) };
        Self::with_options(folder, options).await
    }

    /// Stops the stack, and starts another one with a library on the same data.
    pub(crate) async fn restarted_with_library(self) -> Self {
        self.stack.stop().await;
        let options = Options { has_library: true, ..options(&self.folder, Policy::built_in()) };
        Self::with_options(self.folder, options).await
    }

    /// Stops the stack, removes the file of its library, and starts another one on the same data.
    pub(crate) async fn restarted_without_library_file(self) -> Self {
        self.stack.stop().await;
        std::fs::remove_file(self.folder.path().join("library.redb")).unwrap();
        let options = Options { has_library: true, ..options(&self.folder, Policy::built_in()) };
        Self::with_options(self.folder, options).await
    }

    /// Starts a stack with a receiver of messages about uploads and videos.
    pub(crate) async fn with_webhook(webhook: Endpoint) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { webhook: Some(webhook), ..options(&folder, Policy::built_in()) };
        Self::with_options(folder, options).await
    }

    /// Ends the stack, and starts another on the same data with a receiver of messages.
    pub(crate) async fn restarted_with_webhook(self, webhook: Endpoint) -> Self {
        self.stack.stop().await;
        let options = Options { webhook: Some(webhook), ..options(&self.folder, self.policy) };
        Self::with_options(self.folder, options).await
    }

    /// Starts a stack whose finaliser asks a scanner about every upload.
    pub(crate) async fn with_scanner(scanner: Scanner) -> Self {
        Self::over(tempfile::tempdir().unwrap(), Policy::built_in(), Some(scanner)).await
    }

    async fn over(folder: TempDir, policy: Policy, scanner: Option<Scanner>) -> Self {
        let options = Options { scanner, ..options(&folder, policy) };
        Self::with_options(folder, options).await
    }

    async fn with_options(folder: TempDir, options: Options) -> Self {
        let policy = options.policy.clone();
        let stack = Stack::start(options).await.unwrap();
        Self { stack, policy, folder, http: reqwest::Client::new() }
    }

    /// Stops the stack, and starts another one on the same data.
    pub(crate) async fn restarted(self) -> Self {
        self.restarted_with(None).await
    }

    /// Stops the stack, and starts another one on the same data, with a scanner or without one.
    pub(crate) async fn restarted_with(self, scanner: Option<Scanner>) -> Self {
        self.stack.stop().await;
        Self::over(self.folder, self.policy, scanner).await
    }

    /// The stack's data folder.
    pub(crate) fn data(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(crate) fn edge(&self) -> &str {
        &self.stack.addresses.edge
    }

    /// Requests an upload from the signer. Returns the status and the body of the response.
    pub(crate) async fn sign(&self, request: &Value) -> (u16, Value) {
        self.ask_signer("/uploads", request).await
    }

    /// Posts a request to another path of the signer. Returns the status and the body of the response.
    pub(crate) async fn ask_signer(&self, path: &str, request: &Value) -> (u16, Value) {
        let response = self.http.post(format!("{}{path}", self.edge())).json(request).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// Posts a form that the signer granted. Returns the status and the body of S3's response.
    pub(crate) async fn post(&self, grant: &Value, bytes: &[u8]) -> (u16, String) {
        let mut form = Form::new();
        for (name, value) in grant["fields"].as_object().unwrap() {
            form = form.text(name.clone(), value.as_str().unwrap().to_owned());
        }
        let form = form.part("file", Part::bytes(bytes.to_vec()).file_name("file"));
        let response = self.http.post(grant["url"].as_str().unwrap()).multipart(form).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Sends a file to a URL that the signer granted. Returns the status of S3's response.
    pub(crate) async fn put(&self, grant: &Value, bytes: &[u8]) -> u16 {
        let mut request = self.http.put(grant["url"].as_str().unwrap()).body(bytes.to_vec());
        for (name, value) in grant["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        request.send().await.unwrap().status().as_u16()
    }

    /// The response to `GET /uploads/<id>` for an upload that has arrived.
    pub(crate) async fn state(&self, grant: &Value) -> Value {
        let got = self.get(&format!("/uploads/{}", grant["id"].as_str().unwrap())).await;
        assert_eq!(got.status, 200, "{}", String::from_utf8_lossy(&got.body));
        got.json()
    }

    /// Polls [`Self::state`] as a client does, until the upload is no longer pending.
    pub(crate) async fn settled(&self, grant: &Value) -> Value {
        wait::for_value("the end of the upload's checks", async || {
            let state = self.state(grant).await;
            if state["state"] == "pending" { Err(state) } else { Ok(state) }
        })
        .await
    }

    /// Uploads a file as a client does, and waits until it is clean. Returns its path on the CDN.
    pub(crate) async fn upload(&self, name: &str, media_type: &str, bytes: &[u8]) -> String {
        self.upload_as(&json!({ "filename": name, "type": media_type }), bytes).await
    }

    /// Uploads a file with the given request to the signer, and waits until it is clean. Returns its path on the CDN.
    pub(crate) async fn upload_as(&self, request: &Value, bytes: &[u8]) -> String {
        let (status, grant) = self.sign(request).await;
        assert_eq!(status, 201, "{grant}");
        let (status, body) = self.post(&grant, bytes).await;
        assert_eq!(status, 204, "{body}");
        let state = self.settled(&grant).await;
        assert_eq!(state["state"], "clean", "{state}");
        grant["publicUrl"].as_str().unwrap().strip_prefix(self.edge()).unwrap().to_owned()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[]).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.edge()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, body: response.bytes().await.unwrap() }
    }

    /// Stores a file in the bucket with the tag `clean`, without the signer. Returns its path on the CDN.
    pub(crate) async fn store(&self, name: &str, media_type: &str, bytes: &[u8]) -> String {
        let put = self.s3().put_object().bucket(ORIGINALS).key(format!("files/by-hand/{name}"));
        let put = put.content_type(media_type).tagging("state=clean").body(bytes.to_vec().into());
        put.send().await.unwrap();
        format!("/files/by-hand/{name}")
    }

    /// A client of the stack's S3 with the owner's credentials.
    pub(crate) fn s3(&self) -> aws_sdk_s3::Client {
        crate::s3::server::client(&self.stack.addresses.s3, owner())
    }

    /// The names of the stored variants.
    pub(crate) async fn stored_variants(&self) -> Vec<String> {
        let listed = self.s3().list_objects_v2().bucket("tintype-variants").send().await.unwrap();
        let names = listed.contents().iter().map(|object| object.key().unwrap().to_owned());
        // The records and marks of originals are in the same bucket.
        let is_note = |name: &String| name.starts_with(RECORD_PREFIX) || name.starts_with(MARK_PREFIX);
        names.filter(|name| !is_note(name)).collect()
    }
}
