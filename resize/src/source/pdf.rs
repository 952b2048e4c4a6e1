//! Opens PDF documents, and reads the size of a page. Only the file itself is read. A page is drawn like a drawing: at the size
//! that the variant needs.

mod pictures;

use contract::variant::FrameNumber;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use self::pictures::largest_picture;
use super::info::{Depth, DocumentPage, SourceFormat, SourceInfo};
use crate::deep_stack::on_deep_stack;
use crate::error::Error;
use crate::pixels::orientation::Orientation;
use crate::pixels::{Channels, Size};

/// Longest own side in pixels, as for drawings.
const MAX_SIDE: f64 = 8192.0;

/// `true` for a PDF.
pub(super) fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-")
}

/// Reads the size of a page, by its crop box at 72 dpi. `None` means the first page.
pub(super) fn probe(bytes: &[u8], number: Option<FrameNumber>) -> Result<SourceInfo, Error> {
    let number = number.map_or(1, FrameNumber::get);
    let (size, page) = with_page(bytes, number, |page, pages| {
        let picture_bytes = largest_picture(page.resources());
        Ok((size(page)?, DocumentPage { number, pages, picture_bytes }))
    })?;
    Ok(SourceInfo {
        format: SourceFormat::Pdf(page),
        size,
        animation: None,
        orientation: Orientation::UPRIGHT,
        channels: Channels::Rgb,
        depth: Depth::Eight,
        profile: None,
        has_metadata: true,
        is_lossless: true,
    })
}

/// Opens the document and runs `work` on a page, counted from 1, and the number of pages.
pub(crate) fn with_page<T: Send>(
    bytes: &[u8],
    number: u32,
    work: impl FnOnce(&Page<'_>, u32) -> Result<T, Error> + Send,
) -> Result<T, Error> {
    let panicked = || Error::Damaged("the PDF can't be drawn".to_owned());
    on_deep_stack(panicked, || {
        let document = Pdf::new(bytes.to_vec()).map_err(refusal)?;
        let pages = u32::try_from(document.pages().len()).unwrap_or(u32::MAX);
        if pages == 0 {
            return Err(Error::Damaged("the PDF has no pages".to_owned()));
        }
        let index = (number as usize).checked_sub(1);
        let page = index.and_then(|index| document.pages().get(index));
        work(page.ok_or(Error::NoSuchPage { asked: number, pages })?, pages)
    })
}

/// The upright size, rounded to whole points.
fn size(page: &Page<'_>) -> Result<Size, Error> {
    let (width, height) = page.render_dimensions();
    if !(width.is_finite() && height.is_finite()) {
        return Err(Error::Damaged("the page has no size".to_owned()));
    }
    let (width, height) = (f64::from(width), f64::from(height));
    let factor = (MAX_SIDE / width.max(height)).min(1.0);
    Ok(Size::rounded(width * factor, height * factor))
}

fn refusal(error: LoadPdfError) -> Error {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            Error::Unsupported("the PDF opens with a password only: send it without a password")
        }
        LoadPdfError::Decryption(
            DecryptionError::UnsupportedAlgorithm
            | DecryptionError::MissingIDEntry
            | DecryptionError::InvalidEncryption,
        ) => Error::Unsupported(
            "the PDF is encrypted in a way that isn't supported: send it without encryption",
        ),
        LoadPdfError::Invalid => {
            Error::Damaged("the PDF has no readable list of objects or pages".to_owned())
        }
    }
}
