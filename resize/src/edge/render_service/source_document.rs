//! The document about a source for the library, which isn't stored: the library's record has its values.

use bytes::Bytes;
use contract::format::FormatChoice;
use contract::key::Key;
use contract::variant::Variant;
use service::problem::Problem;

use super::RenderService;
use super::fetch::Answer;
use crate::edge::variant_request::VariantRequest;

impl RenderService {
    /// The document that `fm=json` answers with, and the entity tag of the original that it is about, with its quotes. Like
    /// variants that are rendered in advance, only one document is made at a time.
    pub(crate) async fn source_document(&self, key: &Key) -> Result<(String, Bytes), Problem> {
        let _turn = self.prewarming.lock().await;
        let request = VariantRequest { key: key.clone(), variant: Variant::new(FormatChoice::Info) };
        let answer = self.fetcher.answer(&request, &self.config()).await;
        match answer.map_err(|failure| self.problem(failure))? {
            Answer::Rendered(content, etag) => Ok((etag, content.bytes)),
            Answer::Stored(stored) => Ok((stored.original_etag, stored.bytes)),
        }
    }
}
