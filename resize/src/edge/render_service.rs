//! A variant, made once however many ask for it at the same time, and kept in the variants bucket on its way.

mod document;

mod explanation;

mod in_flight;

mod problem;

pub(crate) mod slots;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use contract::caching::{Caching, cache_tag};
use contract::format::FormatChoice;
use contract::key::Key;
use contract::variant::Variant;
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared, ready};
use md5::{Digest as _, Md5};
use service::problem::Problem;
use tracing::Instrument as _;

use crate::edge::config::Config;
use crate::edge::http::response::{disposition, server_timing};
use crate::edge::metrics::Metrics;
use crate::edge::store::{Original, Store, StoreError, StoredVariant, etag_without_store};
use crate::error::Error;
use crate::info::describe;
use crate::pipeline::{Encoded, render};
use crate::stopwatch::{Step, Stopwatch};

use document::document;
use explanation::explanation;
use in_flight::Flights;
use problem::{fault, problem};
use slots::Slots;

/// The service.
#[derive(Debug)]
pub struct RenderService {
    pub(crate) store: Store,
    config: RwLock<Arc<Config>>,
    pub(crate) metrics: Metrics,
    slots: Slots,
    flights: Flights<Result<Made, Problem>>,
}

/// What a request asks for.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) key: Key,
    pub(crate) variant: Variant,
}

impl Wanted {
    /// The variant's name in its bucket: the source's key first, so that one prefix names all its variants.
    pub(crate) fn object(&self) -> String {
        format!("{}/{}", self.key, self.variant)
    }
}

/// A variant that was made.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) bytes: Bytes,
    pub(crate) described: StoredVariant,
    /// `Server-Timing`.
    pub(crate) timing: String,
    /// Ends when the variant is stored, or can't be.
    pub(crate) stored: Shared<BoxFuture<'static, ()>>,
}

/// The picture of a variant, or the document about its source.
struct Content {
    bytes: Bytes,
    media_type: &'static str,
    /// The suffix of its file's name.
    extension: &'static str,
    laps: Vec<(Step, Duration)>,
}

impl RenderService {
    /// A service over a store.
    pub fn new(store: Store, config: Config) -> Self {
        let slots = Slots::new(config.slots, config.queue, config.queue_wait);
        let config = RwLock::new(Arc::new(config));
        Self { store, config, metrics: Metrics::new(), slots, flights: Flights::new() }
    }

    /// Puts another configuration in the place of the old one: requests after it see that. Slots and queue stay.
    pub fn reconfigure(&self, config: Config) {
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
    }

    pub(crate) fn config(&self) -> Arc<Config> {
        Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the service has counted since its start, in the text format that Prometheus reads.
    pub fn metrics(&self) -> String {
        self.metrics.text(self.slots.free())
    }

    /// What is known of a variant without making it, at the cost of one `HeadObject`.
    pub(crate) async fn known(&self, wanted: &Wanted) -> Result<Option<StoredVariant>, Problem> {
        if wanted.variant.is_explained() {
            return Ok(None);
        }
        if self.store.keeps_variants() {
            return self.store.variant(&wanted.object()).await.map_err(|error| problem(&error));
        }
        let source = self.store.source_etag(&wanted.key).await.map_err(|error| problem(&error))?;
        let etag = etag_without_store(&source, &wanted.object());
        Ok(Some(StoredVariant { etag, ..self.described(&wanted.key) }))
    }

    /// The variant: made for this request, or for another that is under way.
    pub(crate) async fn made(self: &Arc<Self>, wanted: &Wanted) -> Result<Made, Problem> {
        let begin = || Arc::clone(self).make(wanted.clone()).in_current_span().boxed();
        self.flights.join(&wanted.object(), begin).await
    }

    /// Makes a variant that isn't stored yet, and returns when it is.
    pub(crate) async fn made_ready(self: &Arc<Self>, wanted: &Wanted) -> Result<(), Problem> {
        if self.known(wanted).await?.is_none() {
            self.made(wanted).await?.stored.await;
        }
        Ok(())
    }

    /// Nobody joins the making of variants of this key any more: its original has changed.
    pub(crate) fn forget(&self, key: &Key) {
        self.flights.forget(&format!("{key}/"));
    }

    /// Fetches the original and makes the variant of it, in a slot of its own. Ends early when it is dropped.
    async fn make(self: Arc<Self>, wanted: Wanted) -> Result<Made, Problem> {
        let place = self.slots.place().await?;
        let (start, config) = (Instant::now(), self.config());
        let original = self.store.original(&wanted.key, &config.settings.limits).await;
        let original = original.map_err(|error| problem(&error))?;
        let (source, fetched) = (original.etag.clone(), start.elapsed());
        let slot = place.slot().await?;

        let abandonment = Abandonment::default();
        let is_abandoned = Arc::clone(&abandonment.0);
        let work = tokio::task::spawn_blocking({
            let wanted = wanted.clone();
            let span = tracing::Span::current();
            move || {
                let _slot = slot;
                span.in_scope(|| content_of(&original, &wanted, &config, fetched, is_abandoned))
            }
        });
        let content = work.await.map_err(|panic| fault(&panic.to_string()))?;
        let Content { bytes, media_type, extension, laps } =
            content.map_err(|error| problem(&error.into()))?;
        let timing = server_timing(fetched, &laps);
        self.metrics.made(extension, fetched, &laps);
        tracing::info!(format = extension, media_type, bytes = bytes.len(), timing, "made");

        let etag = if self.store.keeps_variants() {
            format!("\"{}\"", hex::encode(Md5::digest(&bytes)))
        } else {
            etag_without_store(&source, &wanted.object())
        };
        let described = StoredVariant {
            etag,
            length: Some(bytes.len() as u64),
            media_type: media_type.to_owned(),
            disposition: disposition(&wanted.key, extension),
            ..self.described(&wanted.key)
        };
        if wanted.variant.is_explained() {
            let described = StoredVariant { etag: String::new(), ..described };
            let described = StoredVariant { cache_control: Caching::Never.header(), ..described };
            return Ok(Made { bytes, described, timing, stored: ready(()).boxed().shared() });
        }
        let stored = self.store_beside(wanted, source, described.clone(), bytes.clone());
        Ok(Made { bytes, described, timing, stored })
    }

    /// What is true of every variant of a key.
    fn described(&self, key: &Key) -> StoredVariant {
        StoredVariant {
            etag: String::new(),
            length: None,
            media_type: String::new(),
            cache_control: Caching::of(key, self.config().mutable_seconds).header(),
            disposition: String::new(),
            cache_tag: cache_tag(key),
        }
    }

    /// Stores a variant while it is sent. It goes on where the viewer goes away.
    fn store_beside(
        self: &Arc<Self>,
        wanted: Wanted,
        source: String,
        described: StoredVariant,
        bytes: Bytes,
    ) -> Shared<BoxFuture<'static, ()>> {
        let resizer = Arc::clone(self);
        let storing = async move {
            if let Err(error) = resizer.keep(&wanted, &source, &described, bytes).await {
                resizer.metrics.not_stored();
                tracing::error!(%error, "a variant was made and sent but not stored");
            }
        };
        let storing = tokio::spawn(storing.in_current_span());
        let ended = async move {
            if let Err(error) = storing.await {
                tracing::error!(%error, "storing a variant ended early");
            }
        };
        ended.boxed().shared()
    }

