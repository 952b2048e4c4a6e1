//! What an image file of the HEIF family holds (ISO/IEC 23008-12 and AV1 Image File Format 1.1): items, their
//! places, properties and references.

use std::borrow::Cow;

use super::boxes::{Boxes, Kind, Reader};
use crate::Error;

/// Items, and references of one kind from one item; more than any camera or encoder writes. Keeps look-ups short.
const MAX_ITEMS: usize = 4096;

/// Entries of a table over all items. Some take a byte of the file and sixteen of memory, so a table as long as the
/// file would take more than was admitted.
const MAX_ENTRIES: usize = 1 << 16;

/// The file's parts.
pub(super) struct Container<'a> {
    /// The item that is the picture.
    pub(super) primary: u32,
    file: &'a [u8],
    item_data: &'a [u8],
    kinds: Vec<(u32, Kind)>,
    places: Vec<Place>,
    properties: Vec<(Kind, &'a [u8])>,
    associations: Vec<(u32, usize)>,
    references: Vec<Reference>,
}

/// Where an item's bytes are.
struct Place {
    id: u32,
    /// They count from the start of the `idat` box, not of the file.
    is_in_meta: bool,
    extents: Vec<(u64, u64)>,
}

struct Reference {
    kind: Kind,
    from: u32,
    to: Vec<u32>,
}

impl<'a> Container<'a> {
    /// Reads everything but pixels.
    pub(super) fn read(file: &'a [u8]) -> Result<Self, Error> {
        if !has_brand(file) {
            return Err(Error::Unsupported("the file is not an AVIF image"));
        }
        let meta = find(file, *b"meta").ok_or(Error::Unsupported(
            "the file holds no still picture; image sequences are read by their still picture",
        ))?;
        let meta = meta.get(4..).ok_or_else(cut)?;
        if find(meta, *b"hdlr").and_then(|content| content.get(8..12)) != Some(b"pict") {
            return Err(Error::Damaged("the file doesn't say that it holds a picture".to_owned()));
        }
        let mut container = Self {
            primary: find(meta, *b"pitm").and_then(read_primary).ok_or_else(cut)?,
            file,
            item_data: find(meta, *b"idat").unwrap_or_default(),
            kinds: find(meta, *b"iinf").and_then(read_kinds).ok_or_else(cut)?,
            places: find(meta, *b"iloc").and_then(read_places).ok_or_else(cut)?,
            properties: Vec::new(),
            associations: Vec::new(),
            references: find(meta, *b"iref").map_or(Some(Vec::new()), read_references).ok_or_else(cut)?,
        };
        let described = find(meta, *b"iprp").ok_or_else(cut)?;
        for (kind, content) in (Boxes { rest: described }) {
            match &kind {
                b"ipco" if container.properties.is_empty() => {
                    container.properties.extend(Boxes { rest: content }.take(MAX_ENTRIES));
                }
                b"ipma" => {
                    read_associations(content, &mut container.associations).ok_or_else(cut)?;
                }
                _ => {}
            }
        }
        Ok(container)
    }

    /// The file's length in bytes.
    pub(super) fn file_len(&self) -> usize {
        self.file.len()
    }

    /// Whether there are tracks, which hold sequences.
    pub(super) fn is_sequence(&self) -> bool {
        find(self.file, *b"moov").is_some()
    }

    /// The item's type, such as `av01`.
    pub(super) fn kind(&self, id: u32) -> Option<Kind> {
        self.kinds.iter().find(|(item, _)| *item == id).map(|(_, kind)| *kind)
    }

    /// Whether there is any item of a type for which this is so.
    pub(super) fn has_kind(&self, is_it: impl Fn(Kind) -> bool) -> bool {
        self.kinds.iter().any(|(_, kind)| is_it(*kind))
    }

    /// The contents of the item's properties of this kind.
    pub(super) fn properties(&self, id: u32, kind: Kind) -> impl Iterator<Item = &'a [u8]> {
        let indices = self.associations.iter().filter(move |(item, _)| *item == id);
        // Indices count from 1; 0 stands for none.
        let properties = indices.filter_map(|(_, index)| self.properties.get(index.checked_sub(1)?));
        properties.filter(move |(found, _)| *found == kind).map(|(_, content)| *content)
    }

    /// The items that `from` refers to.
    pub(super) fn references_from(&self, from: u32, kind: Kind) -> Option<&[u32]> {
        let found =
            self.references.iter().find(|reference| reference.kind == kind && reference.from == from)?;
        Some(&found.to)
    }

    /// The items that refer to `to`.
    pub(super) fn references_to(&self, to: u32, kind: Kind) -> impl Iterator<Item = u32> {
        let found = self.references.iter().filter(move |reference| reference.kind == kind);
        found.filter(move |reference| reference.to.contains(&to)).map(|reference| reference.from)
    }

    /// The item's bytes.
    pub(super) fn data(&self, id: u32) -> Result<Cow<'a, [u8]>, Error> {
        let place = self.places.iter().find(|place| place.id == id).ok_or_else(cut)?;
        let whole = if place.is_in_meta { self.item_data } else { self.file };
        let part = |&(offset, length): &(u64, u64)| {
            let rest = whole.get(usize::try_from(offset).ok()?..)?;
            // A length of 0 means all that follows.
            if length == 0 { Some(rest) } else { rest.get(..usize::try_from(length).ok()?) }
        };
        if let [only] = place.extents.as_slice() {
            return part(only).map(Cow::Borrowed).ok_or_else(cut);
        }
        let mut data = Vec::new();
        for extent in &place.extents {
            data.extend_from_slice(part(extent).ok_or_else(cut)?);
            // Extents that overlap could make much of little.
            if data.len() > self.file.len() {
                return Err(Error::Damaged("the picture's parts overlap".to_owned()));
            }
        }
        Ok(Cow::Owned(data))
    }
}

