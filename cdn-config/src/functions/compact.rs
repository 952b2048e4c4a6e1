//! A source without comments and blanks, for which CloudFront's quota has no room. No name is changed and no
//! token: what is deployed reads as it was written.

/// Drops whole-line `//` comments, blank lines, indentation, blanks between tokens that need none, and line
/// ends behind `,` `;` and `{`, where no semicolon would be inserted.
///
/// Knows what the edge functions use: no block comments, no comments behind code, and nothing that goes over
/// the end of a line inside quotes or slashes.
pub(super) fn compact(source: &str) -> String {
    let lines = source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    let mut text = String::with_capacity(source.len());
    for line in lines {
        push_tokens(line, &mut text);
        if !line.ends_with([',', ';', '{']) {
            text.push('\n');
        }
    }
    text
}

fn push_tokens(line: &str, text: &mut String) {
    let mut rest = line;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '\'' | '"' | '`' => literal_length(rest, next),
            '/' if begins_pattern(text) => literal_length(rest, '/'),
            _ => next.len_utf8(),
        };
        let (token, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if token != " " || is_needed(text.chars().next_back(), behind.chars().next()) {
            text.push_str(token);
        }
        rest = behind;
    }
}

/// Whether a slash behind `text` begins a regular expression: it does where an operand must follow.
fn begins_pattern(text: &str) -> bool {
    text.ends_with(['(', ',', '=', '>', '?', ':', '[', '!', '&', '|', '\n', ';', '{'])
}

/// The bytes of a string or regular expression at the start of `text`, both its delimiters counted.
fn literal_length(text: &str, delimiter: char) -> usize {
    let (mut is_escaped, mut is_in_class) = (false, false);
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '[' if delimiter == '/' => is_in_class = true,
            ']' => is_in_class = false,
            c if c == delimiter && !is_in_class => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// Whether a blank between two characters keeps tokens apart.
fn is_needed(before: Option<char>, behind: Option<char>) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    match (before, behind) {
        (Some(before), Some(behind)) => {
            (is_word(before) && is_word(behind)) || ("+-/".contains(before) && "+-/".contains(behind))
        }
        (None, _) | (_, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCES: [&str; 2] =
        [include_str!("../../viewer_request.js"), include_str!("../../viewer_response.js")];

    #[test]
    fn comments_and_blanks_go_and_tokens_stay() {
        let check = |source: &str, expected: &str| assert_eq!(compact(source), expected);
        check("", "");
        check("// Why.\nlet a = 1;\n\n  // And this.\n  f(a)\n", "let a=1;f(a)\n");
        check("f('a  b', \"c \\\" d\", `e ${ f } // g`)", "f('a  b',\"c \\\" d\",`e ${ f } // g`)\n");
        check("a.replace(/[ /'] b/g, ' ')", "a.replace(/[ /'] b/g,' ')\n");
        check("part => / '/.test(part)", "part=>/ '/.test(part)\n");
        check("a / b / ' c '", "a/b/' c '\n");
        check("a + +b - -c", "a+ +b- -c\n");
        check("return\n  a\n", "return\na\n");
        check("if (a) {\n  b;\n}\nc\n", "if(a){b;}\nc\n");
        check("async function f(a) { return await a }", "async function f(a){return await a}\n");
    }

    #[test]
    fn nothing_but_comments_and_blanks_is_dropped_from_the_functions() {
        for source in SOURCES {
            let code: String = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(bare(&compact(source)), bare(&code));
        }
    }

    #[test]
    fn the_functions_hold_nothing_that_goes_over_the_end_of_a_line_but_code() {
        for source in SOURCES {
            for line in source.lines() {
                let code = line.trim_start();
                assert!(code.starts_with("//") || code.matches('`').count() % 2 == 0, "{line}");
                assert!(!code.contains("/*") && !code.ends_with('\\'), "{line}");
            }
        }
    }
}
