//! Everything that will be done to a source, decided by arithmetic before any pixel is touched.

pub(crate) mod cost;
pub mod geometry;
pub mod jpeg;

use contract::color::Color;
use contract::format::{Content, Format, FormatChoice, negotiate};
use contract::variant::{Fit, FrameNumber, QualityChoice, Side, Variant};

use self::jpeg::{JpegPlan, Wanted};
use crate::pixels::Size;
use crate::pixels::orientation::Orientation;
use crate::pixels::rect::Rect;
use crate::plan::geometry::{Framing, frame_region, region};
use crate::planar::{self, Planar};
use crate::settings::Settings;
use crate::source::info::{Depth, SourceFormat, SourceInfo};
use crate::steps::pad::Canvas;
use crate::steps::row_means::{averaged, rows_to_spare};

/// An animation's decoder holds, in RGBA: its canvas, what was there before, the frame as it is stored, as it
/// was decompressed, and composed.
const BYTES_A_CANVAS_PIXEL: u64 = 5 * 4;

/// What WebP's lossless encoder takes more than the one with loss, for its chains of what is alike; it has its turn
/// at the frames of an animation too. Measured at 2000 × 2000 pixels of noise.
const LOSSLESS_BYTES_A_PIXEL: u64 = 36;

/// What will be done.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a decision of its own, and the names are read")]
pub struct Plan {
    /// How a JPEG is decoded.
    pub jpeg: Option<JpegPlan>,
    /// How many rows become one as they are decoded, 1 to 64, where a decoder gives them one by one.
    pub rows_a_mean: u32,
    /// The size that comes out of the decoder.
    pub decoded: Size,
    /// The part of the decoded picture that is shown; edges may lie between pixels.
    pub shown: Rect,
    /// The size that it is resampled to, before orientation.
    pub resampled: Size,
    /// How it is turned then.
    pub orientation: Orientation,
    /// How it goes by way of planes of luma and chroma, if it does.
    pub planar: Option<Planar>,
    /// What goes under transparency.
    pub background: Option<Color>,
    /// How strongly it is blurred, 0 (not) to 2000.
    pub blur: u16,
    /// How strongly it is sharpened, 0 (not) to 100.
    pub sharpness: u8,
    /// What is laid around it.
    pub canvas: Option<Canvas>,
    /// All frames come out; else one.
    pub is_animated: bool,
    /// The frame that comes out, where it is one of several; none is the first.
    pub frame: Option<FrameNumber>,
    /// What comes out.
    pub format: Format,
    /// How the encoder's quality is chosen.
    pub quality: QualityChoice,
    /// WebP is encoded without loss.
    pub is_lossless: bool,
    /// The content is flat and sharp: worth a slower lossless compression.
    pub is_graphic: bool,
    /// The source's own bytes would do as well, if they are fewer.
    pub may_serve_source: bool,
    codec_bytes: u64,
    decoded_bytes: u64,
    resampled_bytes: u64,
    finish_bytes: u64,
}

