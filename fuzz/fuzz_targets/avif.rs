//! Renders any bytes as an AVIF.
#![no_main]

fuzz::renders!(b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf");
