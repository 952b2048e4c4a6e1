use crate::error::Error;
use crate::planes::MAX_SIDE;

/// The bit of the chunk `VP8X` that says that the picture has alpha.
const HAS_ALPHA: u8 = 0x10;

/// A WebP file of a frame that [`crate::encode`] made: a RIFF container with the chunk `VP8 `.
pub fn file(frame: &[u8]) -> Vec<u8> {
    riff(&[(*b"VP8 ", frame)])
}

/// A WebP file of a frame and its alpha: the chunks `VP8X`, `ALPH` and `VP8 `. `alpha` is the content of `ALPH`, `width` and
/// `height` are those of the picture in pixels.
///
/// Fails with [`Error::Size`] if a side is 0 or above [`MAX_SIDE`].
pub fn file_with_alpha(frame: &[u8], alpha: &[u8], width: u32, height: u32) -> Result<Vec<u8>, Error> {
    let sides = 1..=MAX_SIDE;
    if !sides.contains(&width) || !sides.contains(&height) {
        return Err(Error::Size);
    }
    let ([w0, w1, w2, _], [h0, h1, h2, _]) = ((width - 1).to_le_bytes(), (height - 1).to_le_bytes());
    let extended = [HAS_ALPHA, 0, 0, 0, w0, w1, w2, h0, h1, h2];
    Ok(riff(&[(*b"VP8X", &extended), (*b"ALPH", alpha), (*b"VP8 ", frame)]))
}

/// A RIFF file of type `WEBP`. Chunks of an odd length are followed by a byte of padding.
fn riff(chunks: &[([u8; 4], &[u8])]) -> Vec<u8> {
    let size = 4 + chunks.iter().map(|(_, content)| 8 + content.len().next_multiple_of(2)).sum::<usize>();
    let mut file = Vec::with_capacity(8 + size);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(size as u32).to_le_bytes());
    file.extend_from_slice(b"WEBP");
    for (name, content) in chunks {
        file.extend_from_slice(name);
        file.extend_from_slice(&(content.len() as u32).to_le_bytes());
        file.extend_from_slice(content);
        file.resize(file.len().next_multiple_of(2), 0);
    }
    file
}
