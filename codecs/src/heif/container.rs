//! The metadata of image files of the HEIF family (ISO/IEC 23008-12 and AV1 Image File Format 1.1): items with their
//! locations, properties and references.

use std::borrow::Cow;

use super::boxes::{Boxes, FourCc, Reader};
use crate::error::Error;

/// The most items, and the most references of one type from one item. Cameras and encoders write fewer. The limit keeps
/// look-ups short.
const MAX_ITEMS: usize = 4096;

/// The most entries of a table over all items. An entry may take one byte of the file and sixteen of memory, so a table as
/// long as the file would exceed the admitted memory.
const MAX_ENTRIES: usize = 1 << 16;

/// The metadata of a file.
pub(crate) struct Container<'a> {
    /// Id of the item that is the picture.
    pub(crate) primary: u32,
    file: &'a [u8],
    item_data: &'a [u8],
    /// Ids and types of the items.
    item_types: Vec<(u32, FourCc)>,
    locations: Vec<ItemLocation>,
    properties: Vec<(FourCc, &'a [u8])>,
    /// Ids of items, and indices of their properties from 1.
    associations: Vec<(u32, usize)>,
    references: Vec<ItemReference>,
}

/// The location of an item's bytes.
struct ItemLocation {
    id: u32,
    /// `true` if offsets count from the start of the `idat` box instead of the file.
    is_in_meta: bool,
    /// Offsets and lengths.
    extents: Vec<(u64, u64)>,
}

/// References of one type from an item to others.
struct ItemReference {
    reference_type: FourCc,
    from: u32,
    to: Vec<u32>,
}

impl<'a> Container<'a> {
    /// Reads the metadata of a file.
    pub(crate) fn read(file: &'a [u8]) -> Result<Self, Error> {
        if !has_brand(file, &HEIF_BRANDS) {
            return Err(Error::Unsupported("the file is not an AVIF or HEIC image"));
        }
        let meta = find(file, *b"meta").ok_or(Error::Unsupported(
            "the file has no still picture; an image sequence is shown by its still picture",
        ))?;
        let meta = meta.get(4..).ok_or_else(missing_part)?;
        if find(meta, *b"hdlr").and_then(|content| content.get(8..12)) != Some(b"pict") {
            return Err(Error::Damaged("the file is not declared to be a picture".to_owned()));
        }
        let mut container = Self {
            primary: find(meta, *b"pitm").and_then(read_primary).ok_or_else(missing_part)?,
            file,
            item_data: find(meta, *b"idat").unwrap_or_default(),
            item_types: find(meta, *b"iinf").and_then(read_item_types).ok_or_else(missing_part)?,
            locations: find(meta, *b"iloc").and_then(read_locations).ok_or_else(missing_part)?,
            properties: Vec::new(),
            associations: Vec::new(),
            references: find(meta, *b"iref")
                .map_or(Some(Vec::new()), read_references)
                .ok_or_else(missing_part)?,
        };
        let item_properties = find(meta, *b"iprp").ok_or_else(missing_part)?;
        for (box_type, content) in (Boxes { rest: item_properties }) {
            match &box_type {
                b"ipco" if container.properties.is_empty() => {
                    container.properties.extend(Boxes { rest: content }.take(MAX_ENTRIES));
                }
                b"ipma" => {
                    read_associations(content, &mut container.associations).ok_or_else(missing_part)?;
                }
                _ => {}
            }
        }
        Ok(container)
    }

    /// The file's length in bytes.
    pub(crate) fn file_len(&self) -> usize {
        self.file.len()
    }

    /// `true` if the file has tracks, which hold image sequences.
    pub(crate) fn is_sequence(&self) -> bool {
        find(self.file, *b"moov").is_some()
    }

    /// The type of an item, such as `av01`.
    pub(crate) fn item_type(&self, id: u32) -> Option<FourCc> {
        self.item_types.iter().find(|(item, _)| *item == id).map(|(_, item_type)| *item_type)
    }

    /// `true` if any item has a type that matches the predicate.
    pub(crate) fn has_item_type(&self, matches: impl Fn(FourCc) -> bool) -> bool {
        self.item_types.iter().any(|(_, item_type)| matches(*item_type))
    }

