//! Draws SVG directly at the decoded size. Nothing outside the file is read: scripts, file names and addresses are
//! ignored. Embedded images are limited to JPEG, PNG and WebP and to a total number of pixels.

mod cost;
mod dashes;
mod extent;

use resvg::tiny_skia::{Color, Pixmap, Transform};

use crate::error::Error;
use crate::pixels::{Channels, Pixels, Size};
use crate::source::probe::probe;
use crate::source::svg::{Drawing, on_deep_stack, parse};

/// Draws the file at `size`.
pub(super) fn decode(bytes: &[u8], size: Size) -> Result<Pixels, Error> {
    on_deep_stack(|| {
        let Drawing { tree, background } = parse(bytes, probe)?;
        let (width, height) = (size.width() as f32, size.height() as f32);
        let (across, down) = (width / tree.size().width(), height / tree.size().height());
        extent::admit(&tree, across, down)?;
        cost::admit(&tree, across, down, size)?;
        let mut canvas = Pixmap::new(size.width(), size.height())
            .ok_or(Error::Unsupported("the SVG is too large to be drawn"))?;
        if let Some([red, green, blue, alpha]) = background {
            canvas.fill(Color::from_rgba8(red, green, blue, alpha));
        }
        resvg::render(&tree, Transform::from_scale(across, down), &mut canvas.as_mut());
        Ok(Pixels { samples: canvas.take_demultiplied(), size, channels: Channels::Rgba })
    })
}

#[cfg(test)]
mod tests;
