//! Crops to faces: drawn ones through the image API, and photos of people, from the npm package `@vladmandic/face-api`.

use std::path::Path;

use cdn_config::policy::Policy;
use contract::policy::UnsignedAccess;
use image::imageops::FilterType;
use image::{Rgba, RgbaImage};

use crate::support::Running;

const LIPS: [u8; 3] = [180, 70, 70];

/// A picture of 1200 × 400 pixels: on the left a chequered patch of skin, which attracts attention, on the right a face.
fn drawing(face: &str) -> String {
    let squares = (0..8).flat_map(|x| (0..8).map(move |y| (x, y))).filter(|(x, y)| (x + y) % 2 == 0);
    let squares: Vec<String> =
        squares.map(|(x, y)| format!("M{} {}h38v38h-38z", 30 + 38 * x, 48 + 38 * y)).collect();
    let squares = format!("<path d='{}' fill='#1e0a05'/>", squares.concat());
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='1200' height='400'><rect width='1200' height='400' fill='#788ca0'/>\
         <rect x='30' y='48' width='304' height='304' fill='#f0a078'/>{squares}<g transform='translate(1000 200)'>{face}</g></svg>"
    )
}

const FACE: &str = "<ellipse cy='-30' rx='120' ry='126' fill='#3c2819'/><ellipse cy='12' rx='94' ry='120' fill='#e1b496'/>\
    <g fill='#fafafa'><ellipse cx='-38' cy='-12' rx='20' ry='11'/><ellipse cx='38' cy='-12' rx='20' ry='11'/></g>\
    <g fill='#321e14'><circle cx='-38' cy='-12' r='10'/><circle cx='38' cy='-12' r='10'/></g>\
    <g fill='#3c2819'><rect x='-62' y='-38' width='48' height='9'/><rect x='14' y='-38' width='48' height='9'/></g>\
    <ellipse cy='30' rx='14' ry='17' fill='#c89678'/><ellipse cy='36' rx='17' ry='6' fill='#966450'/>\
    <ellipse cy='72' rx='36' ry='11' fill='#b44646'/>";

async fn open() -> Running {
    let mut policy = Policy::built_in();
    policy.rules.unsigned = UnsignedAccess::Open;
    Running::with_policy(policy).await
}

/// The share of a picture that has the colour of the lips, in thousandths.
fn lips(picture: &RgbaImage) -> usize {
    let is_lips = |pixel: &&Rgba<u8>| pixel.0.iter().zip(LIPS).all(|(one, other)| one.abs_diff(other) < 24);
    picture.pixels().filter(is_lips).count() * 1000 / picture.pixels().count()
}

#[tokio::test]
async fn a_crop_keeps_a_face_and_without_one_what_attracts_attention() {
    let stack = open().await;
    let drawn = stack.upload("face.svg", "image/svg+xml", drawing(FACE).as_bytes()).await;
    let photo = stack.get(&format!("{drawn}?fm=jpeg&q=95")).await.body;
    let photo = stack.upload("face.jpg", "image/jpeg", &photo).await;
    for path in [&drawn, &photo] {
        for (crop, has_face) in [("faces", true), ("attention", false), ("center", false)] {
            for flip in ["", "&flip=h"] {
                let url = format!("{path}?fm=png&w=200&h=200&fit=crop&crop={crop}{flip}");
                let got = stack.get(&url).await;
                let picture = got.picture();
                assert_eq!(picture.dimensions(), (200, 200), "{url}");
                assert_eq!(lips(&picture) >= 5, has_face, "{url}: {}", lips(&picture));
            }
        }
    }
    let headless = stack.upload("none.svg", "image/svg+xml", drawing("").as_bytes()).await;
    let of = async |crop: &str| {
        stack.get(&format!("{headless}?fm=png&w=200&h=200&fit=crop&crop={crop}")).await.picture()
    };
    assert_eq!(of("faces").await, of("attention").await);
}

/// The faces of each photo, by their middles as shares of its width and height, in hundredths, labelled by eye.
const PHOTOS: [&[(u16, u16)]; 6] = [
    &[(25, 40), (49, 44), (82, 27)],
    &[(27, 22), (51, 25), (80, 21)],
    &[(36, 37), (60, 29), (82, 35)],
    &[(18, 24), (39, 15), (55, 24), (70, 19)],
    &[(36, 39), (44, 17), (63, 26), (78, 39), (24, 75)],
    &[(18, 43), (40, 33), (65, 32), (79, 30)],
];

#[test]
fn most_faces_of_photos_are_found_and_little_else() {
    let photos = Path::new(env!("CARGO_MANIFEST_DIR")).join("page/node_modules/@vladmandic/face-api/demo");
    let (mut found, mut wrong) = (0, Vec::new());
    for (number, labelled) in PHOTOS.iter().enumerate() {
        let file = photos.join(format!("sample{}.jpg", number + 1));
        let photo = image::open(&file)
            .unwrap_or_else(|error| panic!("{}: {error}; ./test installs it", file.display()));
        let small = photo.resize(faces::BEST_SIDE, faces::BEST_SIDE, FilterType::Triangle).to_rgb8();
        let pixels: Vec<[u8; 3]> = small.pixels().map(|pixel| pixel.0).collect();
        let (width, height) = (small.width() as f32, small.height() as f32);
        let mut left = labelled.to_vec();
        for face in faces::detect(&pixels, small.width() as usize) {
            let (x, y) = ((face.left + face.width / 2.0) / width, (face.top + face.height / 2.0) / height);
            let is_near = |label: &(u16, u16)| {
                (f32::from(label.0) / 100.0 - x).abs() < 0.06 && (f32::from(label.1) / 100.0 - y).abs() < 0.08
            };
            match left.iter().position(is_near) {
                Some(at) => {
                    left.remove(at);
                    found += 1;
                }
                None => wrong.push((number + 1, x, y)),
            }
        }
    }
    assert!(found >= 18 && wrong.len() <= 2, "{found} of 22 faces, and where no face is: {wrong:?}");
}
