//! Renders any bytes as a WebP.
#![no_main]

fuzz::renders!(b"RIFF\xff\xff\0\0WEBP");
