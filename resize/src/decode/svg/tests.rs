//! Drawings that are rendered, and files that are refused.

use super::*;

fn drawn(content: &str) -> Result<Pixels, Error> {
    let text = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='8' height='8'>{content}</svg>"
    );
    probe(text.as_bytes()).and_then(|info| decode(text.as_bytes(), info.size))
}

#[test]
fn nothing_outside_the_file_is_drawn_and_nothing_in_it_runs() {
    for content in [
        "<image href='file:///etc/passwd' width='8' height='8'/>",
        "<image href='/etc/hostname' width='8' height='8'/>",
        "<image xlink:href='http://127.0.0.1:1/a.png' width='8' height='8'/>",
        "<image href='data:image/svg+xml,&lt;svg/&gt;' width='8' height='8'/>",
        "<image href='data:image/png;base64,AAAA' width='8' height='8'/>",
        "<use href='http://127.0.0.1:1/a.svg#b'/>",
        "<script>document.write('x')</script>",
        "<style>@import url('http://127.0.0.1:1/a.css');</style>",
    ] {
        let pixels = drawn(content).unwrap();
        assert!(pixels.samples.iter().all(|sample| *sample == 0), "{content}");
    }
}

#[test]
fn alpha_is_straight() {
    let pixels = drawn("<rect width='8' height='8' fill='#f00' fill-opacity='0.5'/>").unwrap();
    let [red, green, blue, alpha] = pixels.samples.as_chunks::<4>().0[0];
    assert!(red >= 254 && green == 0 && blue == 0 && alpha.abs_diff(128) <= 1, "{red} {alpha}");
}

#[test]
fn text_is_drawn_unless_no_font_has_its_characters() {
    let pixels = drawn("<text y='8'>hello</text>").unwrap();
    assert!(pixels.samples.iter().any(|sample| *sample > 128));
    assert!(matches!(drawn("<text y='8'>漢</text>"), Err(Error::NoGlyph { character: '漢' })));
    assert!(drawn(&format!("<text y='8'>{}</text>", "a".repeat(200_000))).is_err());
}

#[test]
fn references_that_multiply_are_refused() {
    let entities: String = (1..9)
        .map(|n| format!("<!ENTITY e{n} '{}'>", format!("&e{};", n - 1).repeat(10)))
        .collect::<Vec<_>>()
        .concat();
    let bomb = format!(
        "<!DOCTYPE svg [<!ENTITY e0 '<g/>'>{entities}]><svg xmlns='http://www.w3.org/2000/svg'>&e8;</svg>"
    );
    assert!(probe(bomb.as_bytes()).is_err());

    let nested = |make: fn(usize, &str) -> String, name: &str| -> String {
        (1..10)
            .map(|n| {
                make(
                    n,
                    &format!("<rect width='8' height='8' {name}/>")
                        .replace('N', &(n - 1).to_string())
                        .repeat(10),
                )
            })
            .collect()
    };
    let uses: String = (1..10)
        .map(|n| format!("<g id='u{n}'>{}</g>", format!("<use href='#u{}'/>", n - 1).repeat(10)))
        .collect::<Vec<_>>()
        .concat();
    assert!(drawn(&format!("<rect id='u0' width='8' height='8'/>{uses}")).is_err());
    let masks = nested(|n, content| format!("<mask id='m{n}'>{content}</mask>"), "mask='url(#mN)'");
    assert!(drawn(&format!("{masks}<rect width='8' height='8' mask='url(#m9)'/>")).is_err());
    let patterns = nested(
        |n, content| format!("<pattern id='p{n}' width='1' height='1'>{content}</pattern>"),
        "style='fill:url(#pN)'",
    );
    assert!(drawn(&format!("{patterns}<rect width='8' height='8' fill='url(#p9)'/>")).is_err());

    let path = "M0 0".to_owned() + &"L1 1".repeat(20_000);
    let marker = format!("<marker id='k'>{}</marker>", "<rect width='1' height='1'/>".repeat(1000));
    assert!(drawn(&format!("{marker}<path d='{path}' marker-mid='url(#k)'/>")).is_err());

    let octaves = "<filter id='f'><feTurbulence baseFrequency='1' numOctaves='2000000000'/></filter><rect width='8' height='8' filter='url(#f)'/>";
    assert!(drawn(octaves).is_err());
}

