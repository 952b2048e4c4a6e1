//! Refuses shapes that reach far beyond the picture. The renderer's fixed-point numbers overflow there, which ends its thread, and
//! it walks along each line (<https://github.com/linebender/resvg/issues/940>, <https://github.com/linebender/tiny-skia/issues/167>).

use resvg::usvg::filter::Kind;
use resvg::usvg::{Group, Image, ImageKind, Node, Rect, Tree};

use crate::error::Error;

/// The farthest place of a shape, in pixels from the corner of the picture. Beyond twice of it lines take seconds, beyond a hundred
/// times of it numbers overflow.
const FARTHEST: f64 = 4_194_304.0;

/// Refuses a drawing with shapes that reach too far at this scale. `across` and `down` are pixels per unit of the drawing.
pub(super) fn admit(tree: &Tree, across: f32, down: f32) -> Result<(), Error> {
    let scale = Scale { across: f64::from(across), down: f64::from(down) };
    if scale.is_near_group(tree.root()) {
        Ok(())
    } else {
        Err(Error::Unsupported("the SVG has shapes that reach too far beyond the picture at this size"))
    }
}

struct Scale {
    across: f64,
    down: f64,
}

impl Scale {
    fn is_near_group(&self, group: &Group) -> bool {
        let has_near_filters = group.filters().iter().all(|filter| {
            filter.primitives().iter().all(|primitive| {
                self.is_near_rect(primitive.rect().to_rect()) && self.is_near_shift(primitive.kind())
            })
        });
        has_near_filters && group.children().iter().all(|node| self.is_near(node))
    }

    fn is_near(&self, node: &Node) -> bool {
        let is_near_itself = match node {
            Node::Group(group) => self.is_near_group(group),
            Node::Path(path) => self.is_near_rect(path.abs_stroke_bounding_box()),
            Node::Image(image) => self.is_near_image(image),
            Node::Text(text) => self.is_near_group(text.flattened()),
        };
        let mut is_near_below = true;
        node.subroots(|root| is_near_below &= self.is_near_group(root));
        is_near_itself && is_near_below
    }

    fn is_near_image(&self, image: &Image) -> bool {
        let is_near = self.is_near_rect(image.abs_bounding_box());
        match image.kind() {
            ImageKind::SVG(tree) if is_near => {
                let (shown, own) = (image.abs_bounding_box(), tree.size());
                let across = self.across * f64::from(shown.width() / own.width());
                let down = self.down * f64::from(shown.height() / own.height());
                Self { across, down }.is_near_group(tree.root())
            }
            ImageKind::SVG(_)
            | ImageKind::JPEG(_)
            | ImageKind::PNG(_)
            | ImageKind::GIF(_)
            | ImageKind::WEBP(_) => is_near,
        }
    }

    /// `true` if a filter moves its input by less.
    fn is_near_shift(&self, kind: &Kind) -> bool {
        let (x, y) = match kind {
            Kind::Offset(offset) => (offset.dx(), offset.dy()),
            Kind::DropShadow(shadow) => (shadow.dx(), shadow.dy()),
            Kind::Blend(_)
            | Kind::ColorMatrix(_)
            | Kind::ComponentTransfer(_)
            | Kind::Composite(_)
            | Kind::ConvolveMatrix(_)
            | Kind::DiffuseLighting(_)
            | Kind::DisplacementMap(_)
            | Kind::Flood(_)
            | Kind::GaussianBlur(_)
            | Kind::Image(_)
            | Kind::Merge(_)
            | Kind::Morphology(_)
            | Kind::SpecularLighting(_)
            | Kind::Tile(_)
            | Kind::Turbulence(_) => (0.0, 0.0),
        };
        f64::from(x.abs()) * self.across <= FARTHEST && f64::from(y.abs()) * self.down <= FARTHEST
    }

    fn is_near_rect(&self, rect: Rect) -> bool {
        let horizontal = f64::from(rect.left().abs().max(rect.right().abs())) * self.across;
        let vertical = f64::from(rect.top().abs().max(rect.bottom().abs())) * self.down;
        horizontal <= FARTHEST && vertical <= FARTHEST
    }
}
