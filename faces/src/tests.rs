use super::*;

const WIDTH: usize = 352;
const HEIGHT: usize = 264;

/// A part of a drawn face: an ellipse by its middle and its half axes in radii of the head, and its colour.
type Part = ((f32, f32), (f32, f32), [u8; 3]);

const HAIR: Part = ((0.0, -0.25), (1.0, 1.05), [60, 40, 25]);
const SKIN: Part = ((0.0, 0.1), (0.78, 1.0), [225, 180, 150]);
const FEATURES: [Part; 12] = [
    ((-0.32, -0.1), (0.17, 0.09), [250; 3]),
    ((0.32, -0.1), (0.17, 0.09), [250; 3]),
    ((-0.32, -0.1), (0.08, 0.09), [50, 30, 20]),
    ((0.32, -0.1), (0.08, 0.09), [50, 30, 20]),
    ((-0.32, -0.29), (0.2, 0.04), [60, 40, 25]),
    ((0.32, -0.29), (0.2, 0.04), [60, 40, 25]),
    ((0.0, 0.25), (0.12, 0.14), [200, 150, 120]),
    ((0.0, 0.3), (0.14, 0.05), [150, 100, 80]),
    ((0.0, 0.6), (0.3, 0.09), [180, 70, 70]),
    ((0.0, 0.6), (0.3, 0.02), [110, 40, 40]),
    ((-0.04, 0.32), (0.03, 0.02), [90, 60, 50]),
    ((0.04, 0.32), (0.03, 0.02), [90, 60, 50]),
];

fn picture(background: [u8; 3]) -> Vec<[u8; 3]> {
    vec![background; WIDTH * HEIGHT]
}

/// Draws a face around a place, of which the head has this radius.
fn draw(pixels: &mut [[u8; 3]], middle: (f32, f32), radius: f32, parts: &[Part]) {
    for ((x, y), (across, down), color) in parts {
        let (left, top) = (middle.0 + x * radius, middle.1 + y * radius);
        for (at, pixel) in pixels.iter_mut().enumerate() {
            let (column, row) = ((at % WIDTH) as f32, (at / WIDTH) as f32);
            if ((column - left) / (across * radius)).powi(2) + ((row - top) / (down * radius)).powi(2) <= 1.0
            {
                *pixel = *color;
            }
        }
    }
}

fn face() -> Vec<Part> {
    [&[HAIR, SKIN], &FEATURES[..]].concat()
}

#[test]
fn drawn_faces_are_found_where_they_are() {
    let mut pixels = picture([120, 140, 160]);
    draw(&mut pixels, (260.0, 120.0), 40.0, &face());
    draw(&mut pixels, (80.0, 150.0), 34.0, &face());
    let mut found = detect(&pixels, WIDTH);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].score >= found[1].score);
    found.sort_by(|one, other| one.left.total_cmp(&other.left));
    for (face, (x, y)) in found.iter().zip([(80.0, 150.0), (260.0, 120.0)]) {
        let (across, down) = (face.left + face.width / 2.0, face.top + face.height / 2.0);
        assert!((across - x).abs() < 12.0 && (down - y).abs() < 20.0, "{face:?}");
        assert!((0.5..=1.0).contains(&face.score) && face.width > 40.0 && face.height > 40.0, "{face:?}");
    }
}

#[test]
fn a_head_without_eyes_and_mouth_is_no_face() {
    let mut pixels = picture([120, 140, 160]);
    draw(&mut pixels, (260.0, 120.0), 40.0, &[HAIR, SKIN]);
    assert_eq!(detect(&pixels, WIDTH), []);
}

#[test]
fn a_face_at_an_edge_is_found() {
    let mut pixels = picture([120, 140, 160]);
    draw(&mut pixels, (WIDTH as f32 - 36.0, HEIGHT as f32 - 46.0), 40.0, &face());
    let found = detect(&pixels, WIDTH);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].left > 250.0 && found[0].top > 150.0, "{found:?}");
}

#[test]
fn a_picture_without_pixels_or_faces_has_no_faces() {
    assert_eq!(detect(&[], 0), []);
    assert_eq!(detect(&[], 10), []);
    assert_eq!(detect(&[[1, 2, 3]; 9], 10), []);
    assert_eq!(detect(&[[200, 150, 120]], 1), []);
    for gray in [0, 128, 255] {
        assert_eq!(detect(&picture([gray; 3]), WIDTH), []);
    }
}

#[test]
fn the_model_has_the_weights_of_all_layers() {
    let mut model = model::Model::shipped();
    assert_eq!(model.take(193_321).len(), 193_321);
    assert!(model.take(1).is_empty());
}
