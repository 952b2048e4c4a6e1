//! What a scan is decoded with.

use crate::header::Header;
use crate::options::Options;
use crate::tables::Tables;

/// What is the same for every part of a scan.
pub(crate) struct Context<'a> {
    pub(crate) header: &'a Header,
    pub(crate) tables: &'a Tables,
    pub(crate) options: Options,
    /// Says whether to go on.
    pub(crate) keep_going: &'a mut dyn FnMut() -> bool,
}
