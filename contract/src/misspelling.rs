//! Names of parameters that are nearly right.

use crate::imgix;
use crate::parameters::known_names;

/// The shortest name that is compared, in units of UTF-16. Shorter names are similar to too many others.
const MIN_LENGTH: usize = 3;

/// The known name that an unknown one means: it is the same in lower case, or differs by one letter: a letter is wrong,
/// missing or superfluous, or two adjacent letters are swapped. `None` for parameters of imgix, which aren't mistakes.
/// If several names differ by one letter, the first in alphabetical order is returned.
pub(crate) fn meant(unknown: &str) -> Option<&'static str> {
    let unknown = unknown.to_ascii_lowercase();
    if imgix::is_missing(&unknown) {
        return None;
    }
    let known = known_names();
    let same = known.iter().copied().find(|known| *known == unknown);
    same.or_else(|| known.into_iter().filter(|known| is_near(known, &unknown)).min())
}

/// `true` if the Damerau-Levenshtein distance of two different names is 1. Letters are units of UTF-16, as in the edge
/// function.
fn is_near(known: &str, unknown: &str) -> bool {
    let (known, unknown): (Vec<u16>, Vec<u16>) =
        (known.encode_utf16().collect(), unknown.encode_utf16().collect());
    if known.len().min(unknown.len()) < MIN_LENGTH {
        return false;
    }
    let same = known.iter().zip(&unknown).take_while(|(a, b)| a == b).count();
    match (known.get(same..).unwrap_or_default(), unknown.get(same..).unwrap_or_default()) {
        ([_, a @ ..], b) | (b, [_, a @ ..]) if a == b => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([a, b, after @ ..], [c, d, rest @ ..]) => (a, b, after) == (d, c, rest),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_one_wrong_letter_is_matched_to_the_known_name() {
        let check = |unknown: &str, expected: Option<&str>| assert_eq!(meant(unknown), expected, "{unknown}");
        check("crp", Some("crop"));
        check("wdith", Some("width"));
        check("expries", Some("expires"));
        check("expire", Some("expires"));
        check("Width", Some("width"));
        check("WDITH", Some("width"));
        check("FP-Y", Some("fp-y"));
        check("drp", Some("dpr"));
        check("fitt", Some("fit"));
        check("gravety", Some("gravity"));
        check("fp-w", Some("fp-x"));
        check("qualitty", Some("quality"));
        check("formta", Some("format"));
    }

    #[test]
    fn every_name_in_another_case_is_matched_to_the_known_name() {
        for known in known_names() {
            assert_eq!(meant(&known.to_uppercase()), Some(known));
            let (first, rest) = known.split_at(1);
            assert_eq!(meant(&format!("{}{rest}", first.to_uppercase())), Some(known));
            assert_eq!(meant(&format!("{first}{}", rest.to_uppercase())), Some(known));
        }
    }

    #[test]
    fn other_names_are_not_mistakes() {
        for name in [
            "a",
            "x",
            "fn",
            "ww",
            "UTM_SOURCE",
            "utm_source",
            "utm_id",
            "fbclid",
            "gclid",
            "wdth1",
            "ixlib",
            "pwidtth",
            "é",
            "",
        ] {
            assert_eq!(meant(name), None, "{name}");
        }
        for name in imgix::MISSING {
            assert_eq!(meant(name), None, "{name}");
            assert_eq!(meant(&name.to_uppercase()), None, "{name}");
        }
    }
}
