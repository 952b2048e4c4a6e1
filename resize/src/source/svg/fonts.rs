//! The faces of text: Arimo, Tinos and Cousine, which have the widths of Arial, Times New Roman and Courier New, and
//! `DejaVu` Sans for characters that they lack. A deployment can add faces.

use std::sync::{Arc, OnceLock};

use resvg::usvg::fontdb::{Database, Family, ID, Query, Source, Stretch, Style, Weight};
use resvg::usvg::{Font, FontResolver, FontStretch, FontStyle, Options};
use svgtypes::FontFamily;

use crate::error::Error;

const FACES: [&[u8]; 11] = [
    include_bytes!("../../../fonts/Arimo-Regular.ttf"),
    include_bytes!("../../../fonts/Arimo-Bold.ttf"),
    include_bytes!("../../../fonts/Arimo-Italic.ttf"),
    include_bytes!("../../../fonts/Arimo-BoldItalic.ttf"),
    include_bytes!("../../../fonts/Tinos-Regular.ttf"),
    include_bytes!("../../../fonts/Tinos-Bold.ttf"),
    include_bytes!("../../../fonts/Tinos-Italic.ttf"),
    include_bytes!("../../../fonts/Tinos-BoldItalic.ttf"),
    include_bytes!("../../../fonts/Cousine-Regular.ttf"),
    include_bytes!("../../../fonts/Cousine-Bold.ttf"),
    include_bytes!("../../../fonts/DejaVuSans.ttf"),
];

/// Families that a deployment may lack, and the words in their names.
const SANS: &[&str] = &[
    "arial",
    "helvetica",
    "verdana",
    "tahoma",
    "segoe",
    "roboto",
    "inter",
    "sans",
    "system",
    "ubuntu",
    "lato",
    "montserrat",
    "poppins",
    "calibri",
    "trebuchet",
    "gothic",
    "grotesk",
    "source",
    "nunito",
    "raleway",
    "oswald",
    "myriad",
    "futura",
    "avenir",
    "frutiger",
    "univers",
    "impact",
    "gill",
    "geneva",
    "lucida",
    "-apple-system",
    "blinkmacsystemfont",
    "ui-rounded",
    "comic",
    "cantarell",
    "barlow",
    "rubik",
    "manrope",
    "figtree",
    "jakarta",
];
const MONOSPACE: &[&str] =
    &["courier", "mono", "consolas", "menlo", "monaco", "code", "console", "terminal", "typewriter"];

/// A character of a drawing that no face has.
pub(super) type Missing = Arc<OnceLock<char>>;

static ADDED: OnceLock<Vec<Vec<u8>>> = OnceLock::new();

/// Adds faces, each in its file of TrueType or OpenType, before the first drawing with text is read. They take
/// precedence where a drawing names their family, and for characters that the bundled faces lack.
#[cfg(feature = "edge")]
pub(crate) fn add_faces(files: Vec<Vec<u8>>) {
    // A second call has no effect.
    let _ = ADDED.set(files);
}

fn database() -> Arc<Database> {
    static DATABASE: OnceLock<Arc<Database>> = OnceLock::new();
    let load = || {
        let mut database = Database::new();
        for face in FACES {
            database.load_font_source(Source::Binary(Arc::new(face)));
        }
        for face in ADDED.get().into_iter().flatten() {
            database.load_font_source(Source::Binary(Arc::new(face.as_slice())));
        }
        database.set_sans_serif_family("Arimo");
        database.set_serif_family("Tinos");
        database.set_monospace_family("Cousine");
        database.set_cursive_family("Arimo");
        database.set_fantasy_family("Arimo");
        Arc::new(database)
    };
    Arc::clone(DATABASE.get_or_init(load))
}

/// Options that draw text, and that report a character which no face has.
pub(super) fn options(missing: &Missing) -> Options<'static> {
    let missing = Arc::clone(missing);
    let find = FontResolver::default_fallback_selector();
    let select_fallback = move |character: char, used: &[ID], database: &mut Arc<Database>| {
        let found = find(character, used, database);
        if found.is_none() && is_drawn(character) {
            missing.get_or_init(|| character);
        }
        found
    };
    let font_resolver = FontResolver {
        select_font: Box::new(|font, database| face(font, database)),
        select_fallback: Box::new(select_fallback),
    };
    Options {
        fontdb: database(),
        font_family: "Tinos".to_owned(),
        font_size: 16.0,
        font_resolver,
        ..Options::default()
    }
}

/// Fails if a face was missing.
pub(super) fn result(missing: &Missing) -> Result<(), Error> {
    missing.get().map_or(Ok(()), |character| Err(Error::NoGlyph { character: *character }))
}

/// `true` if a character leaves a mark. Others control their neighbours, and faces needn't have them.
fn is_drawn(character: char) -> bool {
    let is_ignored = matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    );
    !is_ignored && !character.is_control() && !character.is_whitespace()
}

/// The face for the first family that there is, or that is like one.
fn face(font: &Font, database: &Database) -> Option<ID> {
    let families = font.families().iter().flat_map(|family| match family {
        FontFamily::Serif => [Family::Serif, Family::Serif],
        FontFamily::SansSerif => [Family::SansSerif, Family::SansSerif],
        FontFamily::Cursive => [Family::Cursive, Family::Cursive],
        FontFamily::Fantasy => [Family::Fantasy, Family::Fantasy],
        FontFamily::Monospace => [Family::Monospace, Family::Monospace],
        FontFamily::Named(name) => [Family::Name(name), like(name).unwrap_or(Family::Name(name))],
    });
    let families: Vec<Family<'_>> = families.chain([Family::Serif]).collect();
    let stretch = match font.stretch() {
        FontStretch::UltraCondensed => Stretch::UltraCondensed,
        FontStretch::ExtraCondensed => Stretch::ExtraCondensed,
        FontStretch::Condensed => Stretch::Condensed,
        FontStretch::SemiCondensed => Stretch::SemiCondensed,
        FontStretch::Normal => Stretch::Normal,
        FontStretch::SemiExpanded => Stretch::SemiExpanded,
        FontStretch::Expanded => Stretch::Expanded,
        FontStretch::ExtraExpanded => Stretch::ExtraExpanded,
        FontStretch::UltraExpanded => Stretch::UltraExpanded,
    };
    let style = match font.style() {
        FontStyle::Normal => Style::Normal,
        FontStyle::Italic => Style::Italic,
        FontStyle::Oblique => Style::Oblique,
    };
    database.query(&Query { families: &families, weight: Weight(font.weight()), stretch, style })
}

/// The generic family of a family by its name.
fn like(name: &str) -> Option<Family<'static>> {
    let name = name.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(MONOSPACE) {
        Some(Family::Monospace)
    } else if name.contains("serif") && !name.contains("sans") {
        Some(Family::Serif)
    } else if has(SANS) {
        Some(Family::SansSerif)
    } else {
        None
    }
}
