//! Files with a secret in each place that can contain one.

pub(super) mod avif;
pub(super) mod gif;
pub(super) mod jpeg;
pub(super) mod png;
pub(super) mod webp;

pub(super) const SECRET: &[u8] = b"SECRET 48.2082N 16.3738E";

/// A file, with the place where the secret is.
pub(super) type Hidden = (&'static str, Vec<u8>);

const WIDTH: u32 = 67;
const HEIGHT: u32 = 45;

/// Red, green and blue that change in every direction, with some noise.
fn rgb() -> Vec<u8> {
    let noise = |x: u32, y: u32| x.wrapping_mul(73).wrapping_add(y * 151) % 23;
    let pixel =
        move |x, y| [x * 3 + noise(x, y), y * 5 + noise(y, x), 90 + x.midpoint(y)].map(|light| light as u8);
    (0..HEIGHT).flat_map(|y| (0..WIDTH).flat_map(move |x| pixel(x, y))).collect()
}

/// The same with alpha.
fn rgba() -> Vec<u8> {
    let alpha = |at: usize| (at * 7 % 256) as u8;
    rgb().as_chunks::<3>().0.iter().enumerate().flat_map(|(at, [r, g, b])| [*r, *g, *b, alpha(at)]).collect()
}

fn view(samples: &[u8]) -> codecs::View<'_> {
    codecs::View { samples, width: WIDTH, height: HEIGHT }
}

/// The file with `part` at `at`.
fn with(file: &[u8], at: usize, part: &[u8]) -> Vec<u8> {
    let (head, tail) = file.split_at(at);
    [head, part, tail].concat()
}

/// The position after the first `mark`.
fn behind(file: &[u8], mark: &[u8]) -> usize {
    file.windows(mark.len()).position(|window| window == mark).unwrap() + mark.len()
}
