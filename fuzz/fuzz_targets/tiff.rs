//! Renders any bytes as a TIFF.
#![no_main]

fuzz::renders!(b"II*\0");
