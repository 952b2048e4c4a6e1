//! The edge functions, as source for the runtime `cloudfront-js-2.0`.

use std::sync::LazyLock;

/// Runs before the cache on every request for media: one canonical path, or a problem.
pub static VIEWER_REQUEST: LazyLock<String> =
    LazyLock::new(|| deployed(include_str!("../viewer_request.js")));

/// Runs on every response that media behaviours send: `Vary` where the format was negotiated.
pub static VIEWER_RESPONSE: LazyLock<String> =
    LazyLock::new(|| deployed(include_str!("../viewer_response.js")));

/// The longest source of a function, in bytes (CloudFront's quota, "maximum function size").
pub const MAX_SOURCE_BYTES: usize = 10_240;

/// The most memory a function may use, in bytes (CloudFront's quota, "maximum function memory").
pub const MAX_MEMORY_BYTES: usize = 2 * 1024 * 1024;

/// The source as it is deployed: without blank lines, indentation and lines that are nothing but a `//`
/// comment, for which the quota has no room. Every other line stays a line, so that semicolons are inserted
/// where they were.
///
/// A string in backticks must not go over a line's end: its lines would lose their indentation too.
fn deployed(source: &str) -> String {
    let lines = source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCES: [&str; 2] = [include_str!("../viewer_request.js"), include_str!("../viewer_response.js")];

    #[test]
    fn the_functions_fit_into_cloudfronts_quota() {
        for source in [&*VIEWER_REQUEST, &*VIEWER_RESPONSE] {
            assert!(source.len() < MAX_SOURCE_BYTES, "{} bytes", source.len());
        }
    }

    #[test]
    fn comments_indentation_and_blank_lines_are_dropped_and_lines_of_code_stay_lines() {
        let check = |source: &str, expected: &str| assert_eq!(deployed(source), expected);
        check("", "");
        check("// Why.\nlet a = 1;\n\n  // And this.\n  f(a)\n", "let a = 1;\nf(a)\n");
        check("f(`a // b`); // stays\n", "f(`a // b`); // stays\n");
        check("return\n  a\n", "return\na\n");
    }

    #[test]
    fn nothing_in_the_functions_goes_over_the_end_of_a_line_but_code() {
        for source in SOURCES {
            for line in source.lines() {
                let code = line.trim_start();
                assert!(code.starts_with("//") || code.matches('`').count() % 2 == 0, "{line}");
                assert!(!code.contains("/*") && !code.ends_with('\\'), "{line}");
            }
        }
    }
}
