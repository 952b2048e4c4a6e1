//! Renders any bytes as an SVG.
#![no_main]

fuzz::renders!(b"<svg xmlns=\"http://www.w3.org/2000/svg\" ");
