//! The inspection of a stored upload, which compares its content with its declaration. It does no I/O: the caller reads
//! the file.

use contract::caching::Caching;

use crate::arrival::dimensions::{Dimensions, read_dimensions};
use crate::arrival::sniff::{served_type, sniff};
use crate::arrival::state::RefusalReason;
use crate::signing::media_type::MediaType;
use crate::signing::policy::{S3_MAX_BYTES, UploadPolicy};

/// The number of bytes at the beginning of a file that are inspected. The type needs only the first few, but the
/// dimensions of a JPEG follow its metadata, which is often longer than 64 KiB.
pub const INSPECTED_BYTES: usize = 256 << 10;

/// The properties of a stored upload that decide whether it may be served.
#[derive(Clone, Copy, Debug)]
pub struct StoredFile<'a> {
    /// Its size in bytes.
    pub bytes: u64,
    /// Its `Content-Type`.
    pub declared_type: &'a str,
    /// The names in lower case and values of the other headers that S3 stores with the file and returns with it.
    pub headers: &'a [(&'static str, String)],
    /// Its first [`INSPECTED_BYTES`] bytes, or all of a shorter file.
    pub first_bytes: &'a [u8],
}

/// The facts about a file that may be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CleanFile {
    /// The type with which the file must be served, which may be another than the declared one.
    pub media_type: MediaType,
    /// The dimensions of a picture, if its inspected bytes contain them.
    pub dimensions: Option<Dimensions>,
}

/// Checks size, declared type, content and dimensions under a policy. An error is the reason why the file must not be served.
pub fn inspect(file: &StoredFile<'_>, policy: &UploadPolicy) -> Result<CleanFile, RefusalReason> {
    if file.bytes == 0 {
        return Err(RefusalReason::Empty);
    }
    if file.bytes > policy.max_bytes {
        return Err(RefusalReason::TooLarge);
    }
    if let Some((name, _)) = file.headers.iter().find(|header| !is_granted(header)) {
        return Err(RefusalReason::OtherHeader(Some((*name).to_owned())));
    }
    let declared = MediaType::parse(file.declared_type).filter(|declared| policy.allows(declared));
    let declared = declared.ok_or(RefusalReason::TypeNotAllowed)?;
    let detected = sniff(file.first_bytes);
    // S3 copies at most this size at once, which is necessary to change a stored type.
    let may_have =
        |served: &MediaType| *served == declared || (policy.allows(served) && file.bytes <= S3_MAX_BYTES);
    let media_type = served_type(detected, &declared)
        .filter(may_have)
        .ok_or_else(|| RefusalReason::OtherContent(detected.map(str::to_owned)))?;
    let dimensions = detected.and_then(|detected| read_dimensions(file.first_bytes, detected));
    match dimensions {
        Some(dimensions) if policy.max_pixels.is_some_and(|most| dimensions.pixels() > most) => {
            Err(RefusalReason::TooManyPixels(Some(dimensions)))
        }
        dimensions => Ok(CleanFile { media_type, dimensions }),
    }
}

