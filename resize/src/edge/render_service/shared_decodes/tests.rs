use jpeg::{LastBits, Scale, Scales};

use super::*;

const WAIT: Duration = Duration::from_mins(1);

fn options(eighths: u8) -> Options {
    Options { scales: Scales::all(Scale::new(eighths).unwrap()), last_bits: LastBits::Read }
}

fn file() -> (Header, Bytes) {
    let samples: Vec<u8> = (0..320 * 240).map(|index| (index * 7 % 251) as u8).collect();
    let view = codecs::View { samples: &samples, width: 320, height: 240 };
    let file = codecs::jpeg::encode(view, codecs::jpeg::Layout::Gray, 90).unwrap();
    (Header::read(&file).unwrap(), file.into())
}

fn decodes(bytes: &Bytes) -> Arc<SharedDecodes> {
    Arc::new(SharedDecodes::new(bytes.clone(), PlaneBudget::new()))
}

fn alone(header: &Header, bytes: &[u8], options: Options) -> Vec<u8> {
    let mut planes = Planes::default();
    jpeg::decode(header, bytes, options, &mut planes, &mut || true).unwrap();
    samples(&planes)
}

fn samples(planes: &Planes) -> Vec<u8> {
    planes.as_slice().iter().flat_map(|plane| plane.rows().flatten().copied()).collect()
}

/// The planes of a rendering, which may not ask to decode the file.
fn without_decoding(want: &Want, header: &Header, options: Options) -> Option<Planes> {
    want.planes(header, options, &mut || panic!("the file is decoded again"))
}

#[tokio::test]
async fn one_decode_serves_every_rendering_with_the_planes_of_a_decode_alone() {
    let (header, bytes) = file();
    let decodes = decodes(&bytes);
    let wants: Vec<Want> =
        [8, 4, 4, 1].map(|eighths| decodes.want(&header, options(eighths)).unwrap()).into();
    let [first, rest @ ..] = wants.as_slice() else { panic!() };
    first.turn(WAIT).await.unwrap();
    let planes = first.planes(&header, options(8), &mut || true).unwrap();
    assert_eq!(samples(&planes), alone(&header, &bytes, options(8)));
    for want in rest {
        want.turn(WAIT).await.unwrap();
        let planes = without_decoding(want, &header, want.options).unwrap();
        assert_eq!(samples(&planes), alone(&header, &bytes, want.options), "{:?}", want.options);
    }
    drop(wants);
    assert!(decodes.entries().is_empty());
    assert_eq!(decodes.budget.0.available_permits(), BUDGET_KIB);
}

#[tokio::test]
async fn a_rendering_that_is_alone_decodes_the_file_itself() {
    let (header, bytes) = file();
    let want = decodes(&bytes).want(&header, options(4)).unwrap();
    want.turn(WAIT).await.unwrap();
    assert!(without_decoding(&want, &header, options(4)).is_none());
}

#[tokio::test]
async fn others_wait_for_the_decode_and_one_of_them_takes_over_if_it_is_given_up() {
    let (header, bytes) = file();
    let decodes = decodes(&bytes);
    let [first, second, third] = [8, 4, 2].map(|eighths| decodes.want(&header, options(eighths)).unwrap());
    first.turn(WAIT).await.unwrap();
    assert!(futures::poll!(std::pin::pin!(second.turn(WAIT))).is_pending());
    assert_eq!(third.turn(Duration::ZERO).await, Err(Busy));
    // The first rendering's request is gone while it decodes.
    assert!(first.planes(&header, options(8), &mut || false).is_none());
    drop(first);
    second.turn(WAIT).await.unwrap();
    let planes = second.planes(&header, options(4), &mut || true).unwrap();
    assert_eq!(samples(&planes), alone(&header, &bytes, options(4)));
    third.turn(WAIT).await.unwrap();
    assert!(without_decoding(&third, &header, options(2)).is_some());
}

#[tokio::test]
async fn a_preview_at_another_scale_is_decoded_alone() {
    let (header, bytes) = file();
    let decodes = decodes(&bytes);
    let [first, _second] = [8, 4].map(|eighths| decodes.want(&header, options(eighths)).unwrap());
    first.turn(WAIT).await.unwrap();
    assert!(without_decoding(&first, &header, options(1)).is_none());
    assert!(first.planes(&header, options(8), &mut || true).is_some());
}

#[tokio::test]
async fn a_damaged_file_is_decoded_by_each_rendering() {
    let (header, bytes) = file();
    let cut = bytes.slice(..bytes.len() / 2);
    let decodes = decodes(&cut);
    let [first, second] = [8, 4].map(|eighths| decodes.want(&header, options(eighths)).unwrap());
    first.turn(WAIT).await.unwrap();
    assert!(first.planes(&header, options(8), &mut || true).is_none());
    second.turn(WAIT).await.unwrap();
    assert!(second.planes(&header, options(4), &mut || true).is_none());
}

#[tokio::test]
async fn planes_beyond_the_budget_are_not_shared() {
    let (header, bytes) = file();
    let budget = PlaneBudget::new();
    let _taken = budget.take(BUDGET_KIB as u64 * 1024).unwrap();
    let decodes = Arc::new(SharedDecodes::new(bytes, budget));
    assert!(decodes.want(&header, options(1)).is_none());
}
