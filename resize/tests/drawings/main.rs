//! Drawings in notations that browsers know: what they show is what Chrome shows.
#![cfg(test)]

#[path = "../support/rendering.rs"]
mod rendering;
mod sizes;
mod strokes;
mod text;

use std::time::Duration;

use image::RgbaImage;
use resize::error::Error;
use resize::pipeline::Encoded;

use rendering::rendered;

/// A drawing, places where it is green, and places where it is clear.
type Row<'a> = (&'a str, &'a [(u32, u32)], &'a [(u32, u32)]);

const GREEN: [u8; 4] = [0, 170, 0, 255];
const CLEAR: [u8; 4] = [0; 4];

/// The picture of a file in the size that the options ask for.
fn picture(bytes: &[u8], options: &str) -> Result<RgbaImage, Error> {
    encoded(bytes, options).map(|encoded| image::load_from_memory(&encoded.bytes).unwrap().into_rgba8())
}

fn encoded(bytes: &[u8], options: &str) -> Result<Encoded, Error> {
    rendered(bytes, options, Duration::from_mins(1))
}

/// A drawing of 100 × 50 with the content.
fn svg(content: &str) -> String {
    format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 50'>{content}</svg>")
}

/// Faults of drawings that have wrong colours at some of the places.
fn faults(rows: &[Row<'_>]) -> Vec<String> {
    let mut faults = Vec::new();
    for (content, green, clear) in rows {
        let text = if content.starts_with("<svg") { (*content).to_owned() } else { svg(content) };
        match picture(text.as_bytes(), "w=100,fm=png") {
            Ok(picture) => {
                let expected = green.iter().map(|at| (at, GREEN)).chain(clear.iter().map(|at| (at, CLEAR)));
                for ((x, y), expected) in expected {
                    let got = picture.get_pixel(*x, *y).0;
                    if got.iter().zip(expected).any(|(a, b)| a.abs_diff(b) > 2) {
                        faults.push(format!("{content}: {got:?} at {x}, {y}"));
                    }
                }
            }
            Err(error) => faults.push(format!("{content}: {error}")),
        }
    }
    faults
}

fn all_right(rows: &[Row<'_>]) {
    let faults = faults(rows);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// All of the drawing is green.
fn all_green(contents: &[&str]) {
    let rows: Vec<_> =
        contents.iter().map(|content| (*content, &[(3, 3), (50, 25), (96, 46)][..], &[][..])).collect();
    all_right(&rows);
}

const BOX: &str = "<rect class='a b' id='r' width='100' height='50'/>";

#[test]
fn style_sheets_select_elements_as_in_browsers() {
    let rules = [
        "rect{fill:#0a0}",
        "rect:not(.c){fill:#0a0}",
        ":not(g,circle){fill:#0a0}",
        "svg>:not(style):not(.x){fill:#0a0}",
        ":is(g,rect).a{fill:#0a0}",
        ":where(#r){fill:#0a0}",
        ":root{fill:#0a0}",
        ":root>rect{fill:#0a0}",
        ":nth-child(2){fill:#0a0}",
        "rect:nth-last-child(odd){fill:#0a0}",
        ":nth-child(1 of rect){fill:#0a0}",
        "@property --p{syntax:'*';inherits:true;initial-value:#0a0}rect{fill:var(--p)}",
        "rect:last-child{fill:#0a0}",
        "rect:first-of-type{fill:#0a0}",
        "rect:only-of-type{fill:#0a0}",
        "style~rect{fill:#0a0}",
        "style+.a.b{fill:#0a0}",
        "[WIDTH],[width='100']{fill:#0a0}",
        "[class~=b]{fill:#0a0}",
        "[class^='A' i]{fill:#0a0}",
        "svg:has(rect){fill:#0a0}",
        "rect:empty{fill:#0a0}",
        "*|rect{fill:#0a0}",
        "#\\72{fill:#0a0}",
        "rect{fill:#0a0}rect:foo{fill:red}rect,:foo{fill:red}rect:hover{fill:red}rect::before{fill:red}",
        "RECT{fill:red}rect{FILL:#0A0}",
        "rect{fill:#0a0;fill:foo}",
        "rect{fill:#0a0!important}#r{fill:red}",
        "#r{fill:#0a0}.a.b{fill:red}rect{fill:red}",
        ":where(#r){fill:red}rect{fill:#0a0}",
        "/* a */rect/* b */{/* c */fill:#0a0/*;*/}",
        "@charset 'utf-8';@import 'x.css';@namespace svg url(x);rect{fill:#0a0}",
        "@media screen{rect{fill:#0a0}}@media print{rect{fill:red}}",
        "rect{fill:#0a0}@media (prefers-color-scheme:dark){rect{fill:red}}",
        "rect{fill:#0a0}@media (min-width:101px){rect{fill:red}}",
        "@supports (fill:red){rect{fill:#0a0}}@supports not (fill:red){rect{fill:red}}",
        "@layer a{#r{fill:red}}rect{fill:#0a0}",
        "@layer b,a;@layer a{rect{fill:#0a0}}@layer b{#r{fill:red}}",
        "@font-face{font-family:x}@keyframes k{from{fill:red}}rect{fill:#0a0}",
        "svg{rect{fill:#0a0}}",
        "rect{&.a{fill:#0a0}}",
        "svg{& > rect{fill:#0a0}fill:red}",
        "rect{fill:red;@media screen{fill:#0a0}}",
        "<!-- rect{fill:#0a0} -->",
    ];
    let contents: Vec<String> =
        rules.iter().map(|rule| format!("<style>{}</style>{BOX}", escaped(rule))).collect();
    all_green(&contents.iter().map(String::as_str).collect::<Vec<_>>());
    all_green(&[
        "<style type='text/less'>rect{fill:red}</style><style media='print'>rect{fill:red}</style><rect width='100' height='50' fill='#0a0'/>",
        "<style><![CDATA[rect{fill:red}]]>svg>rect<!-- x -->{fill:#0a0}</style><rect width='100' height='50'/>",
        "<style>rect{fill:red}</style><rect width='100' height='50' fill='blue' style='fill:#0a0'/>",
        "<style>rect{fill:#0a0!important}</style><rect width='100' height='50' style='fill:red'/>",
    ]);
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[test]
fn variables_and_functions_have_values() {
    all_green(&[
        "<style>:root{--c:#0a0}rect{fill:var(--c)}</style><rect width='100' height='50'/>",
        "<rect width='100' height='50' fill='var(--c, #0a0)'/>",
        "<g style='--g:170'><rect width='100' height='50' style='fill:rgb(0 var(--g) 0)'/></g>",
        "<style>svg{--a:var(--b);--b:#0a0}rect{fill:red;fill:var(--a)}</style><rect width='100' height='50'/>",
        "<g fill='#0a0'><rect width='100' height='50' style='fill:var(--none)'/></g>",
        "<style>.i{--c:#0a0}</style><defs><symbol id='s'><rect width='100' height='50' style='fill:var(--c,red)'/></symbol></defs><use class='i' href='#s'/>",
        "<g id='o' display='none' style='--c:red'/><rect id='t' width='0' height='50' fill='var(--c)'/><style>use{--c:#0a0}#q{width:100px}</style><defs><rect id='q' height='50' fill='var(--c)'/></defs><use href='#q'/>",
        "<rect fill='#0a0' style='width:calc(50px * 2);height:calc(25px + 25px)'/>",
        "<rect fill='#0a0' style='width:calc(100% - 0px);height:max(50px, 1em)'/>",
        "<rect fill='#0a0' width='6.25rem' height='3.125em'/>",
        "<rect fill='#0a0' style='width:100vw;height:100vh'/>",
        "<rect width='100' height='50' fill='#0a0' style='opacity:calc(2 / 2)'/>",
        "<g font-size='50'><rect fill='#0a0' style='width:2em;height:1em'/></g>",
        "<g color='#0a0'><rect width='100' height='50' fill='currentcolor'/></g>",
        "<style>:root{color:#0a0}</style><rect fill='currentColor' width='100' height='50'/>",
        "<style>svg{color:red}rect{color:#0a0;fill:currentColor}</style><rect width='100' height='50'/>",
        "<rect width='100' height='50' fill='rgb(0 170 0 / 100%)'/>",
        "<rect width='100' height='50' fill='hsl(120 100% 33.33%)'/>",
        "<rect width='100' height='50' fill='RGB(0%,66.6%,0%)'/>",
        "<rect width='100' height='50' style='fill:color-mix(in srgb, #0a0, #0a0)'/>",
        "<rect width='100' height='50' style='fill:light-dark(#0a0, red)'/>",
        "<rect width='100' height='50' style='fill:red' fill='red'/><rect width='100' height='50' style='fill:url(\"#none\") #0a0'/>",
        "<linearGradient id='l'><stop style='stop-color:var(--x,#0a0)'/></linearGradient><rect width='100' height='50' fill=\"url('#l')\"/>",
        "<linearGradient id='l'><stop stop-color='rgb(0 170 0 / 1)' offset='0%'/></linearGradient><rect width='100' height='50' fill='url( #l )'/>",
        "<filter id='f'><feFlood flood-color='hsl(120deg 100% 33.33% / 1)'/></filter><rect width='100' height='50' filter='url(#f)'/>",
        "<style>svg{background:#0a0}</style>",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 50' style='background-color:#0a0'/>",
        "<svg xmlns='http://www.w3.org/2000/svg' width='100' height='50' style='background:#0a0 none'/>",
    ]);
}

#[test]
fn sizes_paths_and_transforms_are_properties() {
    all_green(&[
        "<style>rect{width:100px;height:50px;fill:#0a0}</style><rect/>",
        "<style>circle{cx:50px;cy:25px;r:60px;fill:#0a0}</style><circle/>",
        "<style>ellipse{cx:50%;cy:50%;rx:100%;ry:100%;fill:#0a0}</style><ellipse/>",
        "<style>path{d:path('M0 0H100V50H0Z');fill:#0a0}</style><path/>",
        "<style>path{d:path(\"M0 0H100V50H0Z\");fill:#0a0}</style><path d='M0 0H1'/>",
        "<style>rect{x:-10px;y:-10px;rx:0;width:200px;height:200px;fill:#0a0}</style><rect width='1' height='1'/>",
    ]);
    let right: &[(u32, u32)] = &[(55, 3), (75, 25), (96, 46)];
    let left: &[(u32, u32)] = &[(3, 3), (25, 25), (45, 46)];
    let half = |attributes: &str| format!("<rect width='50' height='50' fill='#0a0' {attributes}/>");
    let moved: Vec<String> = [
        "style='transform:translate(50px,0)'",
        "style='transform:translateX(50%)'",
        "style='transform:translate(calc(2px * 25))'",
        "style='transform:matrix(1,0,0,1,50,0)'",
        "style='translate:50px'",
        "style='translate:50% 0'",
        "style='transform:rotate(180deg);transform-origin:50px 25px'",
        "style='transform:rotate(.5turn);transform-origin:center'",
        "style='rotate:180deg;transform-origin:50% 50%'",
        "style='transform:scaleX(-1);transform-origin:center'",
        "style='scale:-1 1;transform-origin:50px 0'",
        "style='transform:translate(100%, 0);transform-box:fill-box'",
        "style='transform:translate3d(50px,0,0)'",
        "transform='translate(50)'",
        "transform='translate(50,0) rotate(0 1 2)'",
        "transform='translate(50)' style='transform:foo(1)'",
        "transform='translate(9)' style='transform:translate(50px)'",
        "transform='rotate(180)' transform-origin='50 25'",
    ]
    .map(half)
    .into();
    let rows: Vec<_> = moved.iter().map(|content| (content.as_str(), right, left)).collect();
    all_right(&rows);
    all_right(&[
        (
            "<g style='transform:rotate(180deg);transform-box:fill-box;transform-origin:right'><rect width='50' height='50' fill='#0a0'/></g>",
            right,
            left,
        ),
        (
            "<style>g{transform:scale(5)}rect{transform:translate(10px)}</style><g><rect width='10' height='10' fill='#0a0'/></g>",
            right,
            left,
        ),
        ("<rect width='50' height='50' fill='#0a0' style='transform:translate(50,0)'/>", left, right),
        (
            "<rect width='50' height='50' fill='#0a0' transform='translate(50)' style='transform:none'/>",
            left,
            right,
        ),
        ("<rect width='50' height='50' fill='#0a0' rotate='90' scale='3'/>", left, right),
    ]);
}

#[test]
fn parts_that_cannot_be_drawn_are_refused_with_their_name() {
    let check = |content: &str, word: &str| match picture(svg(content).as_bytes(), "w=100,fm=png") {
        Ok(_) => panic!("{content} is drawn"),
        Err(error) => assert!(error.to_string().contains(word), "{content}: {error}"),
    };
    check(
        "<foreignObject width='9' height='9'><p xmlns='http://www.w3.org/1999/xhtml'>a</p></foreignObject>",
        "foreignObject",
    );
    check(
        "<defs><g id='a'><foreignObject width='9' height='9'><p xmlns='x'/></foreignObject></g></defs><use href='#a'/>",
        "foreignObject",
    );
    check("<rect width='9' height='9' style='mask:linear-gradient(#000,#fff)'/>", "mask");
    check("<rect width='9' height='9' style='clip-path:shape(from 0 0, line to 9px 9px)'/>", "shape");
    check(
        "<image width='9' height='9' href='data:image/bmp;base64,Qk06AAAAAAAAADYAAAAoAAAAAQAAAAEAAAABABgAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAA/wAA'/>",
        "picture",
    );
    all_green(&[
        "<switch><foreignObject width='9' height='9'><p xmlns='http://www.w3.org/1999/xhtml'>a</p></foreignObject><rect width='100' height='50' fill='#0a0'/></switch>",
        "<foreignObject display='none'><p xmlns='x'/></foreignObject><rect width='100' height='50' fill='#0a0'/>",
        "<defs><foreignObject><p xmlns='x'/></foreignObject></defs><rect width='100' height='50' fill='#0a0'/>",
        "<image width='100' height='50' preserveAspectRatio='none' href=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'%3E%3Cstyle%3Erect:not(.a){fill:%230a0}%3C/style%3E%3Crect width='9' height='9'/%3E%3C/svg%3E\"/>",
        "<rect width='100' height='50' fill='#0a0'/><image width='9' height='9' href='https://example.com/x.png'/>",
        "<rect width='100' height='50' fill='#0a0'/><image width='9' height='9' href='data:image/png;base64,AAAA'/>",
    ]);
}

#[test]
fn style_sheets_and_copies_that_multiply_are_refused() {
    let deep = "<g>".repeat(60) + "<rect width='5' height='5'/>" + &"</g>".repeat(60);
    let selector = "x ".to_owned() + &"g ".repeat(30) + "rect{fill:red}";
    let check = |content: &str| {
        let refused = picture(svg(content).as_bytes(), "w=100,fm=png");
        assert!(
            matches!(refused, Err(Error::Unsupported(_))),
            "{:?}",
            refused.map(|picture| picture.dimensions())
        );
    };
    check(&format!("<style>{selector}</style>{deep}"));
    let copies = (1..12)
        .map(|n| {
            format!("<g id='c{n}' style='--n:{n}'>{}</g>", format!("<use href='#c{}'/>", n - 1).repeat(10))
        })
        .collect::<Vec<_>>()
        .concat();
    check(&format!(
        "<defs><rect id='c0' width='1' height='1' fill='var(--n)'/>{copies}</defs><use href='#c11'/>"
    ));
    check(&("<g>".repeat(2000) + &"</g>".repeat(2000)));
    let nested = (0..16)
        .fold("&amp;{fill:red}".to_owned(), |inside, _| format!("&amp; &amp; &amp; &amp;{{{inside}}}"));
    assert!(
        picture(svg(&format!("<style>rect{{{nested}}}</style>{BOX}")).as_bytes(), "w=100,fm=png").is_ok()
    );
}
