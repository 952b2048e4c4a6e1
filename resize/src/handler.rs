//! The service's HTTP side: a canonical path in, the variant out, kept in the variants bucket on its way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use contract::caching::{Caching, cache_tag};
use contract::format::FormatChoice;
use contract::key::Key;
use contract::request::from_canonical_path;
use contract::variant::Variant;
use futures::stream::{self, StreamExt};
use http::{HeaderMap, Method, header};
use md5::{Digest, Md5};
use service::problem::{Kind, Problem};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tracing::Instrument;

use crate::config::Config;
use crate::document::{self, document};
use crate::error::Error;
use crate::info::describe;
use crate::pipeline::{Encoded, render};
use crate::response::{disposition, is_fresh, respond, server_timing};
use crate::stopwatch::Stopwatch;
use crate::store::{Store, StoreError, StoredVariant};

/// The service.
#[derive(Debug)]
pub struct Resizer {
    store: Store,
    config: Config,
    slots: Arc<Semaphore>,
}

impl Resizer {
    /// A service over a store.
    pub fn new(store: Store, config: Config) -> Self {
        Self { store, slots: Arc::new(Semaphore::new(config.slots)), config }
    }
}

/// Answers `GET` and `HEAD` of canonical paths, `/<key>/<variant>`.
pub fn app(resizer: Arc<Resizer>) -> Router {
    Router::new().fallback(answer).with_state(resizer)
}

async fn answer(State(resizer): State<Arc<Resizer>>, request: Request) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    if !matches!(method, Method::GET | Method::HEAD) {
        return Problem::new(Kind::MethodNotAllowed, "variants are read by GET and HEAD").into_response();
    }
    let Some((key, variant)) = from_canonical_path(&path) else {
        return Problem::new(Kind::NotFound, "the path is no canonical path of a variant").into_response();
    };
    let span = tracing::info_span!("variant", key = %key, variant = %variant);
    let wanted = Wanted { key, variant, is_head: method == Method::HEAD };
    match resizer.serve(wanted, request.headers()).instrument(span).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

/// What was made for a request.
struct Made {
    bytes: Bytes,
    media_type: &'static str,
    /// The suffix of its file's name.
    extension: &'static str,
    /// `Server-Timing`.
    timing: String,
}

/// What a request asks for.
#[derive(Clone)]
struct Wanted {
    key: Key,
    variant: Variant,
    is_head: bool,
}

impl Wanted {
    /// The variant's name in its bucket: the source's key first, so that one prefix names all its variants.
    fn object(&self) -> String {
        format!("{}/{}", self.key, self.variant)
    }
}

impl Resizer {
    /// `HEAD` and conditional requests for a stored variant cost one `HeadObject` and no decoding.
    async fn serve(self: &Arc<Self>, wanted: Wanted, headers: &HeaderMap) -> Result<Response, Problem> {
        let condition = headers.get(header::IF_NONE_MATCH);
        if (wanted.is_head || condition.is_some())
            && let Some(stored) =
                self.store.variant(&wanted.object()).await.map_err(|error| problem(&error))?
            && (wanted.is_head || is_fresh(condition, &stored.etag))
        {
            return Ok(respond(&stored, condition, Body::empty(), ""));
        }
        let Made { bytes, media_type, extension, timing } = self.make(&wanted).await?;
        let made = self.stored(&wanted.key, media_type, extension, &bytes);
        let storing = self.store_beside(wanted.object(), made.clone(), bytes.clone());
        let body = if wanted.is_head { finish(storing, Bytes::new()) } else { finish(storing, bytes) };
        Ok(respond(&made, condition, body, &timing))
    }

    /// Fetches the original and makes the variant of it, in a slot of its own.
    async fn make(&self, wanted: &Wanted) -> Result<Made, Problem> {
        let start = Instant::now();
        let original = self.store.original(&wanted.key, &self.config.settings.limits).await;
        let original = original.map_err(|error| problem(&error))?;
        let fetched = start.elapsed();

        let slot = Arc::clone(&self.slots).acquire_owned();
        let busy = || Problem::new(Kind::Busy, "every slot is taken; try again in a second");
        let slot = tokio::time::timeout(self.config.queue_wait, slot)
            .await
            .map_err(|_| busy())?
            .map_err(|_| busy())?;

        let (wanted, config) = (wanted.clone(), self.config.clone());
        let work = tokio::task::spawn_blocking(move || {
            let _slot = slot;
            made_of(&original, &wanted, &config, fetched)
        });
        work.await.map_err(|panic| fault(&panic.to_string()))?.map_err(|error| problem(&error.into()))
    }

