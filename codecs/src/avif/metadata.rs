//! Adds EXIF and XMP to a file that this crate has written.

use crate::heif::boxes::{Boxes, FourCc, Reader};

/// The ids of the items. Pictures have 1 and 2.
const EXIF: u16 = 3;
const XMP: u16 = 4;

/// The bytes of a box before its content.
const HEADER_BYTES: usize = 8;

/// The file with a block of EXIF, which begins with a TIFF header, and a packet of XMP. `None` for a file of other programs whose
/// metadata has another form.
pub fn with_metadata(file: &[u8], exif: Option<&[u8]>, xmp: &[u8]) -> Option<Vec<u8>> {
    let mut items = Vec::new();
    if let Some(exif) = exif {
        // The offset of the TIFF header comes first (ISO/IEC 23008-12, annex A.2.1).
        items.push(Item { id: EXIF, kind: *b"Exif", name: b"\0", content: [&[0; 4], exif].concat() });
    }
    items.push(Item { id: XMP, kind: *b"mime", name: b"\0application/rdf+xml\0", content: xmp.to_vec() });
    let boxes: Vec<_> = Boxes { rest: file }.collect();
    let meta = boxes.iter().find(|(kind, _)| kind == b"meta")?.1;
    let rebuilt = rebuilt_meta(meta, &items, 0, 0)?;
    let shift = u32::try_from(rebuilt.len().checked_sub(meta.len())?).ok()?;
    let start = u32::try_from(file.len() + HEADER_BYTES).ok()?.checked_add(shift)?;
    let rebuilt = rebuilt_meta(meta, &items, shift, start)?;
    let mut written = Vec::with_capacity(start as usize + xmp.len());
    for (kind, content) in &boxes {
        written.extend(boxed(*kind, if kind == b"meta" { rebuilt.as_slice() } else { content }));
    }
    let contents: Vec<u8> = items.into_iter().flat_map(|item| item.content).collect();
    written.extend(boxed(*b"mdat", &contents));
    Some(written)
}

/// An item that describes the picture.
struct Item {
    id: u16,
    kind: FourCc,
    /// Its name, and the type of its content.
    name: &'static [u8],
    content: Vec<u8>,
}

/// The content of the box `meta` with more items. Offsets grow by `shift`; the first item begins at `start`.
fn rebuilt_meta(meta: &[u8], items: &[Item], shift: u32, start: u32) -> Option<Vec<u8>> {
    let (version, children) = meta.split_first_chunk::<4>()?;
    let mut rebuilt = version.to_vec();
    let mut has_references = false;
    for (kind, content) in (Boxes { rest: children }) {
        let content = match &kind {
            b"iinf" => with_infos(content, items)?,
            b"iloc" => with_locations(content, items, shift, start)?,
            b"iref" => {
                has_references = true;
                [content, &references(items)].concat()
            }
            _ => content.to_vec(),
        };
        rebuilt.extend(boxed(kind, &content));
    }
    if !has_references {
        rebuilt.extend(boxed(*b"iref", &[&[0; 4][..], &references(items)].concat()));
    }
    Some(rebuilt)
}

/// The content of the box `iinf` of version 0.
fn with_infos(content: &[u8], items: &[Item]) -> Option<Vec<u8>> {
    let mut reader = Reader { rest: content };
    let (0, _) = reader.version_and_flags()? else { return None };
    let count = reader.u16()?.checked_add(items.len() as u16)?;
    let mut infos = [&[0; 4][..], &count.to_be_bytes(), reader.rest].concat();
    for item in items {
        let info = [&[2, 0, 0, 0][..], &item.id.to_be_bytes(), &[0, 0], &item.kind, item.name].concat();
        infos.extend(boxed(*b"infe", &info));
    }
    Some(infos)
}

/// The content of the box `iloc` of version 0, with one extent for each item, and offsets and lengths of 32 bits.
fn with_locations(content: &[u8], items: &[Item], shift: u32, start: u32) -> Option<Vec<u8>> {
    const OFFSETS_AND_LENGTHS_OF_32_BITS: u16 = 0x4400;
    let mut reader = Reader { rest: content };
    let ((0, _), OFFSETS_AND_LENGTHS_OF_32_BITS) = (reader.version_and_flags()?, reader.u16()?) else {
        return None;
    };
    let count = reader.u16()?;
    let mut places = Vec::new();
    for _ in 0..count {
        let (id, _, 1) = (reader.u16()?, reader.u16()?, reader.u16()?) else { return None };
        places.push((id, reader.u32()?.checked_add(shift)?, reader.u32()?));
    }
    let mut start = start;
    for item in items {
        let length = u32::try_from(item.content.len()).ok()?;
        places.push((item.id, start, length));
        start = start.checked_add(length)?;
    }
    let mut locations = [&[0; 4][..], &OFFSETS_AND_LENGTHS_OF_32_BITS.to_be_bytes()].concat();
    locations.extend((places.len() as u16).to_be_bytes());
    for (id, offset, length) in places {
        locations.extend([id, 0, 1].into_iter().flat_map(u16::to_be_bytes));
        locations.extend([offset, length].into_iter().flat_map(u32::to_be_bytes));
    }
    Some(locations)
}

/// References of the items to the picture that they describe.
fn references(items: &[Item]) -> Vec<u8> {
    let reference = |item: &Item| {
        let ids: Vec<u8> = [item.id, 1, 1].into_iter().flat_map(u16::to_be_bytes).collect();
        boxed(*b"cdsc", &ids)
    };
    items.iter().flat_map(reference).collect()
}

fn boxed(kind: FourCc, content: &[u8]) -> Vec<u8> {
    let length = ((HEADER_BYTES + content.len()) as u32).to_be_bytes();
    [&length[..], &kind, content].concat()
}
