//! Scans of AC coefficients.

use super::reader::ScanReader;
use super::store::Store;
use crate::coefficients::stored_slots;
use crate::context::ScanContext;
use crate::damage::Damage;
use crate::entropy::bits::Bits;
use crate::entropy::buffer::Buffer;
use crate::entropy::feed::Feed;
use crate::entropy::huffman::symbols::Symbols;
use crate::error::Error;
use crate::file::scan::Scan;
use crate::slots::Slots;

/// The band of coefficients of a scan, with what is needed to read it.
pub(super) struct Band {
    pub(super) symbols: Symbols,
    pub(super) slots: Slots,
    /// Position of the first coefficient.
    pub(super) start: u32,
    /// Position of the last coefficient.
    pub(super) end: u32,
    /// The lowest bit that the scan has.
    pub(super) low: u8,
    /// The value of that bit.
    pub(super) bit: i16,
}

/// Reads the band of one block.
pub(super) trait ReadBand {
    /// `empty_blocks` counts the next blocks that have no symbols in this band. `nonzero` has a bit for each position of the
    /// block whose coefficient is non-zero, and is updated.
    fn read(
        band: &Band,
        empty_blocks: &mut u32,
        bits: &mut Bits,
        buffer: &Buffer,
        values: &mut [i16],
        nonzero: &mut u64,
    );
}

/// Reads a band of one component's coefficients, each block by `R`.
pub(super) fn decode<R: ReadBand>(
    context: &mut ScanContext<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    store: &mut Store,
) -> Result<Damage, Error> {
    let Some(member) = scan.members.first() else { return Ok(Damage::default()) };
    let (across, down) = scan.mcus(context.header);
    let coefficients = store.component(member.component)?;
    let stored = stored_slots(coefficients.scale);
    let band = Band {
        symbols: Symbols::new(context.tables.ac(member.ac)?)?,
        slots: Slots::new(coefficients.scale),
        start: scan.start.into(),
        end: scan.end.into(),
        low: scan.low,
        bit: 1 << scan.low,
    };
    let mut reader = ScanReader::new(context);
    let mut empty_blocks = 0;
    for row in 0..down as usize {
        if !(context.keep_going)() {
            return Err(Error::Stopped);
        }
        let first = row * coefficients.across;
        let values = coefficients.values.get_mut(first * stored..).unwrap_or_default();
        let mut nonzero = coefficients.nonzero.get_mut(first..).unwrap_or_default().iter_mut();
        for values in values.chunks_exact_mut(stored).take(across as usize) {
            // Only refining scans need these bits.
            let mut unused = 0;
            let nonzero = nonzero.next().unwrap_or(&mut unused);
            if reader.begin_mcu(feed) {
                empty_blocks = 0;
            }
            if !reader.restarts.is_short {
                R::read(&band, &mut empty_blocks, &mut reader.bits, feed.buffer(), values, nonzero);
            }
        }
    }
    Ok(reader.end(feed))
}
