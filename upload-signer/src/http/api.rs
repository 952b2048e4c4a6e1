//! The parts of the signer that HTTP handlers share.

use std::sync::Arc;

use axum::routing::MethodRouter;
use contract::signing_keys::SigningKeys;
use library::store::LibraryStore;

use crate::arrival::store::Store;
use crate::callers::access::Access;
use crate::http::origins::AllowedOrigins;
use crate::http::wait::Waiters;
use crate::links::LinkSigner;
use crate::parts::store::MultipartStore;
use crate::signing::signer::Signer;

/// A route of the API: its path, and the handlers of its methods.
pub(crate) type ApiRoute = (&'static str, MethodRouter<Arc<Api>>);

/// The state of the HTTP service.
#[derive(Clone, Debug)]
pub struct Api {
    /// Signs uploads under the policy of the deployment.
    pub signer: Signer,
    /// Authenticates callers.
    pub access: Access,
    /// The keys that seal the ids of multipart uploads.
    pub keys: SigningKeys,
    /// The multipart uploads of the bucket.
    pub multipart: MultipartStore,
    /// The bucket of uploads, read for the state of an upload.
    pub store: Store,
    /// The requests that wait for the end of a check.
    pub waiters: Waiters,
    /// The origins whose pages may call the API.
    pub origins: AllowedOrigins,
    /// Signs links of the image API; `None` where the deployment has no secret for links.
    pub links: Option<LinkSigner>,
    /// The library of files; `None` where the deployment has none.
    pub library: Option<Arc<dyn LibraryStore>>,
}
