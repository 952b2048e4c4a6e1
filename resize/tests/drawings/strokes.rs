//! Strokes, clip paths and masks.

use super::all_right;

#[test]
fn strokes_and_clips_are_drawn() {
    let frame: &[(u32, u32)] = &[(20, 25), (50, 10), (79, 25)];
    let clear: &[(u32, u32)] = &[(14, 25), (26, 25), (50, 4), (50, 16), (50, 25)];
    all_right(&[
        (
            "<g transform='scale(10)'><rect x='2' y='1' width='6' height='3' fill='none' stroke='#0a0' stroke-width='3' vector-effect='non-scaling-stroke'/></g>",
            frame,
            clear,
        ),
        (
            "<style>rect{vector-effect:non-scaling-stroke}</style><g transform='scale(20,5)'><rect x='1' y='2' width='3' height='6' fill='none' stroke='#0a0' stroke-width='3'/></g>",
            frame,
            clear,
        ),
        (
            "<defs><path id='p' d='M2 1H8V4H2Z' fill='none' style='vector-effect:non-scaling-stroke'/></defs><g stroke-width='3' stroke='#0a0'><use href='#p' transform='scale(10)'/></g>",
            frame,
            clear,
        ),
        (
            "<svg xmlns='http://www.w3.org/2000/svg' width='100' height='50' viewBox='0 0 10 5'><rect x='2' y='1' width='6' height='3' fill='none' stroke='#0a0' stroke-width='3' vector-effect='non-scaling-stroke'/></svg>",
            frame,
            clear,
        ),
    ]);
    let dashes: &[(u32, u32)] = &[(5, 25), (45, 25), (85, 25)];
    let gaps: &[(u32, u32)] = &[(25, 25), (65, 25)];
    all_right(&[
        (
            "<path d='M0 25H100' stroke='#0a0' stroke-width='6' pathLength='10' stroke-dasharray='2'/>",
            &[(10, 25), (50, 25), (90, 25)],
            &[(30, 25), (70, 25)],
        ),
        (
            "<line y1='25' x2='100' y2='25' stroke='#0a0' stroke-width='6' pathLength='1' style='stroke-dasharray:.2'/>",
            &[(10, 25), (50, 25), (90, 25)],
            &[(30, 25), (70, 25)],
        ),
        (
            "<g stroke-dasharray='2'><path d='M0 25H100' stroke='#0a0' stroke-width='6' pathLength='10' stroke-dashoffset='1'/></g>",
            dashes,
            gaps,
        ),
        (
            "<path d='M0 25H100' stroke='#0a0' stroke-width='6' style='stroke-dasharray:calc(10px * 2)'/>",
            &[(10, 25), (50, 25), (90, 25)],
            &[(30, 25), (70, 25)],
        ),
    ]);
    let middle: &[(u32, u32)] = &[(50, 25), (40, 25), (50, 15)];
    let corners: &[(u32, u32)] = &[(2, 2), (97, 2), (2, 47), (97, 47)];
    let clipped =
        |value: &str| format!("<rect width='100' height='50' fill='#0a0' style=\"clip-path:{value}\"/>");
    let shapes: Vec<String> = [
        "circle(20px)",
        "circle(40% at center)",
        "ellipse(30px 20px)",
        "inset(10px 20%)",
        "inset(5px round 10px)",
        "polygon(50% 0, 100% 50%, 50% 100%, 0 50%)",
        "path('M30 10H70V40H30Z')",
        "xywh(20px 5px 60px 40px)",
        "rect(5px 90px 45px 10px)",
        "circle(20px) view-box",
        "url(#c)",
        "url('#c')",
    ]
    .map(clipped)
    .into();
    let shapes: Vec<String> = shapes
        .iter()
        .map(|content| format!("<clipPath id='c'><circle cx='50' cy='25' r='20'/></clipPath>{content}"))
        .collect();
    let rows: Vec<_> = shapes.iter().map(|content| (content.as_str(), middle, corners)).collect();
    all_right(&rows);
    all_right(&[
        ("<g clip-path='circle(20px)'><rect width='100' height='50' fill='#0a0'/></g>", middle, corners),
        (
            "<mask id='m'><circle cx='50' cy='25' r='20' fill='#fff'/></mask><rect width='100' height='50' fill='#0a0' style='mask:url(\"#m\") no-repeat'/>",
            middle,
            corners,
        ),
        (
            "<mask id='m' style='mask-type:alpha'><circle cx='50' cy='25' r='20'/></mask><rect width='100' height='50' fill='#0a0' mask='url(#m)'/>",
            middle,
            corners,
        ),
    ]);
}
