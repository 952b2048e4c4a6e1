use crate::file::header::Header;
use crate::file::tables::Tables;
use crate::options::Options;

/// The values that are the same for all blocks of a scan.
pub(crate) struct ScanContext<'a> {
    pub(crate) header: &'a Header,
    pub(crate) tables: &'a Tables,
    pub(crate) options: Options,
    /// Returns `false` to stop the decoder.
    pub(crate) keep_going: &'a mut dyn FnMut() -> bool,
}
