//! Text, drawn with the bundled faces.

use codecs::planes::Sampling;

use super::{encoded, picture, svg};

/// The columns and rows of dark pixels: first column, first row, last column, last row.
fn extent(content: &str) -> Option<[u32; 4]> {
    let picture = picture(svg(content).as_bytes(), "w=400,fm=png").unwrap();
    let dark = picture.enumerate_pixels().filter(|(.., pixel)| pixel.0[3] > 128);
    dark.fold(None, |extent, (x, y, _)| {
        let [left, top, right, bottom] = extent.unwrap_or([x, y, x, y]);
        Some([left.min(x), top.min(y), right.max(x), bottom.max(y)])
    })
}

fn width(content: &str) -> u32 {
    extent(content).map_or(0, |[left, _, right, _]| right - left + 1)
}

#[test]
fn letters_of_latin_greek_and_cyrillic_are_drawn_in_every_family() {
    for family in
        ["sans-serif", "serif", "monospace", "Helvetica, Arial", "'Courier New'", "Unknown", "Inter"]
    {
        for text in ["Ag", "éß", "αΩ", "Жд", "→±", "אב", " "] {
            let wide =
                width(&format!("<text x='5' y='35' font-size='30' font-family=\"{family}\">{text}</text>"));
            assert_eq!(wide > 40, text != " ", "{family}: {text}: {wide}");
        }
    }
}

#[test]
fn text_has_the_widths_of_common_faces() {
    // Ten digits of Arial and of Times New Roman are 5.56 and 5 times as wide as high, those of Courier 6 times.
    let check = |style: &str, expected: u32| {
        let content = format!("<text x='1' y='30' font-size='10' style=\"{style}\">0000000000</text>");
        let got = width(&content);
        assert!(got.abs_diff(expected) <= 4, "{style}: {got}");
    };
    check("font-family:Arial", 221);
    check("", 198);
    check("font-family:'Courier New'", 236);
    check("font:10px Helvetica", 221);
    check("font-family:Arial;letter-spacing:2px", 293);
    check("font:bold 1em Arial;font-size:10px", 221);
}

#[test]
fn anchors_spans_and_transforms_of_letters_are_known() {
    let whole = |content: &str| extent(content).unwrap();
    let [left, ..] = whole("<text x='50' y='30' font-size='10'>HH</text>");
    let [_, _, right, _] = whole("<text x='50' y='30' font-size='10' style='text-anchor:end'>HH</text>");
    assert!(left >= 200 && right <= 200, "{left}, {right}");
    let large = whole("<text x='5' y='30' font-size='10'>ab</text>");
    let small = whole("<text x='5' y='30' font-size='10' style='text-transform:uppercase'>ab</text>");
    assert!(small[1] + 2 <= large[1] + 4 && small != large);
    assert!(width("<text x='5' y='30' font-size='10'>a<tspan x='60'>b</tspan></text>") > 200);
    assert!(
        width(
            "<defs><path id='p' d='M5 30H90'/></defs><text font-size='20'><textPath href='#p'>path</textPath></text>"
        ) > 80
    );
}

#[test]
fn hidden_and_unused_text_refuses_nothing() {
    for content in [
        "<text display='none'>漢</text>",
        "<text visibility='hidden'>漢</text>",
        "<style>text{display:none}</style><text>漢</text>",
        "<g style='display:none'><text>漢</text></g>",
        "<defs><text id='t'>漢</text></defs>",
        "<symbol><text>漢</text></symbol>",
        "<title>漢</title><desc>漢</desc>",
        "<text x='1' y='20'> &#x200d;&#xfe0f;&#xad; </text>",
    ] {
        assert_eq!(extent(content), None, "{content}");
    }
}

#[test]
fn text_without_a_face_is_refused_with_its_character() {
    for text in ["<text>漢字</text>", "<defs><text id='t'>a漢</text></defs><use href='#t'/>"] {
        let error = picture(svg(text).as_bytes(), "w=100,fm=png").unwrap_err().to_string();
        assert!(error.contains('漢') && error.contains("U+6F22"), "{error}");
    }
}

#[test]
fn saturated_text_has_all_of_its_chroma_in_a_jpeg() {
    let sampling = |fill: &str| {
        let words = "<text y='9' font-size='9'>Sale today and tomorrow</text>";
        let lines = (0..5)
            .map(|n| format!("<g transform='translate(0 {})'>{words}</g>", n * 10))
            .collect::<Vec<_>>()
            .concat();
        let text = svg(&format!("<rect width='100' height='50' fill='#fff'/><g fill='{fill}'>{lines}</g>"));
        let jpeg = encoded(text.as_bytes(), "w=400,fm=jpeg").unwrap();
        codecs::jpeg::read_header(&jpeg.bytes).unwrap().sampling
    };
    assert_eq!(sampling("red"), Some(Sampling::Full));
    assert_eq!(sampling("black"), Some(Sampling::Half));
}
