//! A store in a temporary directory, served on a free port.

use std::path::Path;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use aws_sdk_s3::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use local_s3::{Store, app};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) const BUCKET: &str = "originals";
pub(crate) const ACCESS_KEY_ID: &str = "AKIDLOCAL";
pub(crate) const SECRET: &str = "local-secret";
pub(crate) const REGION: &str = "us-east-1";

pub(crate) struct Server {
    pub(crate) client: Client,
    pub(crate) store: Store,
    pub(crate) endpoint: String,
    pub(crate) directory: TempDir,
    end: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Server {
    /// Starts a server with one empty bucket.
    pub(crate) async fn start() -> Self {
        Self::start_in(TempDir::new().unwrap()).await
    }

    pub(crate) async fn start_in(directory: TempDir) -> Self {
        let store = Store::open(directory.path()).unwrap();
        Self::over(store, directory).await
    }

    /// Starts a server that accepts parts of any size in multipart uploads.
    pub(crate) async fn start_with_small_parts() -> Self {
        let directory = TempDir::new().unwrap();
        let store = Store::open_with_parts(directory.path(), 1).unwrap();
        Self::over(store, directory).await
    }

    async fn over(store: Store, directory: TempDir) -> Self {
        store.create_bucket(BUCKET).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let credentials = Credentials::from_keys(ACCESS_KEY_ID, SECRET, None);
        let router = app(store.clone(), &credentials, REGION);
        let (end, ended) = oneshot::channel::<()>();
        let serving = tokio::spawn(async move {
            let shutdown = async move { drop(ended.await) };
            axum::serve(listener, router).with_graceful_shutdown(shutdown).await.unwrap();
        });
        let client = client(&endpoint, credentials);
        Self { client, store, endpoint, directory, end, serving }
    }

    /// Stops the server and starts another one on the same directory.
    pub(crate) async fn restart(self) -> Self {
        let directory = self.stop().await;
        Self::start_in(directory).await
    }

    /// Stops the server. Returns its directory.
    pub(crate) async fn stop(self) -> TempDir {
        let Self { client, store, directory, end, serving, .. } = self;
        drop((client, store));
        drop(end);
        serving.await.unwrap();
        directory
    }

    pub(crate) async fn put(&self, key: &str, body: &[u8]) -> String {
        let body = ByteStream::from(body.to_vec());
        let put = self.client.put_object().bucket(BUCKET).key(key).body(body).send().await.unwrap();
        put.e_tag.unwrap()
    }

    pub(crate) async fn get(&self, key: &str) -> Vec<u8> {
        let object = self.client.get_object().bucket(BUCKET).key(key).send().await.unwrap();
        object.body.collect().await.unwrap().to_vec()
    }

    pub(crate) async fn keys(&self) -> Vec<String> {
        let list = self.client.list_objects_v2().bucket(BUCKET).send().await.unwrap();
        list.contents().iter().map(|object| object.key().unwrap().to_owned()).collect()
    }

    /// A presigned URL for a GET of a key, for requests that the SDK can't send.
    pub(crate) async fn get_url(&self, key: &str) -> String {
        let presigning = PresigningConfig::expires_in(Duration::from_mins(1)).unwrap();
        let request = self.client.get_object().bucket(BUCKET).key(key).presigned(presigning).await.unwrap();
        request.uri().to_owned()
    }

    pub(crate) fn blob_count(&self) -> usize {
        blob_count(self.directory.path())
    }
}

pub(crate) fn blob_count(directory: &Path) -> usize {
    std::fs::read_dir(directory.join("blobs")).unwrap().count()
}

pub(crate) fn client(endpoint: &str, credentials: Credentials) -> Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(endpoint)
        .force_path_style(true)
        .credentials_provider(credentials)
        .region(Region::new(REGION))
        .retry_config(aws_sdk_s3::config::retry::RetryConfig::disabled())
        .build();
    Client::from_conf(config)
}

/// The error code and the status of a refused request.
pub(crate) fn refusal<T, E>(result: Result<T, SdkError<E>>) -> (String, u16)
where
    E: aws_sdk_s3::error::ProvideErrorMetadata,
{
    let Err(error) = result else { panic!("the request was not refused") };
    let status = error.raw_response().map_or(0, |response| response.status().as_u16());
    (error.code().unwrap_or_default().to_owned(), status)
}

/// Pseudo-random bytes, the same in every run.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}
