//! Encodes any samples in any size at any quality: libwebp must decode the file to a picture of this size, without a panic
//! of the encoder. At the best quality the samples must be close to the source, as they are not if the encoder's
//! reconstruction differs from the decoder's.
#![no_main]

use codecs::planes::PlanesMut;
use libfuzzer_sys::fuzz_target;
use vp8::{Plane, Planes, Range};

/// The largest error of a sample at the best quality.
const MOST_ERROR: u8 = 12;

fuzz_target!(|input: &[u8]| {
    let Some(([width, height, quality, range], samples)) = input.split_first_chunk() else { return };
    let (width, height, quality) = (u32::from(*width) + 1, u32::from(*height) % 80 + 1, *quality % 100 + 1);
    let (across, down) = (width.div_ceil(2), height.div_ceil(2));
    let mut samples = samples.iter().copied().cycle();
    let mut plane = |size: u32| -> Vec<u8> { (0..size).map(|_| samples.next().unwrap_or(128)).collect() };
    let (luma, cb, cr) = (plane(width * height), plane(across * down), plane(across * down));
    let chroma = |samples| Plane { samples, width: across, height: down };
    let planes = Planes {
        luma: Plane { samples: &luma, width, height },
        cb: chroma(&cb),
        cr: chroma(&cr),
        range: if range % 2 == 0 { Range::Limited } else { Range::Full },
    };
    let frame = vp8::encode(&planes, f32::from(quality)).expect("a frame");
    let file = vp8::file(&frame);
    let header = codecs::webp::read_header(&file).expect("a header");
    assert_eq!((header.width, header.height), (width, height));
    let [mut y, mut u, mut v] = [&luma, &cb, &cr].map(|plane| vec![0; plane.len()]);
    let mut decoded = PlanesMut { luma: &mut y, cb: &mut u, cr: &mut v };
    codecs::webp::planes::decode(&file, header, &mut decoded).expect("a picture");
    if quality == 100 && planes.range == Range::Limited {
        let pairs = [(&y, &luma), (&u, &cb), (&v, &cr)];
        let mut pairs = pairs.into_iter().flat_map(|(decoded, source)| decoded.iter().zip(source));
        assert!(pairs.all(|(decoded, source)| decoded.abs_diff(*source) <= MOST_ERROR));
    }
});
