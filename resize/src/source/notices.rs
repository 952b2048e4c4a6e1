//! What a file says about its authors and about how it was made: in EXIF, IPTC-IIM and XMP.

mod exif;
mod iptc;
mod notice;
mod source_type;
mod xmp;

use super::Source;
use super::info::SourceFormat;
use super::jpeg_segments::before_scans;
use crate::error::Error;

pub(crate) use notice::Notices;

impl Notices {
    /// Reads the notices of a source whose pixels are decoded: always how it was made, and its authors if `keeps_credit`. `None`
    /// if it says nothing.
    pub(crate) fn of(source: &Source<'_>, keeps_credit: bool) -> Result<Option<Self>, Error> {
        let file = source.file();
        // The rest of a JPEG may not have arrived.
        let is_jpeg = matches!(source.info().format, SourceFormat::Jpeg(_));
        let bytes = if is_jpeg { before_scans(file.head()) } else { file.whole()? };
        Ok(Self::read(bytes, keeps_credit))
    }

    pub(crate) fn read(bytes: &[u8], keeps_credit: bool) -> Option<Self> {
        let mut notices = Self { source_type: source_type::of(bytes), ..Self::default() };
        if keeps_credit {
            for other in [exif::notices(bytes), iptc::notices(bytes), xmp::notices(bytes)] {
                notices.artist = notices.artist.or(other.artist);
                notices.copyright = notices.copyright.or(other.copyright);
                notices.credit = notices.credit.or(other.credit);
            }
        }
        (notices != Self::default()).then_some(notices)
    }
}

#[cfg(test)]
mod tests;
