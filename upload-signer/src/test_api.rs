//! A signer for tests of handlers.

use aws_credential_types::Credentials;
use bucket::{S3Config, Transport};
use cdn_config::policy::Policy;
use contract::signing_keys::SigningKeys;
use jiff::Timestamp;

use crate::arrival::store::{Store, StoreConfig};
use crate::callers::access::Access;
use crate::callers::session::Session;
use crate::http::api::Api;
use crate::http::origins::AllowedOrigins;
use crate::http::wait::Waiters;
use crate::links::LinkSigner;
use crate::parts::store::MultipartStore;
use crate::signing::bucket_endpoint::BucketEndpoint;
use crate::signing::policy::UploadPolicy;
use crate::signing::signer::Signer;

const NOW: &str = "2026-01-02T03:04:05Z";
const SECRET: &str = "0123456789abcdef0123456789abcdef";

pub(crate) fn keys() -> SigningKeys {
    SigningKeys::parse(SECRET).unwrap()
}

pub(crate) fn link_keys() -> SigningKeys {
    SigningKeys::parse("a-secret-of-links-of-32-bytes-...").unwrap()
}

/// A signer of links under the built-in policy, with [`link_keys`].
pub(crate) fn links() -> LinkSigner {
    LinkSigner::new(link_keys(), Policy::built_in().rules)
}

/// A signer at a fixed time, open to anyone. Nothing listens at the endpoint of its S3.
pub(crate) fn api() -> Api {
    let endpoint = "http://127.0.0.1:9";
    let target = BucketEndpoint::at_endpoint("originals", "us-east-1", endpoint).unwrap();
    let store = store_at(endpoint);
    Api {
        multipart: MultipartStore::new(&store),
        store: Store::new(&store),
        waiters: Waiters::default(),
        signer: Signer {
            policy: UploadPolicy { max_bytes: 12_000_000, ..UploadPolicy::default() },
            clock: || NOW.parse().unwrap(),
            ..Signer::new(target, store.s3.credentials.clone(), "https://cdn.example.com")
        },
        access: Access { is_open: true, sessions: Some(keys()), ..Access::default() },
        keys: keys(),
        origins: AllowedOrigins::parse("https://app.example").unwrap(),
        links: None,
        library: None,
    }
}

/// The bucket of originals at an endpoint.
pub(crate) fn store_at(endpoint: &str) -> StoreConfig {
    let s3 = S3Config {
        endpoint: Some(endpoint.to_owned()),
        region: "us-east-1".to_owned(),
        credentials: Credentials::new("AK", "SK", None, None, "test"),
        transport: Transport::NETWORK,
    };
    StoreConfig { s3, bucket: "originals".to_owned() }
}

/// A time `seconds` after that of [`api`].
pub(crate) fn after(seconds: i64) -> Timestamp {
    let now: Timestamp = NOW.parse().unwrap();
    Timestamp::from_second(now.as_second() + seconds).unwrap()
}

/// The token of a session that ends `lifetime` seconds after the time of [`api`].
pub(crate) fn session(owner: &str, lifetime: i64) -> String {
    Session::new(owner, after(lifetime)).to_token(&keys())
}
