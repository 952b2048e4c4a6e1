//! Colours in requests.

use std::fmt;

/// A colour in sRGB with straight alpha, 8 bits a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Color {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
    /// Opacity, 0 (transparent) to 255 (opaque).
    pub alpha: u8,
}

impl Color {
    /// Opaque white.
    pub const WHITE: Self = Self::opaque(0x00ff_ffff);

    /// The opaque colour `0xRRGGBB`.
    pub const fn opaque(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self { red, green, blue, alpha: 255 }
    }

    /// A colour by its name in CSS Color Module Level 4, or in hexadecimal digits in imgix's order, alpha first:
    /// `RGB`, `ARGB`, `RRGGBB` or `AARRGGBB`. Letters may be in upper case. `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_hex(text).or_else(|| Self::from_name(text))
    }

    /// A colour in hexadecimal digits: `RGB`, `ARGB`, `RRGGBB` or `AARRGGBB`. `None` for any other text.
    pub fn from_hex(text: &str) -> Option<Self> {
        if !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(text, 16).ok()?;
        let [alpha, red, green, blue] = match text.len() {
            3 => double_digits(value | 0xf000),
            4 => double_digits(value),
            6 => (value | 0xff00_0000).to_be_bytes(),
            8 => value.to_be_bytes(),
            _ => return None,
        };
        Some(Self { red, green, blue, alpha })
    }

    /// Composites this colour over another (source-over).
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        let (own, rest) =
            (u32::from(self.alpha) * 255, (255 - u32::from(self.alpha)) * u32::from(below.alpha));
        let total = own + rest;
        if total == 0 {
            return below;
        }
        let mix = |above: u8, below: u8| {
            ((u32::from(above) * own + u32::from(below) * rest + total / 2) / total) as u8
        };
        Self {
            red: mix(self.red, below.red),
            green: mix(self.green, below.green),
            blue: mix(self.blue, below.blue),
            alpha: ((total + 127) / 255) as u8,
        }
    }

    /// A colour by its CSS name in upper or lower case. `None` if no colour has the name.
    fn from_name(text: &str) -> Option<Self> {
        let name = text.to_ascii_lowercase();
        if name == "transparent" {
            return Some(Self { red: 0, green: 0, blue: 0, alpha: 0 });
        }
        let row = NAMES.binary_search_by_key(&name.as_str(), |(name, _)| name).ok()?;
        NAMES.get(row).map(|(_, rgb)| Self::opaque(*rgb))
    }

    /// Every named colour of CSS, including `transparent`.
    pub fn named() -> impl Iterator<Item = (&'static str, Self)> {
        NAMES
            .iter()
            .map(|(name, _)| *name)
            .chain(["transparent"])
            .filter_map(|name| Some((name, Self::from_name(name)?)))
    }
}

/// The four bytes that four hexadecimal digits stand for: each digit is doubled.
fn double_digits(value: u32) -> [u8; 4] {
    [12, 8, 4, 0].map(|shift| ((value >> shift) & 0xf) as u8 * 0x11)
}

