//! The render service: renders a variant once for all requests that wait for it, and stores it while it is sent, if that pays.

mod abandonment;

pub(crate) mod completion;

mod content;

mod explanation;

mod fetch;

mod in_flight;

mod info_document;

mod job;

mod marks;

mod prewarming;

mod problem;

mod renderer;

mod shared_decodes;

pub(crate) mod rendered_variant;

pub(crate) mod slots;

mod source_document;

mod video_frames;

mod wire;

pub mod worker;

use std::io;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use cdn_config::policy::Keep;
use contract::caching::Caching;
use contract::key::Key;
use futures::FutureExt as _;
use http::StatusCode;
use isolation::workers::Workers;
use service::problem::Problem;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tracing::Instrument as _;

use completion::{Completion, checked, done, in_background};
use content::Content;
use fetch::{Answer, Fetcher, fetch_name};
use in_flight::InFlight;
use problem::store_problem;
use rendered_variant::RenderedVariant;
use renderer::{RenderFailure, ended_problem};
use slots::RenderSlots;

use crate::edge::config::Config;
use crate::edge::metrics::Metrics;
use crate::edge::store::Store;
use crate::edge::store::variants::{KeptVariant, StoredVariant};
use crate::edge::timings::Timings;
use crate::edge::variant_metadata::{
    VariantMetadata, disposition, etag_before_rendering, etag_of_bytes, settings_text,
};
use crate::edge::variant_request::VariantRequest;

/// Renders variants of the originals in a store.
#[derive(Debug)]
pub struct RenderService {
    fetcher: Fetcher,
    config: RwLock<Current>,
    metrics: Metrics,
    /// A lock that is held while a variant is rendered in advance.
    prewarming: Mutex<()>,
    in_flight: InFlight<Result<RenderedVariant, Problem>>,
}

/// The configuration, and what is computed of it once.
#[derive(Clone, Debug)]
struct Current {
    config: Arc<Config>,
    /// The part of entity tags that depends on the settings.
    settings_text: Arc<str>,
}

impl Current {
    fn new(config: Config) -> Self {
        Self { settings_text: settings_text(&config.settings).into(), config: Arc::new(config) }
    }
}

impl RenderService {
    /// A service over a store. It renders all files in this process, until [`Self::with_workers`] is called.
    pub fn new(store: Store, config: Config) -> Self {
        let slots = RenderSlots::new(config.slots, config.queue, config.queue_wait);
        Self {
            metrics: Metrics::new(&slots),
            fetcher: Fetcher::new(store, slots),
            config: RwLock::new(Current::new(config)),
            prewarming: Mutex::new(()),
            in_flight: InFlight::new(),
        }
    }

    /// Renders files other than JPEG and PNG in workers of this program, whose `main` must call [`worker::main`] if
    /// [`isolation::is_worker`]. Fails if the program's file is unknown.
    pub fn with_workers(self) -> io::Result<Self> {
        let workers = Workers::of_this_program(self.config().slots)?;
        Ok(Self { fetcher: self.fetcher.with_workers(workers), ..self })
    }

    /// Replaces the configuration for later requests. The numbers of slots and of queue places stay.
    pub fn reconfigure(&self, config: Config) {
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = Current::new(config);
    }

    pub(crate) fn config(&self) -> Arc<Config> {
        self.current().config
    }

