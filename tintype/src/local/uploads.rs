//! The upload signer and the finaliser.

use std::sync::Arc;

use bucket::Transport;
use jiff::Timestamp;
use library::store::LibraryStore;
use local_s3::Principal;
use upload_signer::arrival::finalizer::Finalizer;
use upload_signer::arrival::scan::Scanner;
use upload_signer::arrival::store::Store;
use upload_signer::callers::access::Access;
use upload_signer::http::api::Api;
use upload_signer::http::origins::AllowedOrigins;
use upload_signer::http::wait::Waiters;
use upload_signer::links::LinkSigner;
use upload_signer::parts::store::MultipartStore;
use upload_signer::signing::bucket_endpoint::BucketEndpoint;
use upload_signer::signing::policy::UploadPolicy;
use upload_signer::signing::signer::Signer;
use upload_signer::webhook::endpoint::Endpoint;
use upload_signer::webhook::notifier::Notifier;

use super::addresses::Addresses;
use super::error::StackError;
use super::names::{ORIGINALS, REGION};
use crate::secrets::Secrets;

/// The upload signer's API.
pub(super) fn signer(
    addresses: &Addresses,
    principal: &Principal,
    policy: UploadPolicy,
    secrets: Secrets,
    links: LinkSigner,
    library: Option<Arc<dyn LibraryStore>>,
) -> Result<Api, StackError> {
    let store = addresses.upload_store(principal);
    let endpoint =
        BucketEndpoint::at_endpoint(ORIGINALS, REGION, &addresses.s3).map_err(StackError::set_up)?;
    let signer = Signer::new(endpoint, principal.credentials.clone(), &addresses.edge);
    Ok(Api {
        signer: Signer { policy, ..signer },
        // Anyone who reaches the port may upload, and change files without an owner. A session or a token in a request must be valid, though.
        access: Access {
            is_open: true,
            anonymous_may_change: true,
            sessions: Some(secrets.sessions),
            issuer: None,
        },
        keys: secrets.signer,
        multipart: MultipartStore::new(&store),
        store: Store::new(&store),
        waiters: Waiters::default(),
        origins: AllowedOrigins::All,
        links: Some(links),
        library,
    })
}

/// The finaliser, which checks uploads that have arrived.
pub(super) fn finalizer(
    addresses: &Addresses,
    principal: &Principal,
    policy: UploadPolicy,
    scanner: Option<Scanner>,
) -> Finalizer {
    Finalizer { store: Store::new(&addresses.upload_store(principal)), policy, scanner }
}

/// The sender of messages about uploads and videos.
pub(super) fn notifier(addresses: &Addresses, principal: &Principal, endpoint: Endpoint) -> Notifier {
    Notifier {
        store: Store::new(&addresses.upload_store(principal)),
        endpoint,
        public_url: addresses.edge.clone(),
        clock: Timestamp::now,
        transport: Transport::NETWORK,
    }
}
