//! A client for multipart uploads, and signers for it.

use aws_credential_types::Credentials;
use bucket::{S3Config, Transport};
use bytes::Bytes;
use contract::signing_keys::SigningKeys;
use reqwest::Method;
use serde_json::{Value, json};
use tintype::local::names::{ACCESS_KEY_ID, ORIGINALS, REGION, SECRET_ACCESS_KEY};
use upload_signer::app::app;
use upload_signer::arrival::store::{Store, StoreConfig};
use upload_signer::callers::access::Access;
use upload_signer::http::api::Api;
use upload_signer::http::origins::AllowedOrigins;
use upload_signer::http::wait::Waiters;
use upload_signer::parts::store::MultipartStore;
use upload_signer::signing::bucket_endpoint::BucketEndpoint;
use upload_signer::signing::policy::UploadPolicy;
use upload_signer::signing::signer::Signer;

use crate::support::Running;

/// A client of Companion's S3 API.
pub(super) struct Client {
    http: reqwest::Client,
    endpoint: String,
}

/// A multipart upload.
pub(super) struct Upload {
    pub(super) id: String,
    pub(super) key: String,
}

impl Client {
    pub(super) fn new(endpoint: String) -> Self {
        Self { http: reqwest::Client::new(), endpoint }
    }

    /// Sends a request to a path below `/s3/`. Returns status and body.
    pub(super) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        self.call_url(method, format!("{}/s3/{path}", self.endpoint).parse().unwrap(), body).await
    }

    async fn call_url(&self, method: Method, url: reqwest::Url, body: Option<Value>) -> (u16, Value) {
        let mut request = self.http.request(method, url);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// Creates an upload.
    pub(super) async fn create(&self) -> Upload {
        let body = json!({ "filename": "é +%.mp4", "type": "video/mp4", "metadata": { "name": "é +%.mp4" } });
        let (status, body) = self.call(Method::POST, "multipart", Some(body)).await;
        assert_eq!(status, 200, "{body}");
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        Upload { id: text("uploadId"), key: text("key") }
    }

    /// Sends a request about an upload; `rest` is the path after its id.
    pub(super) async fn request(
        &self,
        method: Method,
        upload: &Upload,
        rest: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let path = format!("{}/s3/multipart/{}{rest}", self.endpoint, upload.id);
        let url = reqwest::Url::parse_with_params(&path, [("key", &upload.key)]).unwrap();
        self.call_url(method, url, body).await
    }

    /// Sends a part. Returns its entity tag with quotes.
    pub(super) async fn put(&self, upload: &Upload, number: usize, bytes: Bytes) -> String {
        let (status, body) = self.request(Method::GET, upload, &format!("/{number}"), None).await;
        assert_eq!(status, 200, "{body}");
        self.put_to(body["url"].as_str().unwrap(), bytes).await
    }

    /// Sends a part to a signed URL. Returns its entity tag with quotes.
    pub(super) async fn put_to(&self, url: &str, bytes: Bytes) -> String {
        let response = self.http.put(url).body(bytes).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.headers()["etag"].to_str().unwrap().to_owned()
    }

    /// Completes an upload with parts from number 1.
    pub(super) async fn complete(&self, upload: &Upload, etags: &[String]) -> (u16, Value) {
        let parts: Vec<_> =
            etags.iter().zip(1..).map(|(etag, n)| json!({ "PartNumber": n, "ETag": etag })).collect();
        self.request(Method::POST, upload, "/complete", Some(json!({ "parts": parts }))).await
    }
}

/// A part of `bytes` bytes with the first byte `first`.
pub(super) fn part(first: u8, bytes: usize) -> Bytes {
    let mut part = vec![0; bytes];
    part[0] = first;
    part.into()
}

/// Checks that neither an object nor a part of an upload is left.
pub(super) async fn check_gone(stack: &Running, upload: &Upload) {
    let s3 = stack.s3();
    assert!(s3.head_object().bucket(ORIGINALS).key(&upload.key).send().await.is_err());
    let uploads = s3.list_multipart_uploads().bucket(ORIGINALS).send().await.unwrap();
    assert!(uploads.uploads().iter().all(|unfinished| unfinished.key() != Some(&upload.key)));
}

/// A client of a signer with a size limit. The signer uses the stack's S3, and lists two parts per page.
pub(super) async fn client_with_limit(stack: &Running, max_bytes: u64) -> Client {
    let endpoint = &stack.stack.addresses.s3;
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "test");
    let config = store_config(endpoint, REGION, &credentials, ORIGINALS);
    let bucket = BucketEndpoint::at_endpoint(ORIGINALS, REGION, endpoint).unwrap();
    let parts = MultipartStore::new(&config).with_page_length(2);
    client_of_signer(Signer::new(bucket, credentials, stack.edge()), max_bytes, parts, &config).await
}

pub(super) fn store_config(
    endpoint: &str,
    region: &str,
    credentials: &Credentials,
    bucket: &str,
) -> StoreConfig {
    let s3 = S3Config {
        endpoint: Some(endpoint.to_owned()),
        region: region.to_owned(),
        credentials: credentials.clone(),
        transport: Transport::NETWORK,
    };
    StoreConfig { s3, bucket: bucket.to_owned() }
}

/// A client of a signer that allows anonymous callers.
pub(super) async fn client_of_signer(
    signer: Signer,
    max_bytes: u64,
    parts: MultipartStore,
    config: &StoreConfig,
) -> Client {
    let api = Api {
        signer: Signer { policy: UploadPolicy { max_bytes, ..UploadPolicy::default() }, ..signer },
        access: Access { is_open: true, ..Access::default() },
        keys: SigningKeys::parse("0123456789abcdef0123456789abcdef").unwrap(),
        multipart: parts,
        waiters: Waiters::default(),
        store: Store::new(config),
        origins: AllowedOrigins::All,
        links: None,
        library: None,
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app(api)).await });
    Client::new(format!("http://{address}"))
}
