//! The faces that the network's output stands for, as YOLO v2 defines it.

use crate::face::Face;
use crate::network::OUTPUTS;
use crate::tensor::{CELL, Tensor};

/// The widths and heights of the five boxes of a cell, in cells, before the network's correction.
const ANCHORS: [(f32, f32); 5] = [
    (1.603_231, 2.094_468),
    (6.041_143, 7.080_126),
    (2.882_459, 3.518_061),
    (4.266_906, 5.178_857),
    (9.041_765, 10.663_08),
];

/// The least score of a face.
const LEAST_SCORE: f32 = 0.5;

/// Two boxes that share more of their common area are of the same face.
const SAME_FACE: f32 = 0.4;

/// The faces, those with the highest scores first.
pub(crate) fn faces(cells: &Tensor) -> Vec<Face> {
    let mut found: Vec<Face> =
        cells.rows().enumerate().flat_map(|(y, row)| of_row(row, cells.channels, y)).collect();
    found.sort_by(|one, other| other.score.total_cmp(&one.score));
    let mut faces: Vec<Face> = Vec::new();
    for face in found {
        if faces.iter().all(|kept| shared(kept, &face) < SAME_FACE) {
            faces.push(face);
        }
    }
    faces
}

fn of_row(row: &[f32], channels: usize, y: usize) -> impl Iterator<Item = Face> {
    row.chunks_exact(channels).enumerate().flat_map(move |(x, outputs)| {
        let (boxes, _) = outputs.get(..OUTPUTS).unwrap_or_default().as_chunks::<5>();
        boxes.iter().zip(ANCHORS).filter_map(move |(values, anchor)| face(values, anchor, (x, y)))
    })
}

/// The face of one box of a cell, if there is one.
#[expect(clippy::cast_precision_loss, reason = "a picture has less than a million cells in a row")]
fn face(&[x, y, width, height, score]: &[f32; 5], anchor: (f32, f32), cell: (usize, usize)) -> Option<Face> {
    let score = sigmoid(score);
    let side = CELL as f32;
    let (width, height) = (width.exp() * anchor.0 * side, height.exp() * anchor.1 * side);
    let (across, down) = ((cell.0 as f32 + sigmoid(x)) * side, (cell.1 as f32 + sigmoid(y)) * side);
    let face = Face { left: across - width / 2.0, top: down - height / 2.0, width, height, score };
    (score >= LEAST_SCORE).then_some(face)
}

fn sigmoid(value: f32) -> f32 {
    1.0 / (1.0 + (-value).exp())
}

/// The share of the area of two faces that both have, 0 to 1.
fn shared(one: &Face, other: &Face) -> f32 {
    let overlap = |from: f32, length: f32, other: f32, other_length: f32| {
        ((from + length).min(other + other_length) - from.max(other)).max(0.0)
    };
    let common = overlap(one.left, one.width, other.left, other.width)
        * overlap(one.top, one.height, other.top, other.height);
    common / (one.width * one.height + other.width * other.height - common)
}