/// For everything that isn't where it should be.
pub(super) fn cut() -> Error {
    Error::Damaged("a part of the file is missing".to_owned())
}

/// Whether AVIF is among the brands: the major one or, behind a version, the compatible ones.
pub(super) fn has_brand(file: &[u8]) -> bool {
    let brands = find(file, *b"ftyp").unwrap_or_default();
    let mut brands = brands.as_chunks::<4>().0.iter().enumerate().filter(|(at, _)| *at != 1);
    brands.any(|(_, brand)| matches!(brand, b"avif" | b"avis"))
}

fn find(boxes: &[u8], kind: Kind) -> Option<&[u8]> {
    Boxes { rest: boxes }.find(|(found, _)| *found == kind).map(|(_, content)| content)
}

fn read_primary(content: &[u8]) -> Option<u32> {
    let mut reader = Reader { rest: content };
    let (version, _) = reader.version_and_flags()?;
    reader.id(version > 0)
}

fn read_kinds(content: &[u8]) -> Option<Vec<(u32, Kind)>> {
    let mut reader = Reader { rest: content };
    let (version, _) = reader.version_and_flags()?;
    reader.id(version > 0)?;
    let entry = |(_, content)| {
        let mut reader = Reader { rest: content };
        let (version, _) = reader.version_and_flags()?;
        let id = reader.id(version > 2)?;
        let _protection = reader.u16()?;
        Some((id, reader.kind()?))
    };
    Some(Boxes { rest: reader.rest }.filter_map(entry).take(MAX_ITEMS).collect())
}

fn read_places(content: &[u8]) -> Option<Vec<Place>> {
    let mut reader = Reader { rest: content };
    let (version, _) = reader.version_and_flags()?;
    let sizes = reader.u16()?;
    let nibble = |shift: u32| usize::from(sizes >> shift & 0xf);
    let (offset_bytes, length_bytes, base_bytes) = (nibble(12), nibble(8), nibble(4));
    let index_bytes = if version == 0 { 0 } else { nibble(0) };
    if [offset_bytes, length_bytes, base_bytes, index_bytes].iter().any(|bytes| *bytes > 8) {
        return None;
    }
    let (mut places, mut entries) = (Vec::new(), 0);
    for _ in 0..reader.id(version > 1)?.min(MAX_ITEMS as u32) {
        let id = reader.id(version > 1)?;
        let method = if version == 0 { 0 } else { reader.u16()? & 0xf };
        let _data_reference = reader.u16()?;
        let base = reader.uint(base_bytes)?;
        let mut extents = Vec::new();
        for _ in 0..reader.u16()? {
            reader.take(index_bytes)?;
            let offset = base.checked_add(reader.uint(offset_bytes)?)?;
            extents.push((offset, reader.uint(length_bytes)?));
            entries += 1;
            // Extents of no bytes of their own are possible: the file's length doesn't bound them.
            if entries > MAX_ENTRIES {
                return None;
            }
        }
        // Method 2, places inside other items, is of no use to pictures.
        if method < 2 {
            places.push(Place { id, is_in_meta: method == 1, extents });
        }
    }
    Some(places)
}

fn read_associations(content: &[u8], associations: &mut Vec<(u32, usize)>) -> Option<()> {
    let mut reader = Reader { rest: content };
    let (version, flags) = reader.version_and_flags()?;
    let is_wide = flags & 1 == 1;
    for _ in 0..reader.u32()? {
        let id = reader.id(version > 0)?;
        for _ in 0..reader.u8()? {
            // The highest bit says that the property is essential.
            let index = if is_wide { reader.u16()? & 0x7fff } else { u16::from(reader.u8()? & 0x7f) };
            if associations.len() == MAX_ENTRIES {
                return None;
            }
            associations.push((id, usize::from(index)));
        }
    }
    Some(())
}

fn read_references(content: &[u8]) -> Option<Vec<Reference>> {
    let mut reader = Reader { rest: content };
    let (version, _) = reader.version_and_flags()?;
    let mut entries = 0;
    let entry = |(kind, content)| {
        let mut reader = Reader { rest: content };
        let from = reader.id(version > 0)?;
        let count = usize::from(reader.u16()?);
        entries += count;
        if count > MAX_ITEMS || entries > MAX_ENTRIES {
            return None;
        }
        let to = (0..count).map(|_| reader.id(version > 0)).collect::<Option<_>>()?;
        Some(Reference { kind, from, to })
    };
    Boxes { rest: reader.rest }.map(entry).take(MAX_ITEMS).collect()
}
