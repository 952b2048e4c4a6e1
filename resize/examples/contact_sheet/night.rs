//! A drawing whose fine bright parts show the difference between averages of samples and of light.

use std::fmt::Write as _;

/// A town at night: dark houses with small bright windows.
pub(crate) fn drawing(width: u32, height: u32) -> String {
    let mut drawing = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'>\
         <defs><linearGradient id='sky' x2='0' y2='1'><stop stop-color='#060a1c'/><stop offset='1' stop-color='#3a3f66'/>\
         </linearGradient><pattern id='windows' width='12' height='16' patternUnits='userSpaceOnUse'>\
         <rect x='3' y='4' width='6' height='7' fill='#ffdf9e'/></pattern></defs>\
         <rect width='{width}' height='{height}' fill='url(#sky)'/>"
    );
    let mut left = 0;
    for house in 0_u32.. {
        let (wide, high) = (120 + house * 84 % 132, 300 + house * 388 % 660);
        if left >= width {
            break;
        }
        for fill in ["#0b0d16", "url(#windows)"] {
            let _ = write!(
                drawing,
                "<rect x='{left}' y='{}' width='{}' height='{high}' fill='{fill}'/>",
                height - high,
                wide - 24
            );
        }
        left += wide;
    }
    drawing + "</svg>"
}
