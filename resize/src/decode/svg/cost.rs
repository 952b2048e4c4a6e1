//! Estimates the number of pixel writes that a drawing takes. The renderer can't be interrupted, so a drawing that
//! would take too long is refused before it starts.

use resvg::usvg::filter::{Kind, Primitive};
use resvg::usvg::{BlendMode, Group, Image, ImageKind, Node, Paint, Path, Rect, Tree};

use super::dashes;
use crate::error::Error;
use crate::pixels::Size;
use crate::source::probe::probe;

/// Maximum number of pixel writes, some seconds of work.
const MAX_PIXELS: f64 = 4e9;

/// Maximum size of a filter region as a multiple of the canvas; `resvg` has this bound.
const MAX_FILTER_CANVASES: f64 = 25.0;

/// Maximum size of the buffers of one filter or of the dashes of one path, in bytes: those that any picture may have, and those
/// beyond it as a multiple of the canvas. The renderer keeps the result of every primitive until the filter is complete.
const FREE_BYTES: f64 = 128e6;
const MAX_BUFFERS: f64 = 8.0;
const BYTES_PER_PIXEL: f64 = 4.0;

/// Writes per pixel of each kind of item.
const GRADIENT: f64 = 4.0;
const LAYER: f64 = 4.0;
const PRIMITIVE: f64 = 10.0;
const EMBEDDED_PIXEL: f64 = 10.0;
/// Writes per element, since elements outside the canvas take time, too.
const NODE: f64 = 500.0;
/// Writes per dash.
const DASH: f64 = 10_000.0;

/// Refuses a drawing that takes too long at this scale. `across` and `down` are pixels per unit of the drawing.
pub(super) fn admit(tree: &Tree, across: f32, down: f32, size: Size) -> Result<(), Error> {
    let view = View { across: f64::from(across), down: f64::from(down), canvas: size.pixels() as f64 };
    if view.group(tree.root()) > MAX_PIXELS {
        return Err(Error::Unsupported("the SVG takes too long to be drawn at this size"));
    }
    if view.largest_buffers(tree.root()) > FREE_BYTES + MAX_BUFFERS * BYTES_PER_PIXEL * view.canvas {
        return Err(Error::Unsupported(
            "the SVG has filters or dashes that take too much memory at this size",
        ));
    }
    Ok(())
}

/// The scale of a drawing and the size of its canvas.
struct View {
    across: f64,
    down: f64,
    /// Number of pixels.
    canvas: f64,
}

impl View {
    fn group(&self, group: &Group) -> f64 {
        group.children().iter().map(|node| self.node(node)).sum()
    }

    /// The most bytes that the buffers of a filter or the dashes of a path below the group take.
    fn largest_buffers(&self, group: &Group) -> f64 {
        let own = group.filters().iter().map(|filter| {
            let areas = filter.primitives().iter().map(|primitive| self.filter_area(primitive));
            areas.sum::<f64>() * BYTES_PER_PIXEL
        });
        let mut largest = own.fold(0.0, f64::max);
        for node in group.children() {
            let below = match node {
                Node::Group(group) => self.largest_buffers(group),
                Node::Path(path) => dashes::bytes(path, self.across.max(self.down)),
                Node::Image(_) | Node::Text(_) => 0.0,
            };
            largest = largest.max(below);
            node.subroots(|root| largest = largest.max(self.largest_buffers(root)));
        }
        largest
    }

    fn node(&self, node: &Node) -> f64 {
        let own = match node {
            Node::Group(group) => self.layer(group) + self.group(group),
            Node::Path(path) => self.path(path),
            Node::Image(image) => self.image(image),
            Node::Text(text) => return NODE + self.group(text.flattened()),
        };
        let mut below = 0.0;
        node.subroots(|root| below += self.group(root) + LAYER * self.canvas);
        NODE + own + below
    }

