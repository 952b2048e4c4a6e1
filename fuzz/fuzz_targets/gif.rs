//! Renders any bytes as a GIF.
#![no_main]

fuzz::renders!(b"GIF89a");
