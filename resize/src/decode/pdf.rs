//! Draws a page of a PDF directly at the decoded size, on white. Nothing outside the file is read; scripts and forms aren't run.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::util::TransformExt as _;
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};

use crate::error::Error;
use crate::pixels::{Channels, Pixels, Size};
use crate::source::info::DocumentPage;
use crate::source::pdf::with_page;

/// Draws the page at `size`.
pub(super) fn decode(bytes: &[u8], page: DocumentPage, size: Size) -> Result<Pixels, Error> {
    let too_large = |_| Error::Unsupported("the page is too large to be drawn");
    let width = u16::try_from(size.width()).map_err(too_large)?;
    let height = u16::try_from(size.height()).map_err(too_large)?;
    with_page(bytes, page.number, |page, _| {
        let (own_width, own_height) = page.render_dimensions();
        let across = f64::from(width) / f64::from(own_width);
        let down = f64::from(height) / f64::from(own_height);
        let transform = Affine::scale_non_uniform(across, down) * page.initial_transform(true).to_kurbo();
        let mut context = RenderContext::new(width, height);
        let settings = InterpreterSettings::default();
        render_into(
            page,
            &RenderCache::new(),
            &settings,
            &RenderSettings::default(),
            &mut context,
            transform,
        );
        context.flush();
        let mut canvas = Pixmap::new(width, height);
        let on_white = RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..Default::default() };
        context.render_with(&mut canvas, &mut Resources::default(), on_white);
        let samples = canvas.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect();
        Ok(Pixels { samples, size, channels: Channels::Rgb })
    })
}

#[cfg(test)]
mod tests;