    fn layer(&self, group: &Group) -> f64 {
        let is_layer = group.opacity().get() < 1.0
            || group.isolate()
            || group.blend_mode() != BlendMode::Normal
            || group.mask().is_some()
            || group.clip_path().is_some();
        let area = self.area(group.abs_stroke_bounding_box());
        let primitives = group.filters().iter().flat_map(|filter| filter.primitives());
        let filters: f64 = primitives.map(|primitive| self.primitive(primitive)).sum();
        filters + if is_layer { LAYER * area } else { 0.0 }
    }

    fn path(&self, path: &Path) -> f64 {
        let of_paint = |paint: &Paint| match paint {
            Paint::Color(_) => 1.0,
            Paint::LinearGradient(_) | Paint::RadialGradient(_) | Paint::Pattern(_) => GRADIENT,
        };
        let fill = path.fill().map_or(0.0, |fill| of_paint(fill.paint()));
        let stroke = path.stroke().map_or(0.0, |stroke| of_paint(stroke.paint()));
        let area = self.area(path.abs_stroke_bounding_box());
        (fill + stroke) * area + path.data().len() as f64 + DASH * dashes::count(path)
    }

    fn image(&self, image: &Image) -> f64 {
        let embedded = match image.kind() {
            ImageKind::JPEG(data) | ImageKind::PNG(data) | ImageKind::GIF(data) | ImageKind::WEBP(data) => {
                probe(data).map_or(0.0, |info| info.size.pixels() as f64)
            }
            ImageKind::SVG(tree) => return self.view_of(image, tree).group(tree.root()),
        };
        EMBEDDED_PIXEL * embedded + LAYER * self.area(image.abs_bounding_box())
    }

    /// The scale of a drawing in the drawing.
    fn view_of(&self, image: &Image, tree: &Tree) -> Self {
        let (shown, own) = (image.abs_bounding_box(), tree.size());
        Self {
            across: self.across * f64::from(shown.width() / own.width()),
            down: self.down * f64::from(shown.height() / own.height()),
            canvas: self.canvas,
        }
    }

    /// The size of a primitive's region, in pixels.
    fn filter_area(&self, primitive: &Primitive) -> f64 {
        let rect = primitive.rect();
        let (width, height) = (f64::from(rect.width()) * self.across, f64::from(rect.height()) * self.down);
        (width * height).clamp(0.0, MAX_FILTER_CANVASES * self.canvas)
    }

    fn primitive(&self, primitive: &Primitive) -> f64 {
        let rect = primitive.rect();
        let (width, height) = (f64::from(rect.width()) * self.across, f64::from(rect.height()) * self.down);
        let area = self.filter_area(primitive);
        let window = |x: f32, y: f32| {
            let (x, y) = (2.0 * f64::from(x) * self.across + 1.0, 2.0 * f64::from(y) * self.down + 1.0);
            x.min(width.max(1.0)) * y.min(height.max(1.0))
        };
        let times = match primitive.kind() {
            Kind::Turbulence(noise) => 5.0 * f64::from(noise.num_octaves()),
            Kind::Morphology(shape) => window(shape.radius_x().get(), shape.radius_y().get()),
            Kind::ConvolveMatrix(matrix) => f64::from(matrix.matrix().columns() * matrix.matrix().rows()),
            Kind::Merge(merge) => merge.inputs().len() as f64,
            Kind::Blend(_)
            | Kind::ColorMatrix(_)
            | Kind::ComponentTransfer(_)
            | Kind::Composite(_)
            | Kind::DiffuseLighting(_)
            | Kind::DisplacementMap(_)
            | Kind::DropShadow(_)
            | Kind::Flood(_)
            | Kind::GaussianBlur(_)
            | Kind::Image(_)
            | Kind::Offset(_)
            | Kind::SpecularLighting(_)
            | Kind::Tile(_) => 1.0,
        };
        PRIMITIVE * area * times.max(1.0)
    }

    fn area(&self, rect: Rect) -> f64 {
        let (width, height) = (f64::from(rect.width()) * self.across, f64::from(rect.height()) * self.down);
        (width * height).clamp(0.0, self.canvas)
    }
}
