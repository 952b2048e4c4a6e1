//! What is known of a source, as the JSON that `fm=json` answers with.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contract::key::Key;
use contract::variant::Side;
use serde_json::json;

use crate::info::Info;

/// The media type of [`document`].
pub(crate) const MEDIA_TYPE: &str = "application/json";

/// The document: what is known, and the paths of the variants on the ladder that are no wider than the picture.
pub(crate) fn document(info: &Info, key: &Key, ladder: &[Side]) -> Vec<u8> {
    let path = key.to_path();
    let widths = ladder.iter().map(|side| side.pixels()).filter(|width| *width <= info.width);
    let variants: Vec<_> =
        widths.map(|width| json!({ "width": width, "url": format!("{path}?w={width}") })).collect();
    let document = json!({
        "width": info.width,
        "height": info.height,
        "format": info.format,
        "bytes": info.bytes,
        "alpha": info.has_alpha,
        "frames": info.frames,
        "orientation": info.orientation,
        "colorProfile": info.profile,
        "dominantColor": format!("#{}", info.dominant_color),
        "thumbHash": STANDARD.encode(&info.thumb_hash),
        "variants": variants,
    });
    format!("{document:#}\n").into_bytes()
}
