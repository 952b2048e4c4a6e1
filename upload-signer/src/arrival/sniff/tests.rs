use contract::media_types::MEDIA_TYPES;

use super::*;

fn check(first: &[u8], expected: Option<&str>) {
    assert_eq!(sniff(first), expected, "{:?}", String::from_utf8_lossy(first));
}

#[test]
fn every_supported_type_is_detected() {
    check(b"\xff\xd8\xff\xe0\0\x10JFIF\0", Some("image/jpeg"));
    check(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", Some("image/png"));
    check(b"RIFF\x24\0\0\0WEBPVP8 ", Some("image/webp"));
    check(b"GIF87a\x01\0", Some("image/gif"));
    check(b"GIF89a\x01\0", Some("image/gif"));
    check(b"\0\0\0\x18ftypavif\0\0\0\0mif1", Some("image/avif"));
    check(b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", Some("image/avif"));
    check(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Some("image/heic"));
    check(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Some("image/heic"));
    check(b"\0\0\0\x14ftypmif1\0\0\0\0mif1avif", Some("image/heif"));
    check(b"II*\0\x08\0\0\0", Some("image/tiff"));
    check(b"MM\0*\0\0\0\x08", Some("image/tiff"));
    check(b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01", Some("image/bmp"));
    check(b"\0\0\x01\0\x01\0\x10\x10", Some("image/vnd.microsoft.icon"));
    check(b"\0\0\x01\0ftypavif\0\0\0\0mif1", Some("image/avif"));
    check(b"\xff\x0a\xfa\x7f", Some("image/jxl"));
    check(b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ", Some("image/jxl"));
    check(b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2", Some("video/mp4"));
    check(b"\0\0\0\x1cftypM4V \0\0\x02\0", Some("video/mp4"));
    check(b"\0\0\0\x14ftypqt  \0\0\x02\0qt  ", Some("video/quicktime"));
    check(b"\0\0\0\x08wide\0\0\x10\0mdat", Some("video/quicktime"));
    check(b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", Some("video/webm"));
    check(b"\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska", Some("video/x-matroska"));
    check(b"\0\0\0\x1cftypM4A \0\0\x02\0", Some("audio/mp4"));
    check(b"ID3\x04\0\0", Some("audio/mpeg"));
    check(b"OggS\0\x02", Some("audio/ogg"));
    check(b"RIFF\x24\0\0\0WAVEfmt ", Some("audio/wav"));
    check(b"%PDF-1.7\n", Some("application/pdf"));
}

#[test]
fn a_damaged_or_unknown_file_has_no_type() {
    check(b"", None);
    check(b"\xff\xd8\0", None);
    check(b"\x89PNG\r\n\x1a", None);
    check(b"\0\0\0\x18ftyp", None);
    check(b"\0\0\0\x18ftypcrx \0\0\0\x01", None);
    check(b"\x1a\x45\xdf\xa3\x93\x42\x82\x85other", None);
    check(b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x07\0\0\0", None);
    check(b"PK\x03\x04\0\0", None);
}

#[test]
fn an_svg_is_detected_after_a_prologue() {
    let svg = Some("image/svg+xml");
    check(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", svg);
    check(b"\xef\xbb\xbf \n<svg>", svg);
    check(b"<?xml version=\"1.0\"?>\n<!-- Made by hand > --><svg\nwidth='1'/>", svg);
    check(b"<?xml version=\"1.0\"?><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x\"><svg>", svg);
    check(b"<!DOCTYPE svg [ <!ENTITY a \"b\"> <!ENTITY c '>'> ]><svg:svg xmlns:svg=''>", svg);
    check(format!("<!--{}--><svg>", " long".repeat(2000)).as_bytes(), svg);
    check(format!("<!--{}--><html>", " long".repeat(2000)).as_bytes(), Some("text/html"));
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    check(&wide("\u{feff}<?xml version='1.0' encoding='UTF-16'?><svg>"), svg);
    check(&wide("\u{feff}<script>"), Some("text/html"));
    check(b"\xfe\xff\0<\0s\0v\0g\0>", svg);
    check(b"<svgx>", Some("text/xml"));
    check(b"<?xml version=\"1.0\"?><html><svg/></html>", Some("text/html"));
    check(b"<?xml version=\"1.0\"?><rss>", Some("text/xml"));
    check(b"<?xml version=\"1.0\"?>", Some("text/xml"));
    check(b"<?xml version=\"1.0\"", Some("text/xml"));
    check(b"<!-- <svg> ", Some("text/html"));
}

#[test]
fn html_is_distinguished_from_other_texts() {
    let html = Some("text/html");
    for text in [
        "<!DOCTYPE html>",
        "<!doctype HTML >",
        "<html>",
        " \r\n<HTML lang=en>",
        "<script>alert(1)</script>",
        "<!-- a --><body>",
        "<p>not a picture</p>",
        "<br/>",
        "<a href=x>",
        "<iframe src=x>",
    ] {
        check(text.as_bytes(), html);
    }
    check(b"<!DOCTYPE html\0>", None);
    check(b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello", Some("text/vtt"));
    check(b"WEBVTTX", Some("text/plain"));
    check(b"no picture at all", Some("text/plain"));
    check("alert('é')".as_bytes(), Some("text/plain"));
    check(b"#!/bin/sh\n", Some("text/plain"));
    check(b"moovmdat", Some("text/plain"));
    check(b"<!--moov", html);
    check(b"BMW 318i, as good as new", Some("text/plain"));
    check(b"< 5", Some("text/plain"));
}

#[test]
fn content_is_served_as_its_declared_type_or_as_the_picture_that_it_is() {
    let check = |detected: Option<&str>, declared: &str, expected: Option<&str>| {
        let served = served_type(detected, &MediaType::parse(declared).unwrap());
        assert_eq!(served.as_ref().map(MediaType::as_str), expected, "{detected:?} as {declared}");
    };
    for known in &MEDIA_TYPES {
        let name = known.name;
        for detected in known.detected_as {
            check(Some(detected), name, Some(name));
        }
        let is_unconfirmed = known.detected_as.is_empty();
        check(None, name, is_unconfirmed.then_some(name));
        let is_text = is_unconfirmed || name == "text/plain";
        check(Some("text/plain"), name, is_text.then_some(name));
        check(Some("text/html"), name, (name == "text/html").then_some(name));
        check(Some("application/x-msdownload"), name, None);
        let is_drawing = matches!(known.usage, Usage::Drawing(_));
        check(Some("image/svg+xml"), name, is_drawing.then_some(name));
    }
    check(Some("image/jpeg"), "image/png", Some("image/jpeg"));
    check(Some("image/vnd.microsoft.icon"), "image/jpg", Some("image/vnd.microsoft.icon"));
    check(Some("image/png"), "image/svg+xml", Some("image/png"));
    check(Some("image/png"), "image/apng", Some("image/apng"));
    check(Some("image/heic"), "image/jpeg", Some("image/heic"));
    check(Some("image/jpeg"), "video/mp4", None);
    check(Some("image/png"), "application/zip", None);
    check(Some("video/webm"), "video/x-matroska", Some("video/x-matroska"));
    check(Some("video/x-matroska"), "video/webm", None);
    check(Some("video/webm"), "audio/webm", Some("audio/webm"));
    check(Some("audio/ogg"), "audio/opus", Some("audio/ogg"));
    check(Some("audio/ogg"), "video/ogg", Some("video/ogg"));
    check(Some("video/mp4"), "application/mp4", Some("video/mp4"));
    check(Some("text/xml"), "application/rss+xml", Some("application/rss+xml"));
    check(Some("text/xml"), "application/xml", Some("text/xml"));
    check(Some("text/html"), "application/rss+xml", None);
    check(Some("text/xml"), "application/json", None);
}
