//! Output formats, and their negotiation with the viewer.

use std::fmt;

/// An output format of variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// JPEG, baseline, 4:2:0.
    Jpeg,
    /// PNG, 8 bits a channel.
    Png,
    /// WebP, still or animated.
    Webp,
    /// AVIF, 8 bits a channel, 4:2:0.
    Avif,
    /// GIF, still or animated: at most 255 colours a frame and one fully transparent colour.
    Gif,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Jpeg, Self::Png, Self::Webp, Self::Avif, Self::Gif];

    /// The value of `fm`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Avif => "avif",
            Self::Gif => "gif",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
            Self::Gif => "image/gif",
        }
    }

    /// The file name extension, without its dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Avif => "avif",
            Self::Gif => "gif",
        }
    }

    /// `true` if the encoder has a quality, which `q` sets.
    pub const fn has_quality(self) -> bool {
        match self {
            Self::Jpeg | Self::Webp | Self::Avif => true,
            Self::Png | Self::Gif => false,
        }
    }

    /// `true` if the format can hold several frames. Tintype writes only still AVIF and PNG.
    pub const fn is_animatable(self) -> bool {
        match self {
            Self::Webp | Self::Gif => true,
            Self::Jpeg | Self::Png | Self::Avif => false,
        }
    }
}

/// The class of a viewer's `Accept` header: which of the newer formats the viewer reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AcceptClass {
    /// The viewer prefers AVIF and may read WebP as well.
    Avif,
    /// The viewer reads WebP and not AVIF, or prefers WebP.
    Webp,
    /// The viewer reads only JPEG, PNG and GIF, as every viewer does.
    Base,
}

impl AcceptClass {
    /// Every class.
    pub const ALL: [Self; 3] = [Self::Avif, Self::Webp, Self::Base];

    /// The class of an `Accept` header. Wildcards don't count: `*/*` alone is [`AcceptClass::Base`].
    pub fn of(accept: &str) -> Self {
        let (mut avif, mut webp) = (0, 0);
        for range in accept.split(',') {
            let range: String = range.chars().filter(|c| !matches!(c, ' ' | '\t')).collect();
            let mut parts = range.split(';');
            let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts
                .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
                .map_or(1000, weight_in_thousandths);
            match media_type.as_str() {
                "image/avif" => avif = avif.max(weight),
                "image/webp" => webp = webp.max(weight),
                _ => {}
            }
        }
        match (avif, webp) {
            (0, 0) => Self::Base,
            (avif, webp) if avif >= webp => Self::Avif,
            _ => Self::Webp,
        }
    }

    /// The name in canonical text, after `fm=auto.`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Avif => "avif",
            Self::Webp => "webp",
            Self::Base => "base",
        }
    }
}

/// A weight of RFC 9110, section 12.4.2, in thousandths, 0 to 1000. A malformed weight counts as 0, "not acceptable".
fn weight_in_thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return 0;
    }
    let thousandths = format!("{fraction:0<3}").parse().unwrap_or(0);
    match whole {
        "0" => thousandths,
        "1" if thousandths == 0 => 1000,
        _ => 0,
    }
}

/// The requested format of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FormatChoice {
    /// A fixed format.
    Fixed(Format),
    /// The best format for the source among those that the viewer reads.
    Auto(AcceptClass),
    /// No picture, but a description of the source as JSON.
    Info,
}

impl fmt::Display for FormatChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(format) => f.write_str(format.name()),
            Self::Auto(class) => write!(f, "auto.{}", class.name()),
            Self::Info => f.write_str("json"),
        }
    }
}

impl FormatChoice {
    /// The choice that [`fmt::Display`] writes as `text`. `None` for any other text.
    pub fn from_canonical(text: &str) -> Option<Self> {
        let fixed = || Format::ALL.into_iter().map(Self::Fixed);
        let auto = || AcceptClass::ALL.into_iter().map(Self::Auto);
        fixed().chain(auto()).chain([Self::Info]).find(|choice| choice.to_string() == text)
    }

    /// The format whose encoder gets `q`: of an automatic choice, the one that photos get. `None` if `q` has no effect.
    pub const fn format_with_quality(self) -> Option<Format> {
        match self {
            Self::Fixed(format @ (Format::Jpeg | Format::Webp | Format::Avif)) => Some(format),
            Self::Auto(AcceptClass::Avif) => Some(Format::Avif),
            Self::Auto(AcceptClass::Webp) => Some(Format::Webp),
            Self::Auto(AcceptClass::Base) => Some(Format::Jpeg),
            Self::Fixed(Format::Png | Format::Gif) | Self::Info => None,
        }
    }

    /// `true` if `q` can change the result.
    pub const fn has_quality(self) -> bool {
        self.format_with_quality().is_some()
    }

