//! The Walsh-Hadamard transform of the DC coefficients of a macroblock (RFC 6386, section 14.3).

use crate::lanes::{Levels, transposed};

/// The forward transform.
pub(crate) fn forward(dc: &Levels) -> Levels {
    let pass = |[d0, d1, d2, d3]: [i32; 4]| {
        let (a0, a1, a2, a3) = (d0 + d2, d1 + d3, d1 - d3, d0 - d2);
        [a0 + a1, a3 + a2, a3 - a2, a0 - a1]
    };
    let rows: [[i16; 4]; 4] = bytemuck::cast(*dc);
    let columns = transposed(rows.map(|row| pass(row.map(i32::from)))).map(pass);
    bytemuck::cast(transposed(columns).map(|row| row.map(|value| (value >> 1) as i16)))
}

/// The inverse of [`forward`], exactly as a decoder computes it.
pub(crate) fn inverse(levels: &Levels) -> Levels {
    let pass = |[c0, c1, c2, c3]: [i32; 4]| {
        let (a0, a1, a2, a3) = (c0 + c3, c1 + c2, c1 - c2, c0 - c3);
        [a0 + a1, a3 + a2, a0 - a1, a3 - a2]
    };
    let rows: [[i16; 4]; 4] = bytemuck::cast(*levels);
    let columns = transposed(rows).map(|column| pass(column.map(i32::from)));
    let rows = transposed(columns).map(|[dc, rest @ ..]| {
        let [a, b, c] = rest;
        pass([dc + 3, a, b, c])
    });
    bytemuck::cast(rows.map(|row| row.map(|value| (value >> 3) as i16)))
}
