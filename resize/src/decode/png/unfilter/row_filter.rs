//! The filters of PNG rows.

/// The filter of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowFilter {
    None,
    Sub,
    Up,
    Average,
    Paeth,
}

impl RowFilter {
    /// The filter for a row's first byte; `None` if no filter has this number.
    pub(crate) fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::None),
            1 => Some(Self::Sub),
            2 => Some(Self::Up),
            3 => Some(Self::Average),
            4 => Some(Self::Paeth),
            _ => None,
        }
    }
}