    /// `true` if the result can be WebP, so that `lossless` can change it.
    pub const fn may_be_lossless_webp(self) -> bool {
        match self {
            Self::Fixed(Format::Webp) | Self::Auto(AcceptClass::Avif | AcceptClass::Webp) => true,
            Self::Fixed(Format::Jpeg | Format::Png | Format::Avif | Format::Gif)
            | Self::Auto(AcceptClass::Base)
            | Self::Info => false,
        }
    }
}

/// The kind of picture in a source, which decides the format of an automatic variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// A photo: no pixel is transparent, and the source has lossy compression.
    Photo,
    /// A drawing or a screenshot: no pixel is transparent, and the source is lossless.
    Graphic,
    /// Pixels may be transparent.
    Alpha,
    /// Several frames, with or without transparency, which both animated formats support.
    Animation,
}

impl Content {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Photo, Self::Graphic, Self::Alpha, Self::Animation];
}

/// The format of an automatic variant. It keeps alpha and animation, and the viewer reads it.
///
/// AVIF is chosen only if `avif_is_worth_it`: encoding takes time, and small pictures are larger as AVIF than
/// as WebP. AVIF is never chosen for pictures with alpha: WebP keeps alpha exactly, and AVIF is not always smaller.
pub const fn negotiate(class: AcceptClass, content: Content, avif_is_worth_it: bool) -> Format {
    match (class, content) {
        (AcceptClass::Avif, Content::Photo) if avif_is_worth_it => Format::Avif,
        (
            AcceptClass::Avif | AcceptClass::Webp,
            Content::Photo | Content::Graphic | Content::Alpha | Content::Animation,
        ) => Format::Webp,
        (AcceptClass::Base, Content::Photo) => Format::Jpeg,
        (AcceptClass::Base, Content::Graphic | Content::Alpha) => Format::Png,
        (AcceptClass::Base, Content::Animation) => Format::Gif,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accept_header_has_one_class() {
        let check = |accept: &str, expected| assert_eq!(AcceptClass::of(accept), expected, "{accept:?}");
        check("", AcceptClass::Base);
        check("*/*", AcceptClass::Base);
        check("image/*", AcceptClass::Base);
        check("image/avif,image/webp,*/*", AcceptClass::Avif);
        check("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", AcceptClass::Avif);
        check("image/webp,*/*;q=0.8", AcceptClass::Webp);
        check("IMAGE/WebP", AcceptClass::Webp);
        check("image/avif;q=0,image/webp", AcceptClass::Webp);
        check("image/avif;q=0.000, image/webp;q=0", AcceptClass::Base);
        check("image/avif;q=0.5, image/webp;q=0.9", AcceptClass::Webp);
        check("image/avif ; q=0.9 , image/webp;q=0.9", AcceptClass::Avif);
        check("image/avif;q=2,image/webp;q=x", AcceptClass::Base);
        check("image/webp;level=1;q=0.1", AcceptClass::Webp);
        check("text/html,,;;=", AcceptClass::Base);
    }

    #[test]
    fn every_negotiated_format_keeps_alpha_and_animation_and_is_read_by_the_viewer() {
        let check = |content, avif_is_worth_it, expected: [Format; 3]| {
            let got = AcceptClass::ALL.map(|class| negotiate(class, content, avif_is_worth_it));
            assert_eq!(got, expected, "{content:?}, AVIF worth it: {avif_is_worth_it}");
        };
        // The formats for viewers that read AVIF, for those that read only WebP, and for those that read neither.
        check(Content::Photo, true, [Format::Avif, Format::Webp, Format::Jpeg]);
        check(Content::Photo, false, [Format::Webp, Format::Webp, Format::Jpeg]);
        check(Content::Graphic, true, [Format::Webp, Format::Webp, Format::Png]);
        check(Content::Graphic, false, [Format::Webp, Format::Webp, Format::Png]);
        check(Content::Alpha, true, [Format::Webp, Format::Webp, Format::Png]);
        check(Content::Alpha, false, [Format::Webp, Format::Webp, Format::Png]);
        check(Content::Animation, true, [Format::Webp, Format::Webp, Format::Gif]);
        check(Content::Animation, false, [Format::Webp, Format::Webp, Format::Gif]);
    }

    #[test]
    fn a_choice_round_trips_through_its_canonical_text() {
        for text in ["jpeg", "png", "webp", "avif", "gif", "auto.avif", "auto.webp", "auto.base", "json"] {
            assert_eq!(FormatChoice::from_canonical(text).unwrap().to_string(), text);
        }
        assert_eq!(FormatChoice::from_canonical("auto"), None);
        assert_eq!(FormatChoice::from_canonical("jpg"), None);
    }
}
