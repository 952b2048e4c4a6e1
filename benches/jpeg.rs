//! Decoding JPEGs to planes at N/8 of their size. Compares the crate `jpeg` with libjpeg-turbo at the scales for which
//! libjpeg-turbo has fast code, with jpeg-decoder at the scales that it supports, and with zune-jpeg at full size.

use std::hint::black_box;
use std::io::Cursor;

use codecs::jpeg as turbo;
use codecs::planes::PlanesMut;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};
use jpeg::{Header, LastBits, Options, Planes, Scale, Scales};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

mod sources;

fn decoders(criterion: &mut Criterion) {
    for source in sources::all() {
        // Skips sources of other formats.
        let Ok(header) = Header::read(&source.bytes) else { continue };
        let mut group = criterion.benchmark_group(format!("jpeg/{}", source.name));
        for scale in Scale::ALL {
            let eighths = scale.eighths();
            group.bench_with_input(BenchmarkId::new("jpeg", eighths), &source.bytes, |bencher, bytes| {
                let options = Options { scales: Scales::all(scale), last_bits: LastBits::Read };
                let mut planes = Planes::default();
                bencher.iter(|| jpeg::decode(&header, black_box(bytes), options, &mut planes, &mut || true));
            });
        }
        for scale in turbo::Scale::ALL {
            let name = BenchmarkId::new("libjpeg-turbo", scale.eighths());
            group.bench_with_input(name, &source.bytes, |bencher, bytes| {
                let mut planes = [const { Vec::new() }; 3];
                bencher.iter(|| turbo_planes(black_box(bytes), scale, &mut planes));
            });
        }
        for eighths in [1, 2, 4, 8] {
            let name = BenchmarkId::new("jpeg-decoder", eighths);
            group.bench_with_input(name, &source.bytes, |bencher, bytes| {
                bencher.iter(|| jpeg_decoder_pixels(black_box(bytes), &header, eighths));
            });
        }
        at_once(&mut group, &header, &source.bytes);
        group.bench_with_input(BenchmarkId::new("zune-jpeg", 8), &source.bytes, |bencher, bytes| {
            bencher.iter(|| JpegDecoder::new(ZCursor::new(black_box(bytes))).decode().ok());
        });
        group.finish();
    }
}

/// The scales of a photo of 12 megapixels for widths of 384 to 1920 pixels.
const PAGE: [u8; 5] = [2, 2, 3, 4, 6];

/// Decoding at the scales of a page's widths: at once, and one after another.
fn at_once(group: &mut BenchmarkGroup<'_, WallTime>, header: &Header, bytes: &[u8]) {
    let scales = PAGE.iter().filter_map(|eighths| Scale::new(*eighths)).map(Scales::all);
    let options = scales.map(|scales| Options { scales, last_bits: LastBits::Read });
    let mut targets: Vec<(Options, Planes)> = options.map(|options| (options, Planes::default())).collect();
    group.bench_with_input("page/at once", bytes, |bencher, bytes| {
        bencher.iter(|| jpeg::decode_scales(header, black_box(bytes), &mut targets, &mut || true));
    });
    group.bench_with_input("page/one by one", bytes, |bencher, bytes| {
        bencher.iter(|| {
            for (options, planes) in &mut targets {
                let _damage = jpeg::decode(header, black_box(bytes), *options, planes, &mut || true);
            }
        });
    });
}

fn turbo_planes(bytes: &[u8], scale: turbo::Scale, planes: &mut [Vec<u8>; 3]) -> Option<()> {
    let header = turbo::read_header(bytes).ok()?;
    let (luma, chroma) = turbo::planes::sizes(header, header.sampling?, scale);
    let [y, cb, cr] = planes;
    for (plane, (width, height)) in [(&mut *y, luma), (&mut *cb, chroma), (&mut *cr, chroma)] {
        plane.resize((width * height) as usize, 0);
    }
    turbo::planes::decode(bytes, header, scale, &mut PlanesMut { luma: y, cb, cr }).ok()?;
    Some(())
}

fn jpeg_decoder_pixels(bytes: &[u8], header: &Header, eighths: u32) -> Option<Vec<u8>> {
    let side = |pixels: u32| u16::try_from(pixels * eighths / 8).ok();
    let mut decoder = jpeg_decoder::Decoder::new(Cursor::new(bytes));
    decoder.scale(side(header.width())?, side(header.height())?).ok()?;
    decoder.decode().ok()
}

criterion_group!(benches, decoders);
criterion_main!(benches);
