//! Fetches an original and renders its content: afterwards, or while it arrives. Where storing a variant may have paid, a stored
//! one is fetched beside it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cdn_config::policy::Keep;
use contract::format::FormatChoice;
use contract::key::Key;
use contract::variant::Variant;
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use isolation::workers::Workers;
use service::problem::Problem;
use tracing::Instrument as _;

use super::content::Content;
use super::in_flight::InFlight;
use super::job::Job;
use super::marks::Marks;
use super::problem::{defect, store_problem};
use super::renderer::{LocalFile, RenderError, RenderFailure, needs_worker, render_here, render_in_worker};
use super::shared_decodes::{PlaneBudget, SharedDecodes, Want};
use super::slots::{FetchPermit, RenderSlots, Slots};
use crate::edge::config::Config;
use crate::edge::store::Store;
use crate::edge::store::error::StoreError;
use crate::edge::store::originals::Original;
use crate::edge::store::variants::KeptVariant;
use crate::edge::variant_request::VariantRequest;
use crate::prediction::{predicted_time, sequential_decode};
use crate::source::Source;

/// The fetch of an original.
pub(super) type Fetch = Shared<BoxFuture<'static, Result<Fetched, Problem>>>;

/// An original that was fetched for all requests that waited for it.
#[derive(Clone, Debug)]
pub(super) struct Fetched {
    original: Original,
    /// The decodes that these requests share.
    decodes: Arc<SharedDecodes>,
}

/// Fetches originals and renders their variants, within the limits of slots.
#[derive(Debug)]
pub(super) struct Fetcher {
    pub(super) store: Store,
    pub(super) slots: RenderSlots,
    /// The processes for files that aren't rendered in this one. `None` if all files are.
    workers: Option<Workers>,
    /// The originals that are being fetched.
    fetches: InFlight<Result<Fetched, Problem>>,
    planes: PlaneBudget,
    marks: Marks,
}

/// The answer to a request.
pub(super) enum Answer {
    /// The content, rendered from the original with this entity tag.
    Rendered(Content, String),
    /// The variant, stored from the current version of its original.
    Stored(KeptVariant),
}

impl Fetcher {
    pub(super) fn new(store: Store, slots: RenderSlots) -> Self {
        let (fetches, planes) = (InFlight::new(), PlaneBudget::new());
        Self { store, slots, workers: None, fetches, planes, marks: Marks::default() }
    }

    /// Renders files other than JPEG and PNG in these processes.
    pub(super) fn with_workers(self, workers: Workers) -> Self {
        Self { workers: Some(workers), ..self }
    }

    /// Keeps later requests from joining the fetch of an original that has changed.
    pub(super) fn forget(&self, key: &Key) {
        self.fetches.forget(&fetch_name(key));
    }

    /// The predicted time from which a variant is stored; `None` if it never is.
    pub(super) fn kept_from(&self, request: &VariantRequest, config: &Config) -> Option<Duration> {
        config.kept_from(&request.variant).filter(|_| self.store.has_variants())
    }

    /// Fetches the original and renders the content of a variant, or finds it stored.
    pub(super) async fn answer(
        &self,
        request: &VariantRequest,
        config: &Config,
    ) -> Result<Answer, RenderFailure> {
        if config.decodes_arriving {
            self.answer_while_arriving(request, config).await
        } else {
            self.answer_afterwards(request, config).await
        }
    }

    /// Renders the content after the fetch. Requests for variants of the same original share the fetch and, if it is a sequential
    /// JPEG, the decode.
    async fn answer_afterwards(
        &self,
        request: &VariantRequest,
        config: &Config,
    ) -> Result<Answer, RenderFailure> {
        let permit = self.slots.fetch_permit().await?;
        let start = Instant::now();
        let Fetched { original, decodes } = self.fetch(&request.key, config).await?;
        let (bytes, length) = (&original.bytes, original.bytes.len() as u64);
        let may_be_stored = may_be_stored(&self.store, request, config, bytes, length) == Some(true);
        if may_be_stored && let Some(stored) = stored_variant(&self.store, request, &original.etag).await {
            return Ok(Answer::Stored(stored));
        }
        let want = want(&decodes, &original.bytes, &request.variant, config);
        if let Some(want) = &want {
            want.turn(config.queue_wait).await?;
        }
        self.render(original, want, start.elapsed(), request, config, permit).await
    }

