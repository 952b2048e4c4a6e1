//! Custom properties: `--name: value` and `var(--name, fallback)`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use super::scan::{find, function};

/// Longest value in bytes after its variables are replaced.
const MAX_BYTES: usize = 64 << 10;

/// Deepest chain of variables that refer to others.
const MAX_NESTING: u32 = 32;

/// The custom properties that an element has or inherits, with their values as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Variables(Rc<HashMap<String, String>>);

impl Variables {
    /// These properties and those that an element declares itself. Variables in a value are those of the element, so
    /// they are replaced here.
    pub(crate) fn with(&self, declared: HashMap<String, String>) -> Self {
        if declared.is_empty() {
            return self.clone();
        }
        let mut all = (*self.0).clone();
        all.extend(declared.iter().map(|(name, value)| (name.clone(), value.clone())));
        let known = Self(Rc::new(all));
        let mut resolved = (*self.0).clone();
        for (name, value) in declared {
            match known.resolved(&value, 0) {
                Some(value) => resolved.insert(name, value),
                None => resolved.remove(&name),
            };
        }
        Self(Rc::new(resolved))
    }

    /// The value with its variables replaced. `None` if one of them has no value, or if they refer to themselves.
    pub(crate) fn resolve<'a>(&self, value: &'a str) -> Option<Cow<'a, str>> {
        if next_variable(value).is_none() {
            return Some(Cow::Borrowed(value));
        }
        self.resolved(value, 0).map(Cow::Owned)
    }

    fn resolved(&self, value: &str, nesting: u32) -> Option<String> {
        if nesting > MAX_NESTING || value.len() > MAX_BYTES {
            return None;
        }
        let mut text = String::with_capacity(value.len());
        let mut rest = value;
        while let Some(start) = next_variable(rest) {
            let (before, call) = rest.split_at(start);
            let end = find(call.get(4..)?, &[')'])? + 5;
            let (call, behind) = call.split_at_checked(end)?;
            text.push_str(before);
            text.push_str(&self.replacement(call, nesting)?);
            if text.len() > MAX_BYTES {
                return None;
            }
            rest = behind;
        }
        text.push_str(rest);
        Some(text)
    }

    fn replacement(&self, call: &str, nesting: u32) -> Option<String> {
        let (_, inside) = function(call)?;
        let end = find(inside, &[',']).unwrap_or(inside.len());
        let (name, fallback) = inside.split_at(end);
        let own = self.0.get(name.trim()).filter(|value| !value.eq_ignore_ascii_case("initial"));
        let own = own.and_then(|value| self.resolved(value, nesting + 1));
        own.or_else(|| self.resolved(fallback.strip_prefix(',')?, nesting + 1))
    }
}

/// The place of the next `var(`.
fn next_variable(text: &str) -> Option<usize> {
    let is_call = |bytes: &[u8]| bytes.eq_ignore_ascii_case(b"var(");
    text.as_bytes().windows(4).zip(0..).filter(|(bytes, _)| is_call(bytes)).map(|(_, place)| place).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> Variables {
        let declared = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Variables::default().with(declared.collect())
    }

    #[test]
    fn variables_are_replaced_by_their_values_or_fallbacks() {
        let known = variables(&[("--a", "red"), ("--b", "var(--a)"), ("--c", "var(--c)"), ("--D", "1px")]);
        let check = |value: &str, expected: Option<&str>| {
            assert_eq!(known.resolve(value).as_deref().map(str::trim), expected, "{value}");
        };
        check("var(--a)", Some("red"));
        check("x VAR( --b ) y", Some("x red y"));
        check("var(--c)", None);
        check("var(--x)", None);
        check("var(--x, var(--d, rgb(1, 2, 3)))", Some("rgb(1, 2, 3)"));
        check("calc(var(--D) * 2)", Some("calc(1px * 2)"));
        check("var(--x,)", Some(""));
        check("var(--a", None);
    }

    #[test]
    fn long_values_without_variables_stay() {
        let path = "L1 1".repeat(100_000);
        assert_eq!(Variables::default().resolve(&path).as_deref(), Some(path.as_str()));
    }

    #[test]
    fn variables_that_multiply_have_no_value() {
        let tenfold = |n: usize| (format!("--v{}", n + 1), format!("var(--v{n})").repeat(10));
        let pairs: Vec<(String, String)> =
            (0..20).map(tenfold).chain([("--v0".to_owned(), "1".to_owned())]).collect();
        let declared = pairs.into_iter().collect();
        assert_eq!(Variables::default().with(declared).resolve("var(--v20)"), None);
    }
}