    /// Puts a variant into its bucket, unless the original was replaced or removed since it was read, and takes it
    /// away again where that happened just now. A change that comes later finds the variant in the bucket and
    /// removes it; one that came earlier is seen here. So none outlives its original.
    async fn keep(
        &self,
        wanted: &Wanted,
        source: &str,
        described: &StoredVariant,
        bytes: Bytes,
    ) -> Result<(), StoreError> {
        if !self.store.keeps_variants() || !self.is_still(&wanted.key, source).await? {
            return Ok(());
        }
        let object = wanted.object();
        self.store.put_variant(&object, described, bytes).await?;
        if !self.is_still(&wanted.key, source).await? {
            tracing::info!("the original has changed meanwhile: its variant is removed");
            self.store.delete_variant(&object).await?;
        }
        Ok(())
    }

    /// Whether an original is the one that was read.
    async fn is_still(&self, key: &Key, source: &str) -> Result<bool, StoreError> {
        match self.store.source_etag(key).await {
            Ok(etag) => Ok(etag == source),
            Err(StoreError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Sets its flag when it is dropped: what goes on elsewhere is wanted no more.
#[derive(Debug, Default)]
struct Abandonment(Arc<AtomicBool>);

impl Drop for Abandonment {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The variant of an original, or what is known of it.
fn content_of(
    original: &Original,
    wanted: &Wanted,
    config: &Config,
    fetched: Duration,
    is_abandoned: Arc<AtomicBool>,
) -> Result<Content, Error> {
    let Config { settings, deadline, ladder, .. } = config;
    let watch = Stopwatch::start(Instant::now, *deadline).unless(is_abandoned);
    if wanted.variant.is_explained() {
        let bytes = explanation(&original.bytes, &wanted.key, &wanted.variant, settings, fetched, watch)?;
        let (bytes, laps) = (Bytes::from(bytes), Vec::new());
        return Ok(Content { bytes, media_type: document::MEDIA_TYPE, extension: "json", laps });
    }
    match wanted.variant.format() {
        FormatChoice::Info => {
            let info = describe(&original.bytes, settings, watch)?;
            let bytes = Bytes::from(document(&info, &wanted.key, ladder));
            Ok(Content { bytes, media_type: document::MEDIA_TYPE, extension: "json", laps: Vec::new() })
        }
        FormatChoice::Fixed(_) | FormatChoice::Auto(_) => {
            let Encoded { bytes, format, width, height, laps } =
                render(&original.bytes, &wanted.variant, settings, watch)?;
            tracing::debug!(width, height, "encoded");
            let (media_type, extension) = (format.media_type(), format.extension());
            Ok(Content { bytes: Bytes::from(bytes), media_type, extension, laps })
        }
    }
}
