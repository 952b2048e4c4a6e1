//! The JSON document about a source that `fm=json` answers with.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contract::key::Key;
use contract::variant::Side;
use serde_json::json;

use crate::info::Info;

/// The document: the source's properties, and the paths of its variants with widths of `ladder` up to its own width.
pub(super) fn info_document(info: &Info, key: &Key, ladder: &[Side]) -> Vec<u8> {
    let path = key.to_path();
    let widths = ladder.iter().map(|side| side.pixels()).filter(|width| *width <= info.width);
    let variants: Vec<_> =
        widths.map(|width| json!({ "width": width, "url": format!("{path}?w={width}") })).collect();
    let mut document = json!({
        "width": info.width,
        "height": info.height,
        "format": info.format,
        "bytes": info.bytes,
        "alpha": info.has_alpha,
        "complete": info.is_complete,
        "frames": info.frames,
        "orientation": info.orientation,
        "colorProfile": info.profile,
        "dominantColor": format!("#{}", info.dominant_color),
        "thumbHash": STANDARD.encode(&info.thumb_hash),
        "variants": variants,
    });
    if let (Some(pages), Some(document)) = (info.pages, document.as_object_mut()) {
        document.insert("pages".to_owned(), pages.into());
    }
    format!("{document:#}\n").into_bytes()
}