impl Plan {
    /// The plan for a variant of a source, settled if anything of it depends on the picture.
    pub fn new(source: &SourceInfo, variant: &Variant, settings: &Settings) -> Self {
        let may_move = source.frames() > 1 && variant.frame().is_none();
        let own = source.upright_size();
        let upright = drawn_size(source, variant, settings.limits.output_side);
        let region = region(variant.cutout(), own, upright);
        let framing = frame_region(region, variant, settings.limits.output_side);
        let Framing { shown, output, canvas } = framing;
        let format = match variant.format() {
            FormatChoice::Fixed(format) => format,
            FormatChoice::Auto(class) => {
                let content = if may_move { Content::Animation } else { source.content() };
                negotiate(class, content, is_avif_better(&framing, variant, settings))
            }
            // What is known of a source needs a picture that is never encoded.
            FormatChoice::Info => Format::Png,
        };
        let is_animated = may_move && format.is_animatable();
        let orientation = source.orientation.then(Orientation::from_turn(variant.turn()));
        let shown = source.orientation.stored_rect(shown, upright);
        let resampled = orientation.upright_size(output);
        let is_lossy = is_lossy(format) && !variant.is_lossless();
        let wanted = Wanted { shown, resampled, is_lossy, profile: settings.profile };
        let jpeg = source.jpeg().map(|info| JpegPlan::new(info, settings.jpeg_decoder, wanted));
        let rows_a_mean = rows_a_mean(source, shown, resampled);
        let (decoded, shown) = if source.format == SourceFormat::Svg {
            drawing(upright, shown, resampled)
        } else if rows_a_mean > 1 {
            averaged(source.size, shown, rows_a_mean)
        } else {
            let eighths = jpeg.map_or(8, JpegPlan::eighths);
            let decoded = jpeg.map_or(source.size, |jpeg| jpeg.decoded(source.size));
            (decoded, shown.stretched(f64::from(eighths) / 8.0, f64::from(eighths) / 8.0))
        };
        let shown = shown.within(decoded);
        let whole = Framing { shown: Rect::whole(upright), output: upright, canvas: upright };
        let is_finished = variant.blur() != 0 || variant.sharpness() != 0;
        let is_untouched =
            framing == whole && variant.fit() != Fit::Clip && variant.background().is_none() && !is_finished;
        let canvas = (canvas != output).then(|| Canvas { size: canvas, color: padding(variant, format) });
        let needs_pixels = is_finished || canvas.is_some();
        // An animation's canvas has no planes, and planes are encoded with loss.
        let planar = if source.animation.is_none() { Planar::new(source, jpeg, format) } else { None };
        let needs_pixels = needs_pixels || variant.is_lossless();
        let planar = planar.map(|planar| if needs_pixels { planar.to_pixels() } else { planar });
        let bytes_a_pixel = match source.animation {
            None => u64::from(source.channels.count()),
            Some(_) => BYTES_A_CANVAS_PIXEL,
        };
        Self {
            jpeg,
            rows_a_mean,
            decoded,
            shown,
            resampled,
            orientation,
            planar,
            background: background(variant, format, source),
            blur: variant.blur(),
            sharpness: variant.sharpness(),
            canvas,
            is_animated,
            frame: variant.frame(),
            format,
            quality: variant.quality().unwrap_or(QualityChoice::Fixed(settings.qualities.of(format))),
            is_lossless: variant.is_lossless(),
            is_graphic: source.is_lossless,
            may_serve_source: is_untouched
                && source.format.as_output() == Some(format)
                && is_animated == (source.frames() > 1)
                && orientation == Orientation::UPRIGHT
                && !source.has_metadata,
            codec_bytes: cost::decoder_bytes(source)
                + jpeg.map_or(0, |jpeg| jpeg.working_bytes(source))
                // One that is stored in an unusual way is decoded as a whole first.
                + if rows_a_mean > 1 { source.size.pixels() * bytes_a_pixel } else { 0 }
                + cost::encoder_bytes(format, framing.canvas),
            decoded_bytes: match (jpeg, planar) {
                (Some(jpeg), _) => jpeg.decoded_bytes(decoded, source.channels),
                (None, Some(_)) => planar::webp_bytes(decoded),
                (None, None) => decoded.pixels() * (bytes_a_pixel + cost::working_bytes_a_pixel(source)),
            },
            resampled_bytes: resampled.pixels() * u64::from(source.channels.count()).max(4),
            finish_bytes: finish_bytes(variant, output)
                + canvas.map_or(0, |canvas| canvas.size.pixels() * 4)
                + if is_animated || variant.is_lossless() {
                    LOSSLESS_BYTES_A_PIXEL * canvas.map_or(output, |canvas| canvas.size).pixels()
                } else {
                    0
                },
        }
    }

    /// Whether the decoder's pixels are shown as they are.
    pub fn is_resampled(&self) -> bool {
        self.shown != Rect::whole(self.decoded) || self.resampled != self.decoded
    }

    /// The most memory that this takes at once, in bytes, next to a source of `source_bytes`.
    ///
    /// While resampling the decoded picture, a picture resampled along one side and the result exist side by
    /// side; afterwards at most two pictures of the result's size and the encoder's own planes.
    pub fn peak_bytes(&self, source_bytes: u64) -> u64 {
        const RESAMPLED_COPIES: u64 = 3;
        let half_way =
            self.decoded_bytes / u64::from(self.decoded.height()) * u64::from(self.resampled.height());
        source_bytes
            + self.codec_bytes
            + self.decoded_bytes
            + half_way.min(self.decoded_bytes)
            + RESAMPLED_COPIES * self.resampled_bytes
            + self.finish_bytes
    }
}

/// Rows of a PNG are averaged while they are decoded, where that leaves enough of them. Not with alpha, by which colours
/// would have to be weighted.
fn rows_a_mean(source: &SourceInfo, shown: Rect, resampled: Size) -> u32 {
    let is_by_rows =
        source.format == SourceFormat::Png && source.animation.is_none() && source.depth == Depth::Eight;
    if is_by_rows && !source.channels.has_alpha() {
        rows_to_spare(shown.height, resampled.height())
    } else {
        1
    }
}

