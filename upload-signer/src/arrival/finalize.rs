//! Whether an upload that is stored is what it was declared to be. Decided from facts; nothing is read here.

use crate::arrival::dimensions::{Dimensions, measure};
use crate::arrival::sniff::{fits, sniff};
use crate::arrival::state::Reason;
use crate::signing::media_type::MediaType;
use crate::signing::policy::UploadPolicy;

/// How much of a file's beginning is looked at, in bytes. The type is told by the first few, but a JPEG's dimensions
/// come after its metadata, of which there are often more than 64 KiB.
pub const FIRST_BYTES: usize = 256 << 10;

/// What is known of an upload that is stored.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Its size in bytes.
    pub bytes: u64,
    /// Its `Content-Type`, as it will be served.
    pub declared: &'a str,
    /// Its beginning: [`FIRST_BYTES`], or all of it where it is shorter.
    pub first_bytes: &'a [u8],
}

/// What becomes of an upload, unless a scanner finds more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be served. A picture's dimensions are told where its beginning tells them.
    Clean(Option<Dimensions>),
    /// It must never be.
    Refused(Reason),
}

/// Judges an upload under a policy: its size, its declared type, whether its content is of that type, and the
/// dimensions of a picture.
pub fn decide(facts: &Facts<'_>, policy: &UploadPolicy) -> Verdict {
    match measured(facts, policy) {
        Ok(dimensions) => Verdict::Clean(dimensions),
        Err(reason) => Verdict::Refused(reason),
    }
}

fn measured(facts: &Facts<'_>, policy: &UploadPolicy) -> Result<Option<Dimensions>, Reason> {
    if facts.bytes == 0 {
        return Err(Reason::Empty);
    }
    if facts.bytes > policy.max_bytes {
        return Err(Reason::TooLarge);
    }
    let declared = MediaType::parse(facts.declared).filter(|declared| policy.takes(declared));
    let declared = declared.ok_or(Reason::TypeNotAllowed)?;
    let found = sniff(facts.first_bytes);
    if !fits(found, &declared) {
        return Err(Reason::OtherContent(found.map(str::to_owned)));
    }
    let dimensions = found.and_then(|found| measure(facts.first_bytes, found));
    match dimensions {
        Some(dimensions) if policy.max_pixels.is_some_and(|most| dimensions.pixels() > most) => {
            Err(Reason::TooManyPixels(Some(dimensions)))
        }
        told => Ok(told),
    }
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

    fn check(bytes: u64, declared: &str, first_bytes: &[u8], expected: Option<Reason>) {
        let verdict = decide(&Facts { bytes, declared, first_bytes }, &policy());
        assert_eq!(verdict, expected.map_or(Verdict::Clean(None), Verdict::Refused), "{declared} {bytes}");
    }

    #[test]
    fn what_is_as_declared_is_clean() {
        check(1000, "image/png", PNG, None);
        check(1000, "Image/PNG; charset=binary", PNG, None);
        check(20, "application/zip", b"PK\x03\x04\0\0", None);
    }

    #[test]
    fn a_picture_is_measured_and_may_have_as_many_pixels_as_are_allowed() {
        let first_bytes = [PNG, SIDES].concat();
        let facts = Facts { bytes: 1000, declared: "image/png", first_bytes: &first_bytes };
        let decide = |max_pixels| decide(&facts, &UploadPolicy { max_pixels, ..policy() });
        let dimensions = Dimensions::new(20, 50);
        assert_eq!(decide(None), Verdict::Clean(dimensions));
        assert_eq!(decide(Some(1000)), Verdict::Clean(dimensions));
        assert_eq!(decide(Some(999)), Verdict::Refused(Reason::TooManyPixels(dimensions)));
    }

    #[test]
    fn what_is_not_is_refused_with_the_reason() {
        let other = |found: &str| Some(Reason::OtherContent(Some(found.to_owned())));
        check(0, "image/png", b"", Some(Reason::Empty));
        check(1001, "image/png", PNG, Some(Reason::TooLarge));
        check(20, "video/mp4", PNG, Some(Reason::TypeNotAllowed));
        check(20, "", PNG, Some(Reason::TypeNotAllowed));
        check(20, "image/jpeg", PNG, other("image/png"));
        check(40, "image/png", HTML, other("text/html"));
        check(40, "application/zip", HTML, other("text/html"));
        check(40, "image/svg+xml", HTML, other("text/html"));
        check(3, "image/png", b"\0\x01\x02", Some(Reason::OtherContent(None)));
    }
}