    fn current(&self) -> Current {
        self.config.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The service's metrics since its start, in the text format that Prometheus reads.
    pub fn metrics(&self) -> String {
        self.metrics.text(self.fetcher.slots.free())
    }

    pub(crate) fn count_response(&self, status: StatusCode) {
        self.metrics.count_response(status);
    }

    /// The request for a part of a sheet of thumbnails, if `request` names a moment of a video; else `request` itself.
    pub(crate) async fn resolved(&self, request: &VariantRequest) -> Result<VariantRequest, Problem> {
        video_frames::of_sheet(self.store(), request.clone()).await
    }

    /// The metadata of a variant, at the cost of one `HeadObject` and without rendering. `None` if the variant must be
    /// rendered first.
    pub(crate) async fn metadata(
        &self,
        request: &VariantRequest,
    ) -> Result<Option<VariantMetadata>, Problem> {
        if request.variant.is_explained() {
            return Ok(None);
        }
        if self.has_etags_of_objects() {
            let metadata = if self.config().reads_stored_variants {
                self.store().current_variant_metadata(request).await
            } else {
                self.store().variant_metadata(request).await
            };
            return metadata.map_err(|error| store_problem(&error));
        }
        let original_etag = self.store().original_etag(&request.key).await;
        let original_etag = original_etag.map_err(|error| store_problem(&error))?;
        let etag = etag_before_rendering(&original_etag, &request.path(), &self.current().settings_text);
        Ok(Some(VariantMetadata { etag, ..self.metadata_of_key(&request.key) }))
    }

    /// A stored variant of the current original, if the configuration says that the service looks for it first.
    pub(crate) async fn stored(&self, request: &VariantRequest) -> Result<Option<StoredVariant>, Problem> {
        let config = self.config();
        let reads_first = config.keep == Keep::Always && config.reads_stored_variants;
        if request.variant.is_explained() || !reads_first {
            return Ok(None);
        }
        let stored = self.store().current_variant(request).await.map_err(|error| store_problem(&error))?;
        Ok(stored.map(|stored| if config.has_etags_of_objects { stored } else { stored.with_own_etag() }))
    }

    fn has_etags_of_objects(&self) -> bool {
        self.store().has_variants() && self.config().has_etags_of_objects
    }

    /// The store of originals and variants.
    pub fn store(&self) -> &Store {
        &self.fetcher.store
    }

    /// Renders a variant, or joins a rendering of the same variant that is in progress.
    pub(crate) async fn render(
        self: &Arc<Self>,
        request: &VariantRequest,
    ) -> Result<RenderedVariant, Problem> {
        let start = || Arc::clone(self).render_in_slot(request.clone()).in_current_span().boxed();
        self.in_flight.join(&request.path(), start).await
    }

    /// Keeps later requests from joining the renderings of an original that has changed.
    pub(crate) fn forget(&self, key: &Key) {
        self.in_flight.forget(&fetch_name(key));
        self.fetcher.forget(key);
    }

    /// Fetches the original and renders the variant in a slot. Ends early when the future is dropped.
    async fn render_in_slot(self: Arc<Self>, request: VariantRequest) -> Result<RenderedVariant, Problem> {
        let (start, config) = (Instant::now(), self.config());
        let answer = self.fetcher.answer(&request, &config).await;
        let (content, original_etag) = match answer.map_err(|failure| self.problem(failure))? {
            Answer::Rendered(content, original_etag) => (content, original_etag),
            Answer::Stored(KeptVariant { bytes, metadata, original_etag }) => {
                self.metrics.count_stored_variant();
                let storing = checked(self.store(), request.key, original_etag, start);
                let timings = Timings { fetch: start.elapsed(), steps: Vec::new() };
                return Ok(RenderedVariant { bytes, metadata, timings, storing });
            }
        };
        let kept_from = self.fetcher.kept_from(&request, &config);
        self.report(&content);

        let metadata = self.metadata_of_content(&request, &original_etag, &content);
        let Content { bytes, timings, predicted, .. } = content;
        let storing = if request.variant.is_explained() {
            done()
        } else if kept_from.is_some_and(|from| predicted >= from) {
            self.store_in_background(request, original_etag, metadata.clone(), bytes.clone())
        } else {
            checked(self.store(), request.key, original_etag, start)
        };
        Ok(RenderedVariant { bytes, metadata, timings, storing })
    }

    fn problem(&self, failure: RenderFailure) -> Problem {
        match failure {
            RenderFailure::Problem(problem) => problem,
            RenderFailure::Ended(cause) => {
                self.metrics.count_ended_worker(cause.name());
                tracing::warn!(cause = cause.name(), "a worker ended");
                ended_problem(cause)
            }
        }
    }

    fn report(&self, content: &Content) {
        let Content { bytes, timings, .. } = content;
        let (media_type, extension) = (content.media_type(), content.extension());
        self.metrics.count_variant(extension, timings);
        // The deployment's metric filters count log lines by this message and by its fields `format` and `bytes`.
        let timing = timings.header();
        tracing::info!(format = extension, media_type, bytes = bytes.len(), timing, "made");
    }

    fn metadata_of_content(
        &self,
        request: &VariantRequest,
        original_etag: &str,
        content: &Content,
    ) -> VariantMetadata {
        let metadata = VariantMetadata {
            length: Some(content.bytes.len() as u64),
            media_type: content.media_type().to_owned(),
            disposition: disposition(&request.key, content.extension()),
            ..self.metadata_of_key(&request.key)
        };
        if request.variant.is_explained() {
            // An explanation contains durations, so it is neither cached nor revalidated.
            return VariantMetadata { cache_control: Caching::Never.header(), ..metadata };
        }
        let etag = if self.has_etags_of_objects() {
            etag_of_bytes(&content.bytes)
        } else {
            etag_before_rendering(original_etag, &request.path(), &self.current().settings_text)
        };
        VariantMetadata { etag, ..metadata }
    }

    fn metadata_of_key(&self, key: &Key) -> VariantMetadata {
        VariantMetadata::of_key(key, self.config().mutable_seconds)
    }

    /// Stores a variant while it is sent. Storing continues when the viewer disconnects.
    fn store_in_background(
        self: &Arc<Self>,
        request: VariantRequest,
        original_etag: String,
        metadata: VariantMetadata,
        bytes: Bytes,
    ) -> Completion {
        let service = Arc::clone(self);
        let storing = async move {
            let put = service.store().put_variant(&request, &original_etag, &metadata, bytes);
            let stored = put.await.inspect_err(|error| {
                service.metrics.count_failed_store();
                tracing::error!(%error, "a variant was rendered and sent but not stored");
            });
            stored.is_ok()
        };
        in_background(storing.instrument(tracing::debug_span!("store")))
    }
}
