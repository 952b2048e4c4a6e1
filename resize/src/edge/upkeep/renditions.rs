//! Renditions follow their original: what transcoding made of a video that was removed, withdrawn or replaced is removed, with
//! the variants of its posters and the copies in the CDN.

use contract::key::Key;
use contract::renditions::folder;

use super::{Upkeep, UpkeepError};

impl Upkeep {
    /// Removes the renditions of an original that were written before its current version, or all if there is no version that
    /// may be read. The state of the storage decides, so events may arrive late, twice and in any order. Renditions that a job
    /// writes afterwards are removed by the trigger, which follows the job.
    #[tracing::instrument(skip_all, fields(%key))]
    pub(super) async fn remove_renditions(&self, key: &Key) -> Result<(), UpkeepError> {
        let Some(folder) = folder(key) else { return Ok(()) };
        let written = self.store.original_written(key).await?;
        let renditions = self.store.renditions(&folder, written).await?;
        let variants = self.store.outdated_variants(&folder, None).await?;
        // Variants of renditions of the current version stay.
        let has_outdated_variants = written.is_none() && variants.stored() > 0;
        if renditions.is_empty() && !variants.is_marked() && !has_outdated_variants {
            return Ok(());
        }
        // If the process ends early, the next delivery finds the mark.
        self.store.mark_outdated(&folder).await?;
        self.render_service.forget(&folder);
        self.store.delete_renditions(&renditions).await?;
        self.store.delete_outdated(&variants).await?;
        if let Some(cdn) = &self.cdn {
            tokio::time::sleep(self.settling).await;
            cdn.invalidate_folder(&folder).await?;
        }
        self.store.unmark_outdated(&folder, &variants).await?;
        tracing::info!(removed = renditions.len(), "renditions are removed");
        Ok(())
    }
}
