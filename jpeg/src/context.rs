use crate::file::header::Header;
use crate::file::tables::Tables;

/// The values that are the same for all blocks of a scan.
pub(crate) struct ScanContext<'a> {
    pub(crate) header: &'a Header,
    pub(crate) tables: &'a Tables,
    /// Returns `false` to stop the decoder.
    pub(crate) keep_going: &'a mut dyn FnMut() -> bool,
}
