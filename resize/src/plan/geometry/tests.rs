//! Sizes and shown parts of pictures.

use super::*;
use proptest::prelude::*;

fn framing(width: u32, height: u32, variant: &str) -> Framing {
    let (size, variant) = (Size::new(width, height).unwrap(), variant.parse::<Variant>().unwrap());
    Framing::new(size, size, &variant, Side::MAX)
}

#[test]
fn a_variant_of_a_300_by_200_picture_has_the_documented_size() {
    let check = |variant: &str, expected: (u32, u32)| {
        let output = framing(300, 200, variant).output;
        assert_eq!((output.width(), output.height()), expected, "{variant}");
    };
    check("fm=webp", (300, 200));
    check("w=150,fm=webp", (150, 100));
    check("h=50,fm=webp", (75, 50));
    check("w=600,fm=webp", (300, 200));
    check("w=150,h=150,fm=webp", (150, 100));
    check("w=600,h=100,fm=webp", (150, 100));
    check("w=600,fit=clip,fm=webp", (600, 400));
    check("w=600,h=300,fit=clip,fm=webp", (450, 300));
    check("w=8192,fit=clip,fm=webp", (8192, 5461));
    check("w=100,h=100,fit=crop,fm=webp", (100, 100));
    check("w=600,h=600,fit=crop,fm=webp", (200, 200));
    check("w=600,h=100,fit=crop,fm=webp", (300, 50));
    check("w=1,fm=webp", (1, 1));
    check("w=600,h=600,fit=crop,enlarge=1,fm=webp", (600, 600));
    check("w=600,h=600,fit=scale,fm=webp", (600, 600));
    check("w=600,h=600,fit=fill,fm=webp", (600, 400));
    check("w=600,h=600,fit=fillmax,fm=webp", (300, 200));
    check("w=150,h=150,fit=fillmax,fm=webp", (150, 100));
    check("rot=90,fm=webp", (200, 300));
    check("w=100,rot=270,flip=h,fm=webp", (100, 150));
    check("w=100,rot=180,fm=webp", (100, 67));
    check("rect=10-20-100-50,fm=webp", (100, 50));
    check("rect=250-150-100-100,fm=webp", (50, 50));
    check("w=20,rect=0-0-100-50,rot=90,fm=webp", (20, 40));
    check("w=20,h=20,fit=crop,rect=0-0-100-50,rot=90,fm=webp", (20, 20));
}

#[test]
fn a_shape_above_the_longest_side_keeps_its_ratio() {
    let check = |variant: &str, expected: (u32, u32)| {
        let (size, longest) = (Size::new(3000, 3000).unwrap(), Side::clamped(1000).unwrap());
        let canvas = Framing::new(size, size, &variant.parse().unwrap(), longest).canvas;
        assert_eq!((canvas.width(), canvas.height()), expected, "{variant}");
    };
    check("w=1600,h=900,fit=crop,fm=webp", (1000, 563));
    check("w=900,h=1600,fit=fill,fm=webp", (563, 1000));
    check("w=1600,h=900,fit=scale,fm=webp", (1000, 563));
    check("w=1600,h=900,fm=webp", (900, 900));
    check("w=1600,h=1600,fm=webp", (1000, 1000));
}

#[test]
fn a_filled_picture_has_a_canvas_of_exactly_the_sides() {
    let check = |variant: &str, expected: (u32, u32)| {
        let canvas = framing(300, 200, variant).canvas;
        assert_eq!((canvas.width(), canvas.height()), expected, "{variant}");
    };
    check("w=600,h=500,fit=fill,fm=webp", (600, 500));
    check("w=600,h=500,fit=fillmax,fm=webp", (600, 500));
    check("w=600,h=500,fm=webp", (300, 200));
}

#[test]
fn a_cutout_of_a_drawing_is_the_same_part_at_every_size() {
    let size = |width, height| Size::new(width, height).unwrap();
    let check = |cutout: (u32, u32, u32, u32), drawn: Size, expected: (f64, f64, f64, f64)| {
        let cutout = Cutout::new(cutout.0, cutout.1, cutout.2, cutout.3);
        let rect = region(cutout, size(100, 50), drawn);
        assert_eq!((rect.left, rect.top, rect.width, rect.height), expected);
    };
    check((10, 20, 30, 30), size(100, 50), (10.0, 20.0, 30.0, 30.0));
    check((10, 20, 30, 30), size(1000, 500), (100.0, 200.0, 300.0, 300.0));
    check((99, 49, 9, 9), size(150, 75), (148.0, 73.0, 2.0, 2.0));
    check((99, 49, 9, 9), size(7, 4), (6.0, 3.0, 1.0, 1.0));
}

