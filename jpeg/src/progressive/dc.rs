//! Scans of DC coefficients.

use super::reader::ScanReader;
use super::store::Store;
use crate::context::ScanContext;
use crate::damage::Damage;
use crate::entropy::feed::Feed;
use crate::entropy::huffman::dc::Differences;
use crate::error::Error;
use crate::file::scan::Scan;

/// Reads a first scan: all bits down to the lowest one that it has.
pub(super) fn first(
    context: &mut ScanContext<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    store: &mut Store,
) -> Result<Damage, Error> {
    let tables: Result<Vec<_>, _> =
        scan.members.iter().map(|member| Differences::new(context.tables.dc(member.dc)?)).collect();
    let tables = tables?;
    let mut predictions = [0_i32; 4];
    let mut reader = ScanReader::new(context);
    let low = u32::from(scan.low);
    for_each_mcu(context, scan, feed, &mut reader, |reader, feed, mcu, is_restarted| {
        if is_restarted {
            predictions = [0; 4];
        }
        if reader.restarts.is_short {
            return Ok(());
        }
        for ((member, table), prediction) in mcu.members.iter().zip(&tables).zip(&mut predictions) {
            let coefficients = store.component(member.component)?;
            for row in 0..member.down {
                for column in 0..member.across {
                    reader.bits.refill(feed.buffer());
                    *prediction = prediction.wrapping_add(table.read(&mut reader.bits));
                    let (row, column) = (mcu.row * member.down + row, mcu.column * member.across + column);
                    if let Some(dc) = coefficients.dc(row, column) {
                        *dc = prediction.wrapping_shl(low) as i16;
                    }
                }
            }
        }
        Ok(())
    })?;
    let damage = reader.end(feed);
    Ok(Damage { has_holes: damage.is_short, ..damage })
}

/// Reads a refining scan: one more bit.
pub(super) fn refine(
    context: &mut ScanContext<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    store: &mut Store,
) -> Result<Damage, Error> {
    let mut reader = ScanReader::new(context);
    for_each_mcu(context, scan, feed, &mut reader, |reader, feed, mcu, _| {
        if reader.restarts.is_short {
            return Ok(());
        }
        for member in mcu.members {
            let coefficients = store.component(member.component)?;
            for row in 0..member.down {
                for column in 0..member.across {
                    reader.bits.refill(feed.buffer());
                    let bit = reader.bits.read(1) as i16;
                    let (row, column) = (mcu.row * member.down + row, mcu.column * member.across + column);
                    if let Some(dc) = coefficients.dc(row, column) {
                        *dc |= bit << scan.low;
                    }
                }
            }
        }
        Ok(())
    })?;
    Ok(reader.end(feed))
}

/// An MCU of a scan.
struct Mcu<'a> {
    row: usize,
    column: usize,
    members: &'a [McuMember],
}

/// A component's blocks in an MCU.
struct McuMember {
    /// Index of the component in the frame.
    component: usize,
    /// Number of blocks across.
    across: usize,
    /// Number of blocks down.
    down: usize,
}

/// Calls `read` for each MCU. Its last argument is `true` if a restart interval begins.
fn for_each_mcu(
    context: &mut ScanContext<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    reader: &mut ScanReader,
    mut read: impl FnMut(&mut ScanReader, &Feed<'_>, &Mcu<'_>, bool) -> Result<(), Error>,
) -> Result<(), Error> {
    let is_interleaved = scan.members.len() > 1;
    let members = scan.members.iter().filter_map(|member| {
        let component = context.header.components().get(member.component)?;
        let (across, down) =
            if is_interleaved { (component.across.into(), component.down.into()) } else { (1, 1) };
        Some(McuMember { component: member.component, across, down })
    });
    let members: Vec<McuMember> = members.collect();
    let (across, down) = scan.mcus(context.header);
    for row in 0..down as usize {
        if !(context.keep_going)() {
            return Err(Error::Stopped);
        }
        for column in 0..across as usize {
            let is_restarted = reader.begin_mcu(feed);
            read(reader, feed, &Mcu { row, column, members: &members }, is_restarted)?;
        }
    }
    Ok(())
}
