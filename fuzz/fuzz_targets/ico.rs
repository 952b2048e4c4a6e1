//! Renders any bytes as an icon.
#![no_main]

fuzz::renders!(b"\0\0\x01\0");
