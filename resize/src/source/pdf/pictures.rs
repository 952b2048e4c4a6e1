//! Estimates the memory that the pictures of a page take while the page is drawn. The renderer decodes one picture at a time, and
//! keeps at most as many pixels of each as the page has where it is drawn.

use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::dict::keys::{
    BITS_PER_COMPONENT, COLORSPACE, DEVICE_GRAY, G, HEIGHT, IMAGE_MASK, MASK, RESOURCES, SMASK, SUBTYPE,
    WIDTH,
};
use hayro::hayro_syntax::object::{Dict, Name, Stream};
use hayro::hayro_syntax::page::Resources;

/// Most forms inside of each other, and most objects of a page, that are looked at. The worker's limit of memory holds what is
/// beyond them.
const MAX_DEPTH: u32 = 8;
const MAX_OBJECTS: u32 = 4096;

/// Most components of a picture in colour.
const INKS: u64 = 4;
/// Bytes of a pixel in RGB, and in RGBA.
const RGB: u64 = 3;
const RGBA: u64 = 4;
/// Bytes a pixel of the decoder of JPEG 2000, whose coefficients have 32 bits. A picture of 9 megapixels took 15, together with its
/// page.
const JPEG_2000: u64 = 20;

/// The memory in bytes that the largest picture of the resources takes.
pub(super) fn largest_picture(resources: &Resources<'_>) -> u64 {
    Search { objects_left: MAX_OBJECTS }.resources(resources, MAX_DEPTH)
}

struct Search {
    objects_left: u32,
}

impl Search {
    fn resources(&mut self, resources: &Resources<'_>, depth: u32) -> u64 {
        let mut largest = 0;
        for dict in [&resources.x_objects, &resources.patterns] {
            for name in dict.keys() {
                largest = largest.max(self.stream(dict.get(&*name), depth));
            }
        }
        for name in resources.ext_g_states.keys() {
            let mask = resources.get_ext_g_state(&name).and_then(|state| state.get::<Dict<'_>>(SMASK));
            largest = largest.max(self.stream(mask.and_then(|mask| mask.get(G)), depth));
        }
        largest
    }

    /// A picture, or a form or pattern with its own resources.
    fn stream(&mut self, stream: Option<Stream<'_>>, depth: u32) -> u64 {
        let (Some(stream), Some(objects_left)) = (stream, self.objects_left.checked_sub(1)) else { return 0 };
        self.objects_left = objects_left;
        let dict = stream.dict();
        if dict.get::<Name<'_>>(SUBTYPE).is_some_and(|kind| &*kind == b"Image") {
            return picture(&stream);
        }
        match dict.get::<Dict<'_>>(RESOURCES) {
            Some(own) if depth > 0 => self.resources(&Resources::new(own), depth - 1),
            _ => 0,
        }
    }
}

/// A picture and its mask, which are decoded together.
fn picture(stream: &Stream<'_>) -> u64 {
    let dict = stream.dict();
    let mask = dict.get::<Stream<'_>>(SMASK).or_else(|| dict.get(MASK));
    let masked = mask.map_or(0, |mask| {
        let own = pixels(mask.dict()).saturating_mul(bytes_a_pixel(&mask, true));
        own.saturating_add(pixels(dict).saturating_mul(RGBA))
    });
    let is_gray = dict.get(IMAGE_MASK).unwrap_or(false)
        || dict.get::<Name<'_>>(COLORSPACE).is_some_and(|name| &*name == DEVICE_GRAY);
    pixels(dict).saturating_mul(bytes_a_pixel(stream, is_gray)).saturating_add(masked)
}

fn pixels(dict: &Dict<'_>) -> u64 {
    let side = |key| u64::from(dict.get::<u32>(key).unwrap_or(0));
    side(WIDTH).saturating_mul(side(HEIGHT))
}

/// The samples as they are stored, samples of 8 bits, and the pixels that are made of them.
fn bytes_a_pixel(stream: &Stream<'_>, is_gray: bool) -> u64 {
    let bits = stream.dict().get::<u8>(BITS_PER_COMPONENT).unwrap_or(8);
    let samples = u64::from(bits.div_ceil(8)) + 1;
    match is_gray {
        _ if stream.filters().contains(&Filter::JpxDecode) => JPEG_2000,
        true => samples,
        false => samples * INKS + RGB,
    }
}