#[test]
fn a_turned_crop_keeps_the_visible_side() {
    let check = |variant: &str, expected: (f64, f64, f64, f64)| {
        let shown = framing(300, 200, variant).shown;
        assert_eq!((shown.left, shown.top, shown.width, shown.height), expected, "{variant}");
    };
    // A quarter turn counter-clockwise: the right edge is on top.
    check("w=100,h=100,fit=crop,crop=top,rot=90,fm=webp", (100.0, 0.0, 200.0, 200.0));
    check("w=100,h=100,fit=crop,crop=top,rot=270,fm=webp", (0.0, 0.0, 200.0, 200.0));
    check("w=100,h=100,fit=crop,crop=left,rot=180,fm=webp", (100.0, 0.0, 200.0, 200.0));
    check("w=100,h=100,fit=crop,crop=left,flip=h,fm=webp", (100.0, 0.0, 200.0, 200.0));
    check("w=10,h=10,fit=crop,crop=left,rect=100-50-100-50,fm=webp", (100.0, 50.0, 50.0, 50.0));
}

#[test]
fn a_crop_keeps_the_side_that_was_asked_for() {
    let check = |variant: &str, left: f64, top: f64| {
        let shown = framing(300, 200, variant).shown;
        let is_near = (shown.left - left).abs() < 1e-9 && (shown.top - top).abs() < 1e-9;
        assert!(is_near, "{variant}: {shown:?}");
    };
    check("w=100,h=100,fit=crop,fm=webp", 50.0, 0.0);
    check("w=100,h=100,fit=crop,crop=left,fm=webp", 0.0, 0.0);
    check("w=100,h=100,fit=crop,crop=bottom-right,fm=webp", 100.0, 0.0);
    check("w=100,h=20,fit=crop,crop=top,fm=webp", 0.0, 0.0);
    check("w=100,h=20,fit=crop,crop=bottom,fm=webp", 0.0, 140.0);
    check("w=100,h=100,fit=crop,fp-x=0,fp-y=0,fm=webp", 0.0, 0.0);
    check("w=100,h=100,fit=crop,fp-x=0.4,fp-y=0,fm=webp", 20.0, 0.0);
    check("w=100,h=100,fit=crop,fp-x=0.9,fp-y=0,fm=webp", 100.0, 0.0);
    check("w=600,h=600,fit=crop,fp-x=0.4,fp-y=0,fm=webp", 20.0, 0.0);
    check("w=600,h=600,fit=crop,enlarge=1,fp-x=0.4,fp-y=0,fm=webp", 20.0, 0.0);
}

proptest! {
    #[test]
    fn the_shown_part_lies_inside_and_nothing_is_enlarged_unless_requested(
        (width, height) in (1u32..20_000, 1u32..20_000),
        (w, h) in (1u32..=8192, 1u32..=8192),
        (kind, rot, focus) in (0..9, 0u8..4, 0..500),
    ) {
        let variant = match kind {
            0 => format!("w={w},fm=webp"),
            1 => format!("w={w},h={h},fm=webp"),
            2 => format!("w={w},h={h},fit=clip,fm=webp"),
            3 => format!("w={w},h={h},fit=crop,fm=webp"),
            4 => format!("w={w},h={h},fit=crop,crop=bottom-right,fm=webp"),
            5 => format!("w={w},h={h},fit=crop,enlarge=1,fm=webp"),
            6 => format!("w={w},h={h},fit=crop,fp-x={},fp-y=1,fm=webp", f64::from(focus) / 1000.0),
            7 => format!("w={w},h={h},fit=fillmax,fm=webp"),
            _ => format!("w={w},h={h},fit=fill,fm=webp"),
        };
        let variant = variant.parse::<Variant>().map_or(variant, |parsed| {
            parsed.with_turn(contract::variant::Turn::new(rot, false, false)).to_string()
        });
        let (w, h) = if kind == 0 { (w, 8192) } else { (w, h) };
        let Framing { shown, output, canvas, .. } = framing(width, height, &variant);
        let slack = 1e-6;
        prop_assert!(shown.left >= -slack && shown.top >= -slack && shown.width > 0.0 && shown.height > 0.0);
        prop_assert!(shown.left + shown.width <= f64::from(width) + slack);
        prop_assert!(shown.top + shown.height <= f64::from(height) + slack);
        prop_assert!(output.width() <= 8192 && output.height() <= 8192);
        let (shown_width, shown_height) =
            if rot % 2 == 1 { (shown.height, shown.width) } else { (shown.width, shown.height) };
        let may_enlarge = matches!(kind, 2 | 5 | 8);
        if !may_enlarge {
            prop_assert!(f64::from(output.width()) <= shown_width.ceil() + slack);
            prop_assert!(f64::from(output.height()) <= shown_height.ceil() + slack);
        }
        prop_assert!(output.width() <= w && output.height() <= h);
        let expected_canvas = if kind > 6 { Size::new(w, h).unwrap() } else { output };
        prop_assert_eq!(canvas, expected_canvas);
        let aspect_error = f64::from(output.width()) * shown_height - f64::from(output.height()) * shown_width;
        prop_assert!(aspect_error.abs() <= shown_width.max(shown_height) + slack);
    }
}
