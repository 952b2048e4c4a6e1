//! Renders variants in advance.

use std::sync::Arc;

use contract::key::Key;
use contract::variant::Variant;
use service::problem::{Kind, Problem};

use super::RenderService;
use super::problem::store_problem;
use crate::edge::variant_request::VariantRequest;

impl RenderService {
    /// Renders the variants of an original that aren't stored yet, and returns when they are stored. Only one is rendered in advance at a
    /// time, so that the pictures of a batch of events neither compete for the slots nor fill the memory. Fails if the service or the store
    /// has a fault, or if a variant isn't stored, since nobody gets it then. A variant that can't be rendered is left out.
    pub(crate) async fn prewarm(self: &Arc<Self>, key: &Key, variants: &[Variant]) -> Result<(), Problem> {
        let _turn = self.prewarming.lock().await;
        let missing = self.missing(key, variants).await?;
        if missing.is_empty() {
            return Ok(());
        }
        let _sharing = self.fetcher.share(key, &missing, &self.config()).await;
        for variant in missing {
            let request = VariantRequest { key: key.clone(), variant };
            match self.render(&request).await {
                Ok(rendered) if rendered.storing.clone().await => {}
                Ok(_) => {
                    return Err(Problem::new(Kind::StorageUnavailable, "the rendered variant isn't stored"));
                }
                Err(problem) if problem.kind().is_fault() => return Err(problem),
                Err(problem) => {
                    tracing::info!(reason = problem.detail(), "a variant isn't rendered in advance");
                }
            }
        }
        Ok(())
    }

    /// Those of the variants that aren't stored.
    async fn missing(&self, key: &Key, variants: &[Variant]) -> Result<Vec<Variant>, Problem> {
        let mut missing = Vec::new();
        for variant in variants {
            let request = VariantRequest { key: key.clone(), variant: variant.clone() };
            let stored = self.store().variant_metadata(&request).await;
            if stored.map_err(|error| store_problem(&error))?.is_none() {
                missing.push(request.variant);
            }
        }
        Ok(missing)
    }
}
