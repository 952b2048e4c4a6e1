//! The HTTP service: uploads by forms, and all other requests by `s3s`.

use std::sync::Arc;

use aws_credential_types::Credentials;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use local_policy::Permissions;
use s3s::S3Error;
use s3s::service::{S3Service, S3ServiceBuilder};
use uuid::Uuid;

use super::access::Callers;
use super::api::service::{Api, RequestId};
use super::guard::Principal;
use super::refusal::refuse;
use super::shared_body::SharedBody;
use super::store::Store;
use super::{cors, methods, post, signed_headers, signing_region};

/// S3 over a store, for requests that its owner signs. Buckets are addressed by path.
pub fn app(store: Store, owner: &Credentials, region: &str) -> Router {
    app_with_principals(store, owner, Vec::new(), Permissions::default(), region)
}

/// S3 over a store, for requests that its owner or another principal signs. The owner may do everything, the others what the
/// policies allow.
pub fn app_with_principals(
    store: Store,
    owner: &Credentials,
    principals: Vec<Principal>,
    permissions: Permissions,
    region: &str,
) -> Router {
    let api = Api { store: store.clone(), region: region.to_owned() };
    let callers = Callers::new(owner.clone(), principals, permissions);
    let mut builder = S3ServiceBuilder::new(api);
    builder.set_auth(callers.clone());
    builder.set_access(callers.clone());
    let gateway = Gateway {
        service: builder.build(),
        forms: post::Forms { store: store.clone(), callers, region: region.to_owned() },
    };
    Router::new()
        .fallback(handle)
        .with_state(Arc::new(gateway))
        .layer(from_fn_with_state(store, cors::answer))
}

struct Gateway {
    service: S3Service,
    forms: post::Forms,
}

async fn handle(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let id = Uuid::new_v4().simple().to_string().to_uppercase();
    let waits_for_continue = request.headers().contains_key(header::EXPECT);
    let request = request.map(SharedBody::new);
    let mut body = request.body().clone();
    let mut response = answer(&gateway, request, &id).await.unwrap_or_else(refuse);
    if !response.status().is_success() && !waits_for_continue {
        // The rest of the request is read first. Otherwise a client that is still sending would see a reset connection
        // instead of the answer.
        body.drain().await;
    }
    if response.status() == StatusCode::NOT_MODIFIED {
        *response.body_mut() = Body::empty();
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-amz-request-id", id);
    }
    response
}

async fn answer(
    gateway: &Gateway,
    request: http::Request<SharedBody>,
    id: &str,
) -> Result<Response, S3Error> {
    let (mut parts, body) = request.into_parts();
    methods::check(&parts)?;
    if let Some(form) = post::form_request(&parts) {
        return gateway.forms.upload(&parts, form, body, id).await;
    }
    signed_headers::check(&mut parts)?;
    signing_region::check(&parts, &gateway.forms.region)?;
    parts.extensions.insert(RequestId(id.to_owned()));
    let mut service = gateway.service.clone();
    match tower::Service::call(&mut service, http::Request::from_parts(parts, body)).await {
        Ok(response) => Ok(response.map(Body::new)),
        Err(error) => {
            let error: s3s::StdError = error.into();
            tracing::error!(%error, "a request to S3 failed");
            Err(S3Error::new(s3s::S3ErrorCode::InternalError))
        }
    }
}
