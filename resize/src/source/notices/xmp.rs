//! The notices in XMP (ISO 16684-1). Its packet is found by its text, as the standard provides, so the format of the file doesn't
//! matter. One that is compressed isn't found.

use memchr::memmem;
use roxmltree::{Document, Node, ParsingOptions};

use super::notice::{Notices, one_line};

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
const PHOTOSHOP: &str = "http://ns.adobe.com/photoshop/1.0/";

/// Longer packets are not read: this is the most that a segment of a JPEG holds. The parser compares all attributes of an element with
/// each other, so its time grows with the square of the length.
const MAX_PACKET_BYTES: usize = 1 << 16;

/// The most nodes of a packet.
const MAX_NODES: u32 = 10_000;

/// Reads the notices of the first packet.
pub(super) fn notices(file: &[u8]) -> Notices {
    let Some(packet) = packet(file) else { return Notices::default() };
    let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let Ok(document) = Document::parse_with_options(packet, options) else { return Notices::default() };
    let value = |space, name| value(&document, space, name).and_then(|text| one_line(&text));
    Notices {
        artist: value(DUBLIN_CORE, "creator"),
        copyright: value(DUBLIN_CORE, "rights"),
        credit: value(PHOTOSHOP, "Credit"),
        source_type: None,
    }
}

fn packet(file: &[u8]) -> Option<&str> {
    const START: &[u8] = b"<x:xmpmeta";
    const END: &[u8] = b"</x:xmpmeta>";
    let rest = file.get(memmem::find(file, START)?..)?;
    let rest = rest.get(..MAX_PACKET_BYTES).unwrap_or(rest);
    std::str::from_utf8(rest.get(..memmem::find(rest, END)? + END.len())?).ok()
}

/// The value of a property: an attribute, a text, or the items of a list. Of texts in several languages it is the first one, which is
/// the default.
fn value(document: &Document<'_>, space: &str, name: &str) -> Option<String> {
    let mut nodes = document.descendants();
    nodes.find_map(|node| {
        if let Some(value) = node.attribute((space, name)) {
            return Some(value.to_owned());
        }
        node.has_tag_name((space, name)).then(|| {
            let list = node.children().find(Node::is_element);
            let items = list.into_iter().flat_map(|list| {
                let languages = list.has_tag_name((RDF, "Alt"));
                let items = list.children().filter(|item| item.has_tag_name((RDF, "li")));
                items.take(if languages { 1 } else { usize::MAX })
            });
            let items: Vec<&str> = items.filter_map(|item| item.text()).collect();
            if items.is_empty() { node.text().unwrap_or_default().to_owned() } else { items.join(", ") }
        })
    })
}
