//! Masks and clip paths in the notation of the renderer.

use kurbo::Rect;

use super::cascade::Element;
use super::output::Output;
use super::paint::reference;
use crate::source::svg::styles::scan::words;
use crate::source::svg::values::shape::outline;

/// Leaves the reference of a mask. Fails if the mask is an image of CSS.
pub(crate) fn simplify_mask(element: &mut Element) -> Result<(), &'static str> {
    let Some(mask) = element.attributes.remove("mask") else { return Ok(()) };
    if let Some(reference) = words(&mask).into_iter().find_map(reference) {
        element.attributes.set("mask", reference);
        return Ok(());
    }
    let lower = mask.to_ascii_lowercase();
    if lower == "inherit" {
        element.attributes.set("mask", lower);
    } else if lower.contains("gradient(") || lower.contains("image") || lower.contains("url(data:") {
        return Err("the SVG has a mask of CSS images, which isn't drawn: use a mask element");
    }
    Ok(())
}

/// Leaves the reference of a clip path, or returns a basic shape.
pub(crate) fn simplify_clip(element: &mut Element) -> Option<String> {
    let clip = element.attributes.remove("clip-path")?;
    if let Some(reference) = words(&clip).into_iter().find_map(reference) {
        element.attributes.set("clip-path", reference);
        return None;
    }
    if clip.eq_ignore_ascii_case("inherit") {
        element.attributes.set("clip-path", "inherit");
    }
    let is_shape = clip.contains('(') && !clip.contains("url(");
    is_shape.then_some(clip)
}

/// The element of a clip path for a basic shape. `bounds` are those of the clipped element. Fails if the shape isn't
/// known.
pub(crate) fn clip_path(
    shape: &str,
    element: &Element,
    bounds: Option<Rect>,
    id: &str,
) -> Result<String, &'static str> {
    let (width, height) = element.units.view;
    let is_view = words(shape).contains(&"view-box");
    let reference = if is_view { Some(Rect::new(0.0, 0.0, width, height)) } else { bounds };
    let reference = reference
        .ok_or("the SVG clips an element without known bounds by a shape: use a clipPath element")?;
    let drawn = words(shape).into_iter().find_map(|word| outline(word, &element.units, reference));
    let (path, is_even_odd) =
        drawn.ok_or("the SVG clips by a shape that isn't known: use a clipPath element")?;
    let mut clip = Output::default();
    clip.push("<clipPath");
    clip.attribute("id", id);
    clip.push("><path");
    clip.attribute("d", &path.to_svg());
    clip.attribute("clip-rule", if is_even_odd { "evenodd" } else { "nonzero" });
    clip.push("/></clipPath>");
    Ok(clip.finish())
}