    fn stored(&self, key: &Key, media_type: &str, extension: &str, bytes: &[u8]) -> StoredVariant {
        StoredVariant {
            etag: format!("\"{}\"", hex::encode(Md5::digest(bytes))),
            length: bytes.len() as u64,
            media_type: media_type.to_owned(),
            cache_control: Caching::of(key, self.config.mutable_seconds).header(),
            disposition: disposition(key, extension),
            cache_tag: cache_tag(key),
        }
    }

    fn store_beside(
        self: &Arc<Self>,
        object: String,
        variant: StoredVariant,
        bytes: Bytes,
    ) -> JoinHandle<()> {
        let resizer = Arc::clone(self);
        let storing = async move {
            if let Err(error) = resizer.store.put_variant(&object, &variant, bytes).await {
                tracing::error!(%error, "a variant was made and sent but not stored");
            }
        };
        tokio::spawn(storing.in_current_span())
    }
}

/// The variant of an original, or what is known of it.
fn made_of(original: &[u8], wanted: &Wanted, config: &Config, fetched: Duration) -> Result<Made, Error> {
    let Config { settings, deadline, ladder, .. } = config;
    let watch = Stopwatch::start(Instant::now, *deadline);
    match wanted.variant.format() {
        FormatChoice::Info => {
            let bytes = Bytes::from(document(&describe(original, settings, watch)?, &wanted.key, ladder));
            let timing = server_timing(fetched, &[]);
            tracing::info!(format = "json", bytes = bytes.len(), timing, "made");
            Ok(Made { bytes, media_type: document::MEDIA_TYPE, extension: "json", timing })
        }
        FormatChoice::Fixed(_) | FormatChoice::Auto(_) => {
            let Encoded { bytes, format, width, height, laps } =
                render(original, &wanted.variant, settings, watch)?;
            let timing = server_timing(fetched, &laps);
            tracing::info!(format = format.name(), width, height, bytes = bytes.len(), timing, "made");
            let (media_type, extension) = (format.media_type(), format.extension());
            Ok(Made { bytes: Bytes::from(bytes), media_type, extension, timing })
        }
    }
}

/// The picture, and an end that comes when it is stored: a Lambda is frozen as soon as its response ends.
fn finish(storing: JoinHandle<()>, bytes: Bytes) -> Body {
    let stored = stream::once(async move {
        if let Err(error) = storing.await {
            tracing::error!(%error, "storing a variant ended early");
        }
        Ok::<_, std::convert::Infallible>(Bytes::new())
    });
    Body::from_stream(stream::iter([Ok(bytes)]).chain(stored).filter(|chunk| {
        let is_worth_sending = chunk.as_ref().is_ok_and(|bytes| !bytes.is_empty());
        std::future::ready(is_worth_sending)
    }))
}

/// The one place where a failure of the service becomes a kind of problem.
fn problem(error: &StoreError) -> Problem {
    let kind = match error {
        StoreError::NotFound => Kind::Missing,
        StoreError::Unavailable(cause) => {
            tracing::error!(cause, "the storage is unavailable");
            return Problem::new(Kind::StorageUnavailable, "the storage doesn't answer; try again");
        }
        StoreError::Refused(error) => match error {
            Error::TooManyBytes { .. }
            | Error::TooManyPixels { .. }
            | Error::TooManyFrames { .. }
            | Error::TooManyFramePixels { .. }
            | Error::TooMuchMemory { .. } => Kind::TooLarge,
            Error::NothingLeft { .. } | Error::NoSuchFrame { .. } => Kind::BadRequest,
            Error::Empty | Error::UnknownFormat | Error::Unsupported(_) | Error::Damaged(_) => {
                Kind::Unreadable
            }
            Error::DeadlineExceeded => Kind::DeadlineExceeded,
            Error::Internal(cause) => return fault(cause),
        },
    };
    tracing::info!(status = kind.status().as_u16(), reason = %error, "refused");
    Problem::new(kind, error.to_string())
}

/// A defect of ours: the cause is logged, the viewer is told no more than that.
fn fault(cause: &str) -> Problem {
    tracing::error!(cause, "a defect");
    Problem::new(Kind::Internal, "the variant could not be made")
}
