//! Patterns with the wildcards `*`, for any characters, and `?`, for one character.

use wildmatch::WildMatch;

/// `true` if a text matches a pattern.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    WildMatch::new(pattern).matches(text)
}

/// `true` if an ARN matches a pattern: each of the six parts between colons by itself. The sixth may contain more colons.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>, "ARN".
pub(crate) fn matches_arn(pattern: &str, arn: &str) -> bool {
    let (patterns, parts): (Vec<_>, Vec<_>) =
        (pattern.splitn(6, ':').collect(), arn.splitn(6, ':').collect());
    patterns.len() == 6
        && parts.len() == 6
        && patterns.iter().zip(parts).all(|(pattern, part)| matches(pattern, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_characters() {
        for (pattern, text, expected) in [
            ("a", "a", true),
            ("a", "A", false),
            ("a", "ab", false),
            ("", "", true),
            ("*", "", true),
            ("*", "a/b", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("a*b*c", "a-b-b-c-c", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("é?", "éü", true),
            ("files/*", "files/", true),
            ("files/*", "files", false),
            ("a*", "a*", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_star_in_an_arn_ends_at_a_colon() {
        let arn = "arn:aws:cloudfront::123456789012:distribution/E1";
        for (pattern, expected) in [
            (arn, true),
            ("arn:aws:cloudfront::123456789012:distribution/*", true),
            ("arn:*:cloudfront:*:*:*", true),
            ("arn:aws:cloudfront::*", false),
            ("arn:aws:cloudfront::123456789012:distribution/E2", false),
            ("*", false),
        ] {
            assert_eq!(matches_arn(pattern, arn), expected, "{pattern}");
        }
    }
}
