//! Renders and describes any bytes, whatever their format: the result must be a picture or an error, without a panic or an internal
//! error.
#![no_main]

fuzz::renders!(b"");