/// `true` for a header that every grant contains. A presigned PUT also accepts headers that aren't signed, such as
/// `Content-Encoding`: viewers would then get other bytes than the finaliser has checked.
fn is_granted((name, value): &(&'static str, String)) -> bool {
    *name == "cache-control" && *value == Caching::Immutable.header()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::policy::TypePattern;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
    const SIDES: &[u8] = b"\0\0\0\x14\0\0\0\x32\x08\x06\0\0\0";
    const HTML: &[u8] = b"<!DOCTYPE html><script>alert(1)</script>";

    fn policy() -> UploadPolicy {
        let types = ["image/*", "application/zip"].map(|text| TypePattern::parse(text).unwrap()).to_vec();
        UploadPolicy { max_bytes: 1000, types, ..UploadPolicy::default() }
    }

    fn check(bytes: u64, declared_type: &str, first_bytes: &[u8], expected: Option<RefusalReason>) {
        let result = inspect(&StoredFile { bytes, declared_type, headers: &[], first_bytes }, &policy());
        assert_eq!(result.map(drop), expected.map_or(Ok(()), Err), "{declared_type} {bytes}");
    }

    #[test]
    fn a_file_that_matches_its_declaration_is_clean() {
        check(1000, "image/png", PNG, None);
        check(1000, "Image/PNG; charset=binary", PNG, None);
        check(20, "application/zip", b"PK\x03\x04\0\0", None);
    }

    #[test]
    fn a_picture_within_the_pixel_limit_is_clean_and_a_larger_one_refused() {
        let first_bytes = [PNG, SIDES].concat();
        let file =
            StoredFile { bytes: 1000, declared_type: "image/png", headers: &[], first_bytes: &first_bytes };
        let inspect = |max_pixels| {
            inspect(&file, &UploadPolicy { max_pixels, ..policy() }).map(|clean| clean.dimensions)
        };
        let dimensions = Dimensions::new(20, 50);
        assert_eq!(inspect(None), Ok(dimensions));
        assert_eq!(inspect(Some(1000)), Ok(dimensions));
        assert_eq!(inspect(Some(999)), Err(RefusalReason::TooManyPixels(dimensions)));
    }

    #[test]
    fn a_picture_of_another_format_is_served_with_its_true_type_if_that_is_allowed() {
        let inspect = |bytes: u64, types: &[&str]| {
            let types = types.iter().map(|text| TypePattern::parse(text).unwrap()).collect();
            let policy = UploadPolicy { types, max_bytes: u64::MAX, ..UploadPolicy::default() };
            let file = StoredFile { bytes, declared_type: "image/jpeg", headers: &[], first_bytes: PNG };
            inspect(&file, &policy).map(|clean| clean.media_type.to_string())
        };
        let refused = Err(RefusalReason::OtherContent(Some("image/png".to_owned())));
        assert_eq!(inspect(1000, &["image/*"]).as_deref(), Ok("image/png"));
        assert_eq!(inspect(1000, &["image/jpeg"]), refused);
        assert_eq!(inspect(S3_MAX_BYTES, &["image/*"]).as_deref(), Ok("image/png"));
        assert_eq!(inspect(S3_MAX_BYTES + 1, &["image/*"]), refused);
    }

    #[test]
    fn a_header_that_no_grant_contains_is_refused() {
        let inspect = |name: &'static str, value: &str| {
            let headers = [(name, value.to_owned())];
            let file =
                StoredFile { bytes: 1000, declared_type: "image/png", headers: &headers, first_bytes: PNG };
            inspect(&file, &policy()).err()
        };
        assert_eq!(inspect("cache-control", "public, max-age=31536000, immutable"), None);
        for (name, value) in [
            ("cache-control", "no-store"),
            ("content-encoding", "br"),
            ("content-disposition", "inline"),
            ("content-language", "en"),
            ("expires", "0"),
            ("x-amz-website-redirect-location", "/a"),
        ] {
            assert_eq!(inspect(name, value), Some(RefusalReason::OtherHeader(Some(name.to_owned()))));
        }
    }

    #[test]
    fn a_file_that_breaks_a_rule_is_refused_with_the_reason() {
        let other = |detected: &str| Some(RefusalReason::OtherContent(Some(detected.to_owned())));
        check(0, "image/png", b"", Some(RefusalReason::Empty));
        check(1001, "image/png", PNG, Some(RefusalReason::TooLarge));
        check(20, "video/mp4", PNG, Some(RefusalReason::TypeNotAllowed));
        check(20, "", PNG, Some(RefusalReason::TypeNotAllowed));
        check(40, "image/png", HTML, other("text/html"));
        check(40, "application/zip", HTML, other("text/html"));
        check(40, "image/svg+xml", HTML, other("text/html"));
        check(3, "image/png", b"\0\x01\x02", Some(RefusalReason::OtherContent(None)));
    }
}
