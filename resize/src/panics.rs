//! Panics of decoders.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::Error;

/// Runs a decoder. One that panics was given a file that it doesn't expect: then the file counts as damaged. What the decoder has
/// written so far is dropped with it.
pub(crate) fn unless_it_panics<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::Damaged("its decoder can't cope with it".to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_whose_decoder_panics_is_damaged() {
        let bytes: &[u8] = &[];
        let result = unless_it_panics(|| Ok(bytes[3]));
        assert!(matches!(result, Err(Error::Damaged(_))), "{result:?}");
        assert_eq!(unless_it_panics(|| Ok(3)), Ok(3));
    }
}