/// Writes the canonical text: `rrggbb`, or `aarrggbb` if the colour isn't opaque.
impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.alpha != 255 {
            write!(f, "{:02x}", self.alpha)?;
        }
        write!(f, "{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// The named colours of CSS Color Module Level 4, section 6.1, sorted by name.
#[expect(clippy::unreadable_literal, reason = "0xRRGGBB is how colours are read")]
const NAMES: [(&str, u32); 148] = [
    ("aliceblue", 0xf0f8ff),
    ("antiquewhite", 0xfaebd7),
    ("aqua", 0x00ffff),
    ("aquamarine", 0x7fffd4),
    ("azure", 0xf0ffff),
    ("beige", 0xf5f5dc),
    ("bisque", 0xffe4c4),
    ("black", 0x000000),
    ("blanchedalmond", 0xffebcd),
    ("blue", 0x0000ff),
    ("blueviolet", 0x8a2be2),
    ("brown", 0xa52a2a),
    ("burlywood", 0xdeb887),
    ("cadetblue", 0x5f9ea0),
    ("chartreuse", 0x7fff00),
    ("chocolate", 0xd2691e),
    ("coral", 0xff7f50),
    ("cornflowerblue", 0x6495ed),
    ("cornsilk", 0xfff8dc),
    ("crimson", 0xdc143c),
    ("cyan", 0x00ffff),
    ("darkblue", 0x00008b),
    ("darkcyan", 0x008b8b),
    ("darkgoldenrod", 0xb8860b),
    ("darkgray", 0xa9a9a9),
    ("darkgreen", 0x006400),
    ("darkgrey", 0xa9a9a9),
    ("darkkhaki", 0xbdb76b),
    ("darkmagenta", 0x8b008b),
    ("darkolivegreen", 0x556b2f),
    ("darkorange", 0xff8c00),
    ("darkorchid", 0x9932cc),
    ("darkred", 0x8b0000),
    ("darksalmon", 0xe9967a),
    ("darkseagreen", 0x8fbc8f),
    ("darkslateblue", 0x483d8b),
    ("darkslategray", 0x2f4f4f),
    ("darkslategrey", 0x2f4f4f),
    ("darkturquoise", 0x00ced1),
    ("darkviolet", 0x9400d3),
    ("deeppink", 0xff1493),
    ("deepskyblue", 0x00bfff),
    ("dimgray", 0x696969),
    ("dimgrey", 0x696969),
    ("dodgerblue", 0x1e90ff),
    ("firebrick", 0xb22222),
    ("floralwhite", 0xfffaf0),
    ("forestgreen", 0x228b22),
    ("fuchsia", 0xff00ff),
    ("gainsboro", 0xdcdcdc),
    ("ghostwhite", 0xf8f8ff),
    ("gold", 0xffd700),
    ("goldenrod", 0xdaa520),
    ("gray", 0x808080),
    ("green", 0x008000),
    ("greenyellow", 0xadff2f),
    ("grey", 0x808080),
    ("honeydew", 0xf0fff0),
    ("hotpink", 0xff69b4),
    ("indianred", 0xcd5c5c),
    ("indigo", 0x4b0082),
    ("ivory", 0xfffff0),
    ("khaki", 0xf0e68c),
    ("lavender", 0xe6e6fa),
    ("lavenderblush", 0xfff0f5),
    ("lawngreen", 0x7cfc00),
    ("lemonchiffon", 0xfffacd),
    ("lightblue", 0xadd8e6),
    ("lightcoral", 0xf08080),
    ("lightcyan", 0xe0ffff),
    ("lightgoldenrodyellow", 0xfafad2),
    ("lightgray", 0xd3d3d3),
    ("lightgreen", 0x90ee90),
    ("lightgrey", 0xd3d3d3),
    ("lightpink", 0xffb6c1),
    ("lightsalmon", 0xffa07a),
    ("lightseagreen", 0x20b2aa),
    ("lightskyblue", 0x87cefa),
    ("lightslategray", 0x778899),
    ("lightslategrey", 0x778899),
    ("lightsteelblue", 0xb0c4de),
    ("lightyellow", 0xffffe0),
    ("lime", 0x00ff00),
    ("limegreen", 0x32cd32),
    ("linen", 0xfaf0e6),
    ("magenta", 0xff00ff),
    ("maroon", 0x800000),
    ("mediumaquamarine", 0x66cdaa),
    ("mediumblue", 0x0000cd),
    ("mediumorchid", 0xba55d3),
    ("mediumpurple", 0x9370db),
    ("mediumseagreen", 0x3cb371),
    ("mediumslateblue", 0x7b68ee),
    ("mediumspringgreen", 0x00fa9a),
    ("mediumturquoise", 0x48d1cc),
    ("mediumvioletred", 0xc71585),
    ("midnightblue", 0x191970),
    ("mintcream", 0xf5fffa),
    ("mistyrose", 0xffe4e1),
    ("moccasin", 0xffe4b5),
    ("navajowhite", 0xffdead),
    ("navy", 0x000080),
    ("oldlace", 0xfdf5e6),
    ("olive", 0x808000),
    ("olivedrab", 0x6b8e23),
    ("orange", 0xffa500),
    ("orangered", 0xff4500),
    ("orchid", 0xda70d6),
    ("palegoldenrod", 0xeee8aa),
    ("palegreen", 0x98fb98),
    ("paleturquoise", 0xafeeee),
    ("palevioletred", 0xdb7093),
    ("papayawhip", 0xffefd5),
    ("peachpuff", 0xffdab9),
    ("peru", 0xcd853f),
    ("pink", 0xffc0cb),
    ("plum", 0xdda0dd),
    ("powderblue", 0xb0e0e6),
    ("purple", 0x800080),
    ("rebeccapurple", 0x663399),
    ("red", 0xff0000),
    ("rosybrown", 0xbc8f8f),
    ("royalblue", 0x4169e1),
    ("saddlebrown", 0x8b4513),
    ("salmon", 0xfa8072),
    ("sandybrown", 0xf4a460),
    ("seagreen", 0x2e8b57),
    ("seashell", 0xfff5ee),
    ("sienna", 0xa0522d),
    ("silver", 0xc0c0c0),
    ("skyblue", 0x87ceeb),
    ("slateblue", 0x6a5acd),
    ("slategray", 0x708090),
    ("slategrey", 0x708090),
    ("snow", 0xfffafa),
    ("springgreen", 0x00ff7f),
    ("steelblue", 0x4682b4),
    ("tan", 0xd2b48c),
    ("teal", 0x008080),
    ("thistle", 0xd8bfd8),
    ("tomato", 0xff6347),
    ("turquoise", 0x40e0d0),
    ("violet", 0xee82ee),
    ("wheat", 0xf5deb3),
    ("white", 0xffffff),
    ("whitesmoke", 0xf5f5f5),
    ("yellow", 0xffff00),
    ("yellowgreen", 0x9acd32),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_has_one_canonical_text() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Color::parse(text).map(|color| color.to_string()).as_deref(), expected, "{text:?}");
        };
        check("fff", Some("ffffff"));
        check("8f00", Some("88ff0000"));
        check("ff00", Some("ff0000"));
        check("FF8800", Some("ff8800"));
        check("80ff8800", Some("80ff8800"));
        check("ffff8800", Some("ff8800"));
        check("white", Some("ffffff"));
        check("rebeccapurple", Some("663399"));
        check("transparent", Some("00000000"));
        check("Tomato", Some("ff6347"));
        check("REBECCAPURPLE", Some("663399"));
        check("Transparent", Some("00000000"));
        // The Kelvin sign is a K only outside ASCII.
        check("\u{212a}haki", None);
        check("ff", None);
        check("fffff", None);
        check("+ff", None);
        check("ggg", None);
        check("", None);
    }

    #[test]
    fn the_table_of_names_is_sorted_for_binary_search() {
        assert!(NAMES.is_sorted_by_key(|(name, _)| name));
        assert_eq!(Color::named().count(), NAMES.len() + 1);
    }
}
