//! Lists of exceptions with their reasons, in `tests/permissions/*.txt`.

use std::path::Path;

/// A list of exceptions. Each line is a pattern, in which `*` stands for any text, and after ` # ` the reason.
pub(super) struct Exceptions {
    name: &'static str,
    /// The patterns, and whether each was needed.
    patterns: Vec<(String, bool)>,
}

impl Exceptions {
    pub(super) fn read(name: &'static str) -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("permissions").join(format!("{name}.txt"));
        let text = std::fs::read_to_string(file).unwrap();
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let pattern = |line: &str| {
            let (pattern, reason) = line.split_once(" # ").unwrap_or_else(|| panic!("{line} has no reason"));
            assert!(!reason.is_empty(), "{line} has no reason");
            (pattern.trim_end().to_owned(), false)
        };
        Self { name, patterns: lines.map(pattern).collect() }
    }

    pub(super) fn contain(&mut self, text: &str) -> bool {
        let found = self.patterns.iter_mut().find(|(pattern, _)| matches(pattern, text));
        let Some((_, is_needed)) = found else { return false };
        *is_needed = true;
        true
    }

    pub(super) fn assert_all_are_needed(&self) {
        let unneeded: Vec<_> = self.patterns.iter().filter(|(_, is_needed)| !is_needed).collect();
        assert!(
            unneeded.is_empty(),
            "permissions/{}.txt has exceptions that don't occur: {unneeded:?}",
            self.name
        );
    }
}

/// `true` if a text consists of the parts of a pattern between its stars, with any text in their place.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(first) else { return false };
    (0..=text.len()).filter(|place| text.is_char_boundary(*place)).any(|place| matches(rest, &text[place..]))
}
