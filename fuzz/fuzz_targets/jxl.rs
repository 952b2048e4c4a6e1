//! Renders any bytes as a JPEG XL without a container.
#![no_main]

fuzz::renders!(b"\xff\x0a");