/// What blurring and sharpening need besides the picture: planes of 32-bit numbers, two of four channels for the
/// one, three of two for the other.
fn finish_bytes(variant: &Variant, output: Size) -> u64 {
    let blurring = if variant.blur() == 0 { 0 } else { 2 * 4 * 4 };
    let sharpening = if variant.sharpness() == 0 { 0 } else { 3 * 2 * 4 };
    output.pixels() * blurring.max(sharpening)
}

/// Whether AVIF is a better choice than WebP for a photo: not where WebP without loss is asked for, and not with alpha,
/// which padding with nothing is.
fn is_avif_better(framing: &Framing, variant: &Variant, settings: &Settings) -> bool {
    let has_clear_padding =
        framing.canvas != framing.output && variant.background().is_none_or(|color| color.alpha != 255);
    !variant.is_lossless()
        && !has_clear_padding
        && cost::is_avif_worth_it(framing.canvas, settings.avif_budget)
}

/// What shows around a filled picture: nothing, unless a colour is asked for or the format has no alpha.
fn padding(variant: &Variant, format: Format) -> Color {
    match (format, variant.background()) {
        (Format::Jpeg, Some(color)) => color.over(Color::WHITE),
        (Format::Jpeg, None) => Color::WHITE,
        (Format::Png | Format::Webp | Format::Avif | Format::Gif, Some(color)) => color,
        (Format::Png | Format::Webp | Format::Avif | Format::Gif, None) => {
            Color { red: 0, green: 0, blue: 0, alpha: 0 }
        }
    }
}

/// Whether a format is encoded with loss, unless asked otherwise, and chroma of half luma's size.
fn is_lossy(format: Format) -> bool {
    match format {
        Format::Jpeg | Format::Webp | Format::Avif => true,
        Format::Png | Format::Gif => false,
    }
}

/// The size that the upright picture is taken to have. A drawing has every size: as large as is asked for, and
/// no larger than `limit` a side.
fn drawn_size(source: &SourceInfo, variant: &Variant, limit: Side) -> Size {
    let size = source.upright_size();
    if source.format != SourceFormat::Svg {
        return size;
    }
    let (width, height) = (f64::from(size.width()), f64::from(size.height()));
    let part = region(variant.cutout(), size, size);
    let part = Orientation::from_turn(variant.turn()).upright_size(Size::rounded(part.width, part.height));
    let factor =
        |side: Option<Side>, own: u32| side.map_or(0.0, |side| f64::from(side.pixels()) / f64::from(own));
    let wanted = factor(variant.width(), part.width()).max(factor(variant.height(), part.height())).max(1.0);
    let largest = f64::from(limit.pixels()) / width.max(height);
    let factor = wanted.min(largest.max(1.0));
    Size::rounded(width * factor, height * factor)
}

/// The size in which a drawing is drawn so that its shown part needs hardly any resampling, and that part of it.
fn drawing(whole: Size, shown: Rect, resampled: Size) -> (Size, Rect) {
    let (width, height) = (f64::from(whole.width()), f64::from(whole.height()));
    let (across, down) =
        (f64::from(resampled.width()) / shown.width, f64::from(resampled.height()) / shown.height);
    let drawn = Size::rounded(width * across, height * down);
    let (across, down) = (f64::from(drawn.width()) / width, f64::from(drawn.height()) / height);
    if shown == Rect::whole(whole) {
        return (drawn, Rect::whole(drawn));
    }
    let Rect { left, top, width, height } = shown;
    let shown = Rect { left: left * across, top: top * down, width: width * across, height: height * down };
    (drawn, shown)
}

/// A format without alpha needs something under it. A frame may leave a part of the canvas open although no
/// pixel of the source is transparent.
fn background(variant: &Variant, format: Format, source: &SourceInfo) -> Option<Color> {
    let needs_one = match format {
        Format::Jpeg => source.content() == Content::Alpha || source.animation.is_some(),
        Format::Png | Format::Webp | Format::Avif | Format::Gif => false,
    };
    let over_white = |color: Color| {
        if needs_one { color.over(Color::WHITE) } else { color }
    };
    match variant.background() {
        Some(color) => Some(over_white(color)),
        None => needs_one.then_some(Color::WHITE),
    }
}

#[cfg(test)]
mod tests;
