//! Renders any bytes as a BMP.
#![no_main]

fuzz::renders!(b"BM");