    /// Fetches an original and decodes it once for variants that are rendered one after another while the value exists. `None` if each
    /// has to decode it, or if it can't be read.
    pub(super) async fn share(&self, key: &Key, variants: &[Variant], config: &Config) -> Option<Sharing> {
        let fetch = self.fetch(key, config);
        let Fetched { original, decodes } = fetch.clone().await.ok()?;
        let wants = variants.iter().filter_map(|variant| want(&decodes, &original.bytes, variant, config));
        Some(Sharing { _wants: wants.collect(), _fetch: fetch })
    }

    /// The fetch of an original, which begins when it is awaited. As long as the value exists, requests share its result.
    fn fetch(&self, key: &Key, config: &Config) -> Fetch {
        let start = || {
            let (store, key, limits) = (self.store.clone(), key.clone(), config.settings.limits);
            let planes = self.planes.clone();
            let fetch = async move {
                let original = store.original(&key, &limits).await.map_err(|error| store_problem(&error))?;
                let decodes = Arc::new(SharedDecodes::new(original.bytes.clone(), planes));
                Ok(Fetched { original, decodes })
            };
            fetch.instrument(tracing::debug_span!("fetch")).in_current_span().boxed()
        };
        self.fetches.join(&fetch_name(key), start)
    }

    /// Renders the content of a JPEG while it arrives, and of another file when it is there. If the variant may be stored, it is
    /// requested as soon as that is known; if it is there, the rest of the original isn't read.
    async fn answer_while_arriving(
        &self,
        request: &VariantRequest,
        config: &Config,
    ) -> Result<Answer, RenderFailure> {
        let permit = self.slots.fetch_permit().await?;
        let start = Instant::now();
        let transfer = self.store.transfer(&request.key, &config.settings.limits).await;
        let mut transfer = transfer.map_err(|error| store_problem(&error))?;
        let etag = transfer.etag.clone();
        let may_be_stored = loop {
            let (arrived, length) = (transfer.arrived(), transfer.length());
            match may_be_stored(&self.store, request, config, arrived, length) {
                Some(may_be_stored) => break may_be_stored,
                None if transfer.receive().await => {}
                // Its header is long, or the rest of it doesn't arrive.
                None => break true,
            }
        };
        // The original arrives meanwhile.
        if may_be_stored && let Some(stored) = stored_variant(&self.store, request, &etag).await {
            return Ok(Answer::Stored(stored));
        }
        let failure = match transfer.arriving().await {
            Ok((arriving, requests)) => {
                let mark = self.marks.of(&request.variant, config, &self.store).await?;
                let kept_from = self.kept_from(request, config);
                let job = Job::new(request.clone(), mark, config, kept_from, start.elapsed());
                let permit = permit.render_permit(Slots::Here).await?;
                let rendering = render_here(LocalFile::Arriving(arriving), job, permit);
                match rendering.instrument(tracing::debug_span!("render")).await {
                    Ok(content) => return Ok(Answer::Rendered(content, etag)),
                    Err(RenderError::Problem(problem)) => return Err(problem.into()),
                    Err(RenderError::Interrupted) => requests.failure(),
                }
            }
            Err(transfer) => match transfer.whole().await {
                Ok(original) => {
                    return self.render(original, None, start.elapsed(), request, config, permit).await;
                }
                Err(error) => {
                    drop(permit);
                    error
                }
            },
        };
        match failure {
            StoreError::Replaced => self.answer_afterwards(request, config).await,
            error @ (StoreError::NotFound
            | StoreError::OverLimit(_)
            | StoreError::Unavailable(_)
            | StoreError::Inaccessible(_)) => Err(store_problem(&error).into()),
        }
    }

