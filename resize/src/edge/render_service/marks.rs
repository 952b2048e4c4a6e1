//! The pictures of the policy's marks, which are fetched once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use contract::limits::Limits;
use contract::mark::Mark;
use contract::variant::Variant;
use service::problem::{Kind, Problem};

use super::problem::store_problem;
use crate::edge::config::Config;
use crate::edge::store::Store;
use crate::edge::store::error::StoreError;

/// Maximum bytes of a mark's picture.
const MAX_BYTES: u64 = 1 << 20;

/// The number of pictures that are kept. A policy has at most sixteen marks; the others are of former policies.
const KEPT: usize = 32;

/// A mark with the file of its picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FetchedMark {
    pub(super) mark: Mark,
    pub(super) file: Bytes,
}

/// The pictures of marks, by name and version.
#[derive(Debug, Default)]
pub(super) struct Marks(Mutex<HashMap<(String, String), Bytes>>);

impl Marks {
    /// The mark of a variant, with its picture. `None` if the variant has no mark.
    pub(super) async fn of(
        &self,
        variant: &Variant,
        config: &Config,
        store: &Store,
    ) -> Result<Option<FetchedMark>, Problem> {
        let Some(named) = variant.mark() else { return Ok(None) };
        let mark = config.marks.get(named.name());
        let is_present = |mark: &&Mark| named.version() == Some(&mark.version());
        let Some(mark) = mark.filter(is_present) else {
            // The edge function and this service get a new policy at different moments.
            let sentence = format!("the mark '{}' is being changed; try again", named.name());
            return Err(Problem::new(Kind::Busy, sentence));
        };
        let kept = (named.name().to_owned(), mark.version());
        if let Some(file) = self.lock().get(&kept).cloned() {
            return Ok(Some(FetchedMark { mark: mark.clone(), file }));
        }
        let limits = Limits { source_bytes: MAX_BYTES, ..config.settings.limits };
        let file = store.original(&mark.key, &limits).await.map_err(|error| match error {
            StoreError::NotFound => {
                let sentence =
                    format!("the picture of the mark '{}' is missing, or isn't clean", named.name());
                Problem::new(Kind::Missing, sentence)
            }
            StoreError::OverLimit(_) => store_problem(&StoreError::OverLimit(crate::error::Error::Mark)),
            StoreError::Replaced | StoreError::Unavailable(_) | StoreError::Inaccessible(_) => {
                store_problem(&error)
            }
        })?;
        let mut pictures = self.lock();
        if pictures.len() >= KEPT {
            pictures.clear();
        }
        pictures.insert(kept, file.bytes.clone());
        Ok(Some(FetchedMark { mark: mark.clone(), file: file.bytes }))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(String, String), Bytes>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
