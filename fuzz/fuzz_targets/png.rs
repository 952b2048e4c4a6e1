//! Renders any bytes as a PNG.
#![no_main]

fuzz::renders!(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR");
