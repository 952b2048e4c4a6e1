use super::component::{Component, Components};
use crate::error::{Error, UnsupportedKind};
use crate::file::markers::{SOF0, SOF1, SOF2};

/// The order in which coefficients are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Block after block: baseline and extended sequential files.
    Sequential,
    /// Scans that refine each other: progressive files.
    Progressive,
}

/// The frame header (ITU-T T.81, annex B.2.2): size, coding and components.
pub(super) struct Frame {
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) coding: Coding,
    pub(super) components: Components,
}

impl Frame {
    pub(super) fn read(marker: u8, content: &[u8]) -> Result<Self, Error> {
        let coding = match marker {
            SOF0 | SOF1 => Coding::Sequential,
            SOF2 => Coding::Progressive,
            0xc3 | 0xcb => return Err(Error::Unsupported(UnsupportedKind::Lossless)),
            0xc5..=0xc7 | 0xcd..=0xcf => return Err(Error::Unsupported(UnsupportedKind::Hierarchical)),
            0xc9 | 0xca => return Err(Error::Unsupported(UnsupportedKind::Arithmetic)),
            _ => return Err(Error::Damaged("it has an unknown marker")),
        };
        let damaged = Error::Damaged("its frame is malformed");
        let [precision, height_high, height_low, width_high, width_low, count, rest @ ..] = content else {
            return Err(damaged);
        };
        let height = u16::from_be_bytes([*height_high, *height_low]);
        let width = u16::from_be_bytes([*width_high, *width_low]);
        if *precision != 8 {
            return Err(Error::Unsupported(UnsupportedKind::Precision(*precision)));
        }
        if width == 0 || *count == 0 {
            return Err(Error::Damaged("it has no pixels"));
        }
        if height == 0 {
            return Err(Error::Unsupported(UnsupportedKind::LateHeight));
        }
        let (entries, []) = rest.as_chunks::<3>() else { return Err(damaged) };
        if entries.len() != usize::from(*count) {
            return Err(damaged);
        }
        if !matches!(count, 1 | 3 | 4) {
            return Err(Error::Unsupported(UnsupportedKind::Components(*count)));
        }
        let components = Components::new(entries.iter().map(|[id, factors, quantisation]| Component {
            id: *id,
            across: factors >> 4,
            down: factors & 15,
            quantisation: *quantisation,
        }));
        let is_wrong = |each: &Component| !matches!(each.across, 1..=4) || !matches!(each.down, 1..=4);
        if components.as_slice().iter().any(is_wrong) {
            return Err(Error::Damaged("its sampling factors are not 1 to 4"));
        }
        Ok(Self { width, height, coding, components })
    }
}