    async fn render(
        &self,
        original: Original,
        want: Option<Want>,
        fetch: Duration,
        request: &VariantRequest,
        config: &Config,
        permit: FetchPermit,
    ) -> Result<Answer, RenderFailure> {
        let mark = self.marks.of(&request.variant, config, &self.store).await?;
        let job = Job::new(request.clone(), mark, config, self.kept_from(request, config), fetch);
        let content = match &self.workers {
            Some(workers) if needs_worker(&original.bytes) => {
                let permit = permit.render_permit(Slots::Workers).await?;
                let rendering = render_in_worker(workers, original.bytes, &job, permit);
                rendering.instrument(tracing::debug_span!("render")).await?
            }
            Some(_) | None => {
                let permit = permit.render_permit(Slots::Here).await?;
                let file = want.map_or(LocalFile::Whole(original.bytes), LocalFile::Shared);
                let rendering = render_here(file, job, permit);
                match rendering.instrument(tracing::debug_span!("render")).await {
                    Ok(content) => content,
                    Err(RenderError::Problem(problem)) => return Err(problem.into()),
                    Err(RenderError::Interrupted) => return Err(defect("a whole file doesn't arrive").into()),
                }
            }
        };
        Ok(Answer::Rendered(content, original.etag))
    }
}

/// An original whose decode is shared while the value exists.
#[derive(Debug)]
pub(super) struct Sharing {
    _wants: Vec<Want>,
    _fetch: Fetch,
}

/// What a variant wants of the decodes of its original. `None` if it has to decode the file alone.
fn want(decodes: &Arc<SharedDecodes>, bytes: &[u8], variant: &Variant, config: &Config) -> Option<Want> {
    if variant.is_explained() || variant.format() == FormatChoice::Info || !bytes.starts_with(&[0xff, 0xd8]) {
        return None;
    }
    let source = Source::open(bytes, &config.settings.limits).ok()?;
    let (header, options) = sequential_decode(&source, variant, &config.settings).ok()??;
    decodes.want(&header, options)
}

/// The beginning of the names of an original's renderings, and the name of its fetch.
pub(super) fn fetch_name(key: &Key) -> String {
    format!("{}/", key.to_canonical_path())
}

/// The stored variant. One that can't be read is rendered.
async fn stored_variant(store: &Store, request: &VariantRequest, original_etag: &str) -> Option<KeptVariant> {
    store.variant_of(request, original_etag).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a stored variant can't be read");
        None
    })
}

/// `true` if the variant of the file that begins with `arrived` may be stored. `None` if that needs more bytes. For a JPEG or a PNG
/// it follows from the plan. Other files are opened only in a worker, when they are complete; so each of their variants may be
/// stored.
fn may_be_stored(
    store: &Store,
    request: &VariantRequest,
    config: &Config,
    arrived: &[u8],
    length: u64,
) -> Option<bool> {
    let variant = &request.variant;
    let is_looked_up = match config.keep {
        Keep::Dear { .. } => store.has_variants() && !variant.is_explained(),
        Keep::Always | Keep::Never => false,
    };
    let Some(from) = config.kept_from(variant).filter(|_| is_looked_up) else { return Some(false) };
    if from.is_zero() {
        return Some(true);
    }
    if variant.format() == FormatChoice::Info {
        return Some(false);
    }
    let is_complete = arrived.len() as u64 >= length;
    let is_jpeg_or_png = matches!(arrived, [0xff, 0xd8, ..] | [0x89, b'P', b'N', b'G', ..]);
    if !is_jpeg_or_png || (is_complete && needs_worker(arrived)) {
        return Some(true);
    }
    let source = Source::open(arrived, &config.settings.limits).ok();
    let predicted = source.and_then(|source| predicted_time(&source, length, variant, &config.settings).ok());
    match predicted {
        Some(predicted) => Some(predicted >= from),
        // Rendering a complete file without a header fails.
        None => is_complete.then_some(false),
    }
}
