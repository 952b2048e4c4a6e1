use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use codecs::View;
use codecs::jpeg::Layout;

use super::Arriving;
use crate::error::Error;
use crate::pipeline::{render, render_file};
use crate::settings::test_settings;
use crate::source::file::File;
use crate::stopwatch::Stopwatch;

fn photo() -> Vec<u8> {
    let (width, height) = (400, 300);
    let noise = |index: usize| (index.wrapping_mul(2_654_435_761) >> 16) as u8 / 4;
    let samples: Vec<u8> =
        (0..width * height * 3).map(|index| (index / 900) as u8 / 2 + noise(index)).collect();
    let view = View { samples: &samples, width: width as u32, height: height as u32 };
    codecs::jpeg::encode(view, Layout::Rgb, 90).unwrap()
}

/// A file that arrives in chunks of `size` bytes after its header, and the number of bytes that were taken. Only the first
/// `sent` bytes arrive.
fn arriving(file: &[u8], size: usize, sent: usize) -> (Arriving, Arc<AtomicUsize>) {
    let head = 2000;
    let mut chunks: VecDeque<Vec<u8>> = file[head..sent].chunks(size).map(<[u8]>::to_vec).collect();
    let taken = Arc::new(AtomicUsize::new(head));
    let counted = Arc::clone(&taken);
    let rest = move |bytes: &mut Vec<u8>| {
        let Some(chunk) = chunks.pop_front() else { return false };
        counted.fetch_add(chunk.len(), Ordering::Relaxed);
        bytes.extend(chunk);
        true
    };
    (Arriving::new(file[..head].to_vec(), file.len(), rest), taken)
}

fn watch() -> Stopwatch {
    Stopwatch::start(Instant::now, Duration::from_mins(1))
}

#[test]
fn a_variant_of_an_arriving_file_is_the_variant_of_the_whole_file() {
    let file = photo();
    for variant in
        ["w=50,fm=webp", "w=399,fm=jpeg", "w=200,h=100,fit=crop,crop=entropy,fm=png", "fm=auto.avif"]
    {
        let variant = variant.parse().unwrap();
        let expected = render(&file, &variant, &test_settings(), watch()).unwrap();
        for size in [1, 700, 100_000] {
            let (arriving, _) = arriving(&file, size, file.len());
            let rendered =
                render_file(File::Arriving(&arriving), &variant, None, &test_settings(), watch()).unwrap();
            assert!(rendered.bytes == expected.bytes, "{variant}, chunks of {size} bytes");
        }
    }
}

#[test]
fn a_file_whose_rest_does_not_arrive_is_interrupted_and_not_half_a_picture() {
    let file = photo();
    for sent in [2000, file.len() / 2, file.len() - 3] {
        let (arriving, _) = arriving(&file, 1000, sent);
        let variant = "w=50,fm=webp".parse().unwrap();
        let result = render_file(File::Arriving(&arriving), &variant, None, &test_settings(), watch());
        assert_eq!(result.err(), Some(Error::Interrupted), "{sent} bytes");
        assert_eq!(File::Arriving(&arriving).whole(), Err(Error::Interrupted));
    }
}

#[test]
fn the_whole_file_is_there_after_a_decoder_has_read_a_part_of_it() {
    let file = photo();
    let (arriving, taken) = arriving(&file, 1000, file.len());
    let read = File::Arriving(&arriving).decode(|input| input.prefix(5000).len()).unwrap();
    assert!((5000..6000).contains(&read));
    assert_eq!(taken.load(Ordering::Relaxed), read);
    assert_eq!(File::Arriving(&arriving).whole().unwrap(), file);
    assert_eq!(File::Arriving(&arriving).decode(|input| input.prefix(0).len()), Ok(file.len()));
}
