//! Scans of DC coefficients.

use super::{Progress, Store};
use crate::context::Context;
use crate::damage::Damage;
use crate::error::Error;
use crate::feed::Feed;
use crate::huffman::dc::Differences;
use crate::scan::Scan;

/// Reads all but the lowest bits.
pub(super) fn first(
    context: &mut Context<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    store: &mut Store,
) -> Result<Damage, Error> {
    let tables: Result<Vec<_>, _> =
        scan.members.iter().map(|member| Differences::new(context.tables.dc(member.dc)?)).collect();
    let tables = tables?;
    let mut predictions = [0_i32; 4];
    let mut progress = Progress::new(context);
    let low = u32::from(scan.low);
    for_each_unit(context, scan, feed, &mut progress, |progress, feed, unit, is_restarted| {
        if is_restarted {
            predictions = [0; 4];
        }
        if progress.restarts.is_short {
            return Ok(());
        }
        for ((member, table), prediction) in unit.shapes.iter().zip(&tables).zip(&mut predictions) {
            let coefficients = store.component(member.component)?;
            for row in 0..member.down {
                for column in 0..member.across {
                    progress.bits.refill(feed.buffer());
                    *prediction = prediction.wrapping_add(table.read(&mut progress.bits));
                    let place = (unit.row * member.down + row, unit.column * member.across + column);
                    if let Some(dc) = coefficients.dc(place.0, place.1) {
                        *dc = prediction.wrapping_shl(low) as i16;
                    }
                }
            }
        }
        Ok(())
    })?;
    let damage = progress.end(feed);
    Ok(Damage { has_holes: damage.is_short, ..damage })
}

/// Reads one more bit.
pub(super) fn refine(
    context: &mut Context<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    store: &mut Store,
) -> Result<Damage, Error> {
    let mut progress = Progress::new(context);
    for_each_unit(context, scan, feed, &mut progress, |progress, feed, unit, _| {
        if progress.restarts.is_short {
            return Ok(());
        }
        for member in unit.shapes {
            let coefficients = store.component(member.component)?;
            for row in 0..member.down {
                for column in 0..member.across {
                    progress.bits.refill(feed.buffer());
                    let bit = progress.bits.read(1) as i16;
                    let place = (unit.row * member.down + row, unit.column * member.across + column);
                    if let Some(dc) = coefficients.dc(place.0, place.1) {
                        *dc |= bit << scan.low;
                    }
                }
            }
        }
        Ok(())
    })?;
    Ok(progress.end(feed))
}

/// A unit of a scan.
struct Unit<'a> {
    row: usize,
    column: usize,
    shapes: &'a [Shape],
}

/// The blocks of a component in a unit.
struct Shape {
    component: usize,
    across: usize,
    down: usize,
}

fn for_each_unit(
    context: &mut Context<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    progress: &mut Progress,
    mut read: impl FnMut(&mut Progress, &Feed<'_>, &Unit<'_>, bool) -> Result<(), Error>,
) -> Result<(), Error> {
    let is_interleaved = scan.members.len() > 1;
    let shapes = scan.members.iter().filter_map(|member| {
        let component = context.header.components().get(member.component)?;
        let (across, down) =
            if is_interleaved { (component.across.into(), component.down.into()) } else { (1, 1) };
        Some(Shape { component: member.component, across, down })
    });
    let shapes: Vec<Shape> = shapes.collect();
    let (across, down) = scan.units(context.header);
    for row in 0..down as usize {
        if !(context.keep_going)() {
            return Err(Error::Stopped);
        }
        for column in 0..across as usize {
            let is_restarted = progress.begin_unit(feed);
            read(progress, feed, &Unit { row, column, shapes: &shapes }, is_restarted)?;
        }
    }
    Ok(())
}
