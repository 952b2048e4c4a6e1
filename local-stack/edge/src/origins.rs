//! The origins of the distribution, and failover from one to another.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use cdn_config::behaviors::{OriginGroup, OriginId};
use http::{HeaderMap, HeaderName, Method, header};
use service::problem::{Kind, Problem};
use tower::ServiceExt as _;

use crate::function_url::FunctionUrl;

/// The origins, each a service. The services of the two buckets read them with the CDN's own credentials, as origin
/// access control does.
#[derive(Clone, Debug)]
pub struct Origins {
    /// The bucket of originals.
    pub originals: Router,
    /// The bucket of variants.
    pub variants: Router,
    /// The function URL of the resize service.
    pub resize: FunctionUrl,
    /// The upload signer.
    pub signer: Router,
    /// The page.
    pub page: Router,
}

impl Origins {
    /// Fetches from the primary origin of a group, or from the secondary one if the primary answers with one of the
    /// group's failover statuses.
    pub(crate) async fn fetch_from_group(
        &self,
        group: &OriginGroup,
        method: &Method,
        path: &str,
        viewer: &HeaderMap,
    ) -> Response {
        let response = self.fetch(group.primary, method, path, viewer).await;
        if !group.failover_statuses.contains(&response.status().as_u16()) {
            return response;
        }
        self.fetch(group.secondary, method, path, viewer).await
    }

    /// Fetches a path from an origin, with those of the viewer's headers, or of the cache's conditions, that the origin understands.
    pub(crate) async fn fetch(
        &self,
        origin: OriginId,
        method: &Method,
        path: &str,
        viewer: &HeaderMap,
    ) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        for name in forwarded_headers(origin) {
            if let Some(value) = viewer.get(name) {
                request = request.header(name, value);
            }
        }
        match request.body(Body::empty()) {
            // Boxed: the futures of the AWS SDK have tens of kilobytes.
            Ok(request) => Box::pin(self.answer(origin, request)).await,
            Err(error) => {
                tracing::error!(%error, path, "a path can't be requested from an origin");
                Problem::new(Kind::StorageUnavailable, "the storage doesn't answer; try again")
                    .into_response()
            }
        }
    }

    /// Passes a viewer's request on to an origin.
    pub(crate) async fn forward(&self, origin: OriginId, request: Request) -> Response {
        Box::pin(self.answer(origin, request)).await
    }

    async fn answer(&self, origin: OriginId, request: Request) -> Response {
        let service = match origin {
            OriginId::Originals => &self.originals,
            OriginId::Variants => &self.variants,
            OriginId::Resize => return self.resize.fetch(request).await,
            OriginId::Signer => &self.signer,
            OriginId::Page => &self.page,
        };
        service.clone().oneshot(request).await.into_response()
    }
}

/// The viewer's headers that reach an origin.
fn forwarded_headers(origin: OriginId) -> &'static [HeaderName] {
    match origin {
        OriginId::Originals | OriginId::Variants => {
            const CONDITIONS: [HeaderName; 5] = [
                header::RANGE,
                header::IF_RANGE,
                header::IF_MATCH,
                header::IF_NONE_MATCH,
                header::IF_MODIFIED_SINCE,
            ];
            &CONDITIONS
        }
        // The resize service answers neither ranges nor conditions.
        OriginId::Resize => &[],
        OriginId::Signer | OriginId::Page => &[header::IF_NONE_MATCH],
    }
}
