//! Compares rows that are unfiltered together with the specification.

use super::*;

/// Unfilters a row by the formulas of the specification.
fn unfilter_by_specification(filter: RowFilter, size: usize, above: &[u8], row: &mut [u8]) {
    for at in 0..row.len() {
        let a = if at < size { 0 } else { row[at - size] };
        let (b, c) = (above[at], if at < size { 0 } else { above[at - size] });
        let (wa, wb, wc) = (i32::from(a), i32::from(b), i32::from(c));
        let sum = wa + wb - wc;
        let (pa, pb, pc) = ((sum - wa).abs(), (sum - wb).abs(), (sum - wc).abs());
        let predicted = match filter {
            RowFilter::None => 0,
            RowFilter::Sub => a,
            RowFilter::Up => b,
            RowFilter::Average => u8::midpoint(a, b),
            RowFilter::Paeth if pa <= pb && pa <= pc => a,
            RowFilter::Paeth if pb <= pc => b,
            RowFilter::Paeth => c,
        };
        row[at] = row[at].wrapping_add(predicted);
    }
}

fn noise(seed: &mut u32) -> u8 {
    *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    (*seed >> 24) as u8
}

fn check<const N: usize>(width: usize, filters: [RowFilter; GROUP_ROWS], seed: &mut u32) {
    let mut line = || (0..width * N).map(|_| noise(seed)).collect::<Vec<u8>>();
    let above = line();
    let rows: [Vec<u8>; GROUP_ROWS] = std::array::from_fn(|_| line());
    let mut expected = rows.clone();
    let mut last = above.clone();
    for (row, filter) in expected.iter_mut().zip(filters) {
        unfilter_by_specification(filter, N, &last, row);
        last.clone_from(row);
    }
    let mut singly = rows.clone();
    let mut last = above.clone();
    for ((row, raw), filter) in singly.iter_mut().zip(&rows).zip(filters) {
        unfilter::<N, 1>([filter], &last, [raw], [row]);
        last.clone_from(row);
    }
    let mut together = rows.clone();
    let raw = rows.each_ref().map(Vec::as_slice);
    unfilter::<N, GROUP_ROWS>(filters, &above, raw, together.each_mut().map(Vec::as_mut_slice));
    assert_eq!(together, expected, "{N} bytes a pixel, {width} wide, {filters:?}");
    assert_eq!(singly, expected, "{N} bytes a pixel, {width} wide, {filters:?}, row by row");
}

#[test]
fn rows_unfiltered_together_match_the_specification() {
    let mut seed = 7;
    // Widths of a few steps, and of one step more or less than are arranged at a time.
    for width in [1, 2, 3, 4, 5, 17, 119, 120, 121, 122, 127, 128, 129, 300] {
        for _ in 0..200 {
            let filters = std::array::from_fn(|_| RowFilter::from_byte(noise(&mut seed) % 5).unwrap());
            check::<1>(width, filters, &mut seed);
            check::<2>(width, filters, &mut seed);
            check::<3>(width, filters, &mut seed);
            check::<4>(width, filters, &mut seed);
        }
        for filter in 0..5 {
            check::<3>(width, [RowFilter::from_byte(filter).unwrap(); GROUP_ROWS], &mut seed);
        }
    }
}

#[test]
fn the_paeth_predictor_matches_the_specification_for_all_samples() {
    for left in 0..=255 {
        for above in 0..=255 {
            for corner in 0..=255 {
                let [a, b, c] = [left, above, corner].map(i32::from);
                let far = |sample: i32| (a + b - c - sample).abs();
                let expected = if far(a) <= far(b) && far(a) <= far(c) {
                    left
                } else if far(b) <= far(c) {
                    above
                } else {
                    corner
                };
                assert_eq!(wavefront::paeth(left, above, corner), expected, "{left} {above} {corner}");
            }
        }
    }
}
