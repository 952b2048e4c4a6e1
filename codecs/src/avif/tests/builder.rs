//! Builds files box by box, with features that cameras use and our encoder doesn't write.

use crate::View;
use crate::avif::{Layout, encode};
use crate::heif::container::Container;

pub(super) const RED: [u8; 3] = [220, 30, 30];
pub(super) const GREEN: [u8; 3] = [30, 180, 30];
pub(super) const BLUE: [u8; 3] = [30, 30, 220];
pub(super) const GRAY: [u8; 3] = [128, 128, 128];

/// Collects the items of a file.
#[derive(Default)]
pub(super) struct FileBuilder {
    items: Vec<(u16, [u8; 4], Vec<u8>)>,
    properties: Vec<u8>,
    associations: Vec<(u16, Vec<u8>)>,
    references: Vec<u8>,
    property_count: u8,
}

impl FileBuilder {
    /// Adds an item with its data and properties.
    pub(super) fn item(&mut self, id: u16, kind: [u8; 4], data: &[u8], properties: &[Property]) {
        self.items.push((id, kind, data.to_vec()));
        let mut indices = Vec::new();
        for (name, content) in properties {
            self.properties.extend(boxed(name, content));
            self.property_count += 1;
            indices.push(self.property_count);
        }
        self.associations.push((id, indices));
    }

    /// Adds references of one type from an item to others.
    pub(super) fn reference(&mut self, kind: [u8; 4], from: u16, to: &[u16]) {
        let ids = std::iter::once(from).chain(std::iter::once(to.len() as u16)).chain(to.iter().copied());
        let content: Vec<u8> = ids.flat_map(u16::to_be_bytes).collect();
        self.references.extend(boxed(std::str::from_utf8(&kind).unwrap(), &content));
    }

    /// Associates an item with more properties. `properties` are their indices from 1.
    pub(super) fn associate(&mut self, id: u16, properties: &[u8]) {
        self.associations.push((id, properties.to_vec()));
    }

    /// The file, with the items' data in the `idat` box of its metadata.
    pub(super) fn file(&self) -> Vec<u8> {
        let count = (self.items.len() as u16).to_be_bytes();
        let (mut infos, mut places, mut data) = (Vec::new(), Vec::new(), Vec::new());
        for (id, kind, bytes) in &self.items {
            let id = id.to_be_bytes();
            infos.extend(boxed("infe", &[&[2, 0, 0, 0], id.as_slice(), &[0, 0], kind, &[0]].concat()));
            let (offset, length) = (data.len() as u32, bytes.len() as u32);
            // Construction method 1, no data reference, one extent.
            places.extend([id.as_slice(), &[0, 1, 0, 0, 0, 1]].concat());
            places.extend([offset.to_be_bytes(), length.to_be_bytes()].concat());
            data.extend_from_slice(bytes);
        }
        let mut associations = vec![0, 0, 0, 0];
        associations.extend((self.associations.len() as u32).to_be_bytes());
        for (id, indices) in &self.associations {
            associations.extend(id.to_be_bytes());
            associations.push(indices.len() as u8);
            associations.extend(indices);
        }
        let meta = [
            vec![0; 4],
            boxed("hdlr", &[&[0; 8], b"pict".as_slice(), &[0; 13]].concat()),
            boxed("pitm", &[0, 0, 0, 0, 0, 1]),
            boxed("iinf", &[&[0; 4], count.as_slice(), &infos].concat()),
            boxed("iloc", &[&[1, 0, 0, 0, 0x44, 0x00], count.as_slice(), &places].concat()),
            boxed("iprp", &[boxed("ipco", &self.properties), boxed("ipma", &associations)].concat()),
            boxed("iref", &[&[0; 4], self.references.as_slice()].concat()),
            boxed("idat", &data),
        ];
        [boxed("ftyp", b"avif\0\0\0\0mif1avif"), boxed("meta", &meta.concat())].concat()
    }
}

/// Encodes RGB samples to an AV1 picture without a file around it.
pub(super) fn coded(samples: &[u8], width: u32) -> Vec<u8> {
    let height = (samples.len() / 3) as u32 / width;
    let bytes = encode(View { samples, width, height }, Layout::Rgb, 95).unwrap();
    let container = Container::read(&bytes).unwrap();
    container.data(container.primary).unwrap().into_owned()
}

/// An AV1 picture of 64 × 64 pixels of one colour.
pub(super) fn tile(color: [u8; 3]) -> Vec<u8> {
    coded(&color.repeat(64 * 64), 64)
}

/// The data of a grid item.
pub(super) fn grid(columns: u8, rows: u8, width: u16, height: u16) -> Vec<u8> {
    let [width, height] = [width, height].map(u16::to_be_bytes);
    [[0, 0, rows - 1, columns - 1].as_slice(), &width, &height].concat()
}

/// Type and content of a property.
pub(super) type Property = (&'static str, Vec<u8>);

/// The property that declares a picture's size.
pub(super) fn ispe(width: u32, height: u32) -> Property {
    ("ispe", [[0; 4], width.to_be_bytes(), height.to_be_bytes()].concat())
}

/// A box with its header.
pub(super) fn boxed(name: &str, content: &[u8]) -> Vec<u8> {
    let size = (content.len() as u32 + 8).to_be_bytes();
    [size.as_slice(), name.as_bytes(), content].concat()
}