    /// The contents of an item's properties of a type.
    pub(crate) fn properties(&self, id: u32, property_type: FourCc) -> impl Iterator<Item = &'a [u8]> {
        let indices = self.associations.iter().filter(move |(item, _)| *item == id);
        // Indices count from 1. 0 means no property.
        let properties = indices.filter_map(|(_, index)| self.properties.get(index.checked_sub(1)?));
        properties.filter(move |(found, _)| *found == property_type).map(|(_, content)| *content)
    }

    /// Width and height in pixels that the property `ispe` declares.
    pub(super) fn declared_size(&self, id: u32) -> Option<(u32, u32)> {
        let mut reader = Reader { rest: self.properties(id, *b"ispe").next()? };
        reader.version_and_flags()?;
        Some((reader.u32()?, reader.u32()?))
    }

    /// Ids of the items to which `from` refers.
    pub(crate) fn references_from(&self, from: u32, reference_type: FourCc) -> Option<&[u32]> {
        let is_it =
            |reference: &&ItemReference| reference.reference_type == reference_type && reference.from == from;
        let found = self.references.iter().find(is_it)?;
        Some(&found.to)
    }

    /// Ids of the items that refer to `to`.
    pub(crate) fn references_to(&self, to: u32, reference_type: FourCc) -> impl Iterator<Item = u32> {
        let found =
            self.references.iter().filter(move |reference| reference.reference_type == reference_type);
        found.filter(move |reference| reference.to.contains(&to)).map(|reference| reference.from)
    }

    /// `true` unless the file ends before the item's bytes do.
    pub(super) fn has_data(&self, id: u32) -> bool {
        self.data(id).is_ok()
    }

    /// The bytes of an item.
    pub(crate) fn data(&self, id: u32) -> Result<Cow<'a, [u8]>, Error> {
        let location = self.locations.iter().find(|location| location.id == id).ok_or_else(missing_part)?;
        let whole = if location.is_in_meta { self.item_data } else { self.file };
        let part = |&(offset, length): &(u64, u64)| {
            let rest = whole.get(usize::try_from(offset).ok()?..)?;
            // A length of 0 means the whole rest.
            if length == 0 { Some(rest) } else { rest.get(..usize::try_from(length).ok()?) }
        };
        if let [only] = location.extents.as_slice() {
            return part(only).map(Cow::Borrowed).ok_or_else(missing_part);
        }
        let mut data = Vec::new();
        for extent in &location.extents {
            data.extend_from_slice(part(extent).ok_or_else(missing_part)?);
            // Overlapping extents could make a small file expand to much data.
            if data.len() > self.file.len() {
                return Err(Error::Damaged("the picture's parts overlap".to_owned()));
            }
        }
        Ok(Cow::Owned(data))
    }
}

/// The error for a part that is missing or cut off.
pub(super) fn missing_part() -> Error {
    Error::Damaged("a part of the file is missing".to_owned())
}

/// The brands of AVIF.
pub(super) const AVIF_BRANDS: [FourCc; 2] = [*b"avif", *b"avis"];

/// The brands of all files of the family, of still pictures and of image sequences.
pub(super) const HEIF_BRANDS: [FourCc; 14] = [
    *b"avif", *b"avis", *b"heic", *b"heix", *b"heim", *b"heis", *b"hevc", *b"hevx", *b"hevm", *b"hevs",
    *b"mif1", *b"mif2", *b"msf1", *b"miaf",
];

/// `true` if one of `wanted` is the major brand, or among the compatible brands after the version.
pub(super) fn has_brand(file: &[u8], wanted: &[FourCc]) -> bool {
    let brands = find(file, *b"ftyp").unwrap_or_default();
    let mut brands = brands.as_chunks::<4>().0.iter().enumerate().filter(|(index, _)| *index != 1);
    brands.any(|(_, brand)| wanted.contains(brand))
}

/// The content of the first box of a type.
fn find(boxes: &[u8], box_type: FourCc) -> Option<&[u8]> {
    Boxes { rest: boxes }.find(|(found, _)| *found == box_type).map(|(_, content)| content)
}

fn read_primary(content: &[u8]) -> Option<u32> {
    let mut reader = Reader { rest: content };
    let (version, _) = reader.version_and_flags()?;
    reader.id(version > 0)
}

fn read_item_types(content: &[u8]) -> Option<Vec<(u32, FourCc)>> {
    let mut reader = Reader { rest: content };
    let (version, _) = reader.version_and_flags()?;
    reader.id(version > 0)?;
    let entry = |(_, content)| {
        let mut reader = Reader { rest: content };
        let (version, _) = reader.version_and_flags()?;
        let id = reader.id(version > 2)?;
        let _protection = reader.u16()?;
        Some((id, reader.four_cc()?))
    };
    Some(Boxes { rest: reader.rest }.filter_map(entry).take(MAX_ITEMS).collect())
}

fn read_locations(content: &[u8]) -> Option<Vec<ItemLocation>> {
    let mut reader = Reader { rest: content };
    let (version, _) = reader.version_and_flags()?;
    let sizes = reader.u16()?;
    let nibble = |shift: u32| usize::from(sizes >> shift & 0xf);
    let (offset_bytes, length_bytes, base_bytes) = (nibble(12), nibble(8), nibble(4));
    let index_bytes = if version == 0 { 0 } else { nibble(0) };
    if [offset_bytes, length_bytes, base_bytes, index_bytes].iter().any(|bytes| *bytes > 8) {
        return None;
    }
    let (mut locations, mut entries) = (Vec::new(), 0);
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
            // An extent's entry may have no bytes, so the file's length does not bound their number.
            if entries > MAX_ENTRIES {
                return None;
            }
        }
        // Pictures do not use method 2, offsets into other items.
        if method < 2 {
            locations.push(ItemLocation { id, is_in_meta: method == 1, extents });
        }
    }
    Some(locations)
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

fn read_references(content: &[u8]) -> Option<Vec<ItemReference>> {
    let mut reader = Reader { rest: content };
    let (version, _) = reader.version_and_flags()?;
    let mut entries = 0;
    let entry = |(reference_type, content)| {
        let mut reader = Reader { rest: content };
        let from = reader.id(version > 0)?;
        let count = usize::from(reader.u16()?);
        entries += count;
        if count > MAX_ITEMS || entries > MAX_ENTRIES {
            return None;
        }
        let to = (0..count).map(|_| reader.id(version > 0)).collect::<Option<_>>()?;
        Some(ItemReference { reference_type, from, to })
    };
    Boxes { rest: reader.rest }.map(entry).take(MAX_ITEMS).collect()
}
