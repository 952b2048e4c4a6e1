//! The embedded S3: the protocol by the crate s3s, over a small durable store on disk.
//!
//! In reading order: `store` is the whole store, over `index` (rows), `blob` (contents) and `receive`
//! (a body until it is durable); `multipart`, `listing`, `conditions`, `checksum`, `tags` and
//! `events` are its ideas. Before it stand `signed`, `auth`, `access`, `cors` and `drain`; behind them `api`
//! (S3's operations) and `post` (uploads by a form).
//!
//! Every object has a version, and only the newest is kept, as if a rule of its bucket removed the others at once.
//!
//! Its invariant: a row is committed only after the content that it names is durable, and a content is removed
//! only after the commit that ends its naming. So a kill at any point leaves at worst files that nothing names,
//! and those are removed at the next start.

mod access;
mod api;
mod auth;
mod blob;
mod checksum;
mod clock;
mod conditions;
mod cors;
mod drain;
mod error;
mod events;
mod index;
mod listing;
mod multipart;
mod post;
mod receive;
mod record;
mod signed;
pub mod sigv4;
mod store;
mod tags;

use std::sync::Arc;

use aws_credential_types::Credentials;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use s3s::S3Error;
use s3s::service::{S3Service, S3ServiceBuilder};
use uuid::Uuid;

use self::access::Access;
use self::api::{Api, RequestId};
use self::auth::Pairs;
use self::drain::Tap;

pub use self::access::{Action, Principal, Statement};
pub use self::error::{Refusal, StoreError};
pub use self::events::ACCOUNT;
pub use self::store::Store;

/// S3 over a store, for requests signed with its owner's credentials. Buckets are addressed by path.
pub fn app(store: Store, owner: &Credentials, region: &str) -> Router {
    shared_app(store, owner, Vec::new(), region)
}

/// The same for some others too, within their statements.
pub fn shared_app(store: Store, owner: &Credentials, others: Vec<Principal>, region: &str) -> Router {
    let api = Api { store: store.clone(), region: region.to_owned() };
    let mut builder = S3ServiceBuilder::new(api);
    builder.set_auth(Pairs::new(others.iter().map(|other| &other.credentials).chain([owner])));
    builder.set_access(Access(others));
    let gateway = Gateway {
        service: builder.build(),
        forms: post::Forms { store, credentials: owner.clone(), region: region.to_owned() },
    };
    Router::new().fallback(handle).with_state(Arc::new(gateway)).layer(cors::layer())
}

struct Gateway {
    service: S3Service,
    forms: post::Forms,
}

async fn handle(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let id = Uuid::new_v4().simple().to_string().to_uppercase();
    let waits_for_continue = request.headers().contains_key(header::EXPECT);
    let request = request.map(Tap::new);
    let mut body = request.body().clone();
    let mut response = answer(&gateway, request, &id).await.unwrap_or_else(refuse);
    if !response.status().is_success() && !waits_for_continue {
        // A client that is still sending would see its connection reset instead of the answer.
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

async fn answer(gateway: &Gateway, request: http::Request<Tap>, id: &str) -> Result<Response, S3Error> {
    let (mut parts, body) = request.into_parts();
    if let Some(form) = post::form_of(&parts) {
        return gateway.forms.upload(&parts, form, body, id).await;
    }
    signed::check(&mut parts)?;
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

fn refuse(error: S3Error) -> Response {
    let Ok(response) = error.to_http_response() else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return response;
    };
    response.map(Body::new)
}