#[test]
fn recursive_and_deeply_nested_drawings_terminate() {
    let _ = drawn("<g id='a'><use href='#a'/></g>");
    let _ = drawn(
        "<mask id='m' mask='url(#m)'><rect mask='url(#m)'/></mask><rect width='8' height='8' mask='url(#m)'/>",
    );
    let _ = drawn(&("<g>".repeat(20_000) + &"</g>".repeat(20_000)));
    let _ = drawn(&("<g opacity='0.5'>".repeat(900) + "<rect width='8' height='8'/>" + &"</g>".repeat(900)));
    let chain: String =
        (1..900).map(|n| format!("<g id='c{n}'><use href='#c{}'/></g>", n - 1)).collect::<Vec<_>>().concat();
    let _ = drawn(&format!("<rect id='c0' width='8' height='8'/>{chain}"));
}

#[test]
fn filters_that_keep_too_many_large_buffers_are_refused() {
    let filtered = |primitives: usize| {
        let region = "x='-200%' y='-200%' width='500%' height='500%'";
        let tiles = "<feTile/>".repeat(primitives);
        let content =
            format!("<filter id='f' {region}>{tiles}</filter><rect width='8' height='8' filter='url(#f)'/>");
        let text = format!("<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'>{content}</svg>");
        decode(text.as_bytes(), Size::new(640, 640).unwrap())
    };
    assert!(filtered(3).is_ok());
    assert!(matches!(filtered(30), Err(Error::Unsupported(reason)) if reason.contains("memory")));
}

#[test]
fn shapes_that_reach_far_beyond_the_picture_are_refused() {
    let reason = |content: &str| match drawn(content) {
        Ok(_) => "drawn".to_owned(),
        Err(error) => error.to_string(),
    };
    let image = "<image width='2147483647' height='9' href='data:image/svg+xml;utf8,&lt;svg xmlns=&quot;http://www.w3.org/2000/svg&quot;/&gt;'/>";
    for (content, expected) in [
        ("<circle cx='4' cy='4' r='2147483647' transform='rotate(30)'/>", "reach too far"),
        ("<path d='M0 0L9 9A3 3 0 0 1 4294967295 2z'/>", "reach too far"),
        ("<path d='M0 0L9 9' stroke='red' stroke-width='2147483648'/>", "reach too far"),
        ("<path d='M9 7v1h-28808594' transform='scale(2 1)'/>", "reach too far"),
        (
            "<filter id='f'><feOffset dx='2147483648'/></filter><rect width='8' height='8' filter='url(#f)'/>",
            "reach too far",
        ),
        (
            "<pattern id='p' width='1' height='1'><rect width='1' height='99999999'/></pattern><rect width='8' height='8' fill='url(#p)'/>",
            "reach too far",
        ),
        (image, "too large or too far"),
        ("<rect x='-100000' y='-100000' width='200000' height='200000'/>", "drawn"),
        ("<path d='M0 0L9 9' stroke='red' stroke-width='100000'/>", "drawn"),
    ] {
        assert!(reason(content).contains(expected), "{content}: {}", reason(content));
    }
}

#[test]
fn dashes_that_take_too_much_memory_or_time_are_refused() {
    let dashed = |dash: f64, side: u32| {
        let text = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'>\
             <path d='M0 0L9 9Q5 5 9 0z' fill='none' stroke='red' stroke-dasharray='{dash}'/></svg>"
        );
        decode(text.as_bytes(), Size::new(side, side).unwrap())
    };
    assert!(dashed(0.1, 640).is_ok());
    assert!(matches!(dashed(0.0001, 640), Err(Error::Unsupported(reason)) if reason.contains("memory")));
    // A hairline takes less.
    assert!(dashed(0.0001, 8).is_ok());
    assert!(matches!(dashed(0.000_02, 8), Err(Error::Unsupported(reason)) if reason.contains("too long")));
}
