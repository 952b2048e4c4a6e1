//! Numbers with units, and the mathematical functions of CSS.

/// Deepest nesting of functions and brackets.
const MAX_NESTING: u32 = 32;

/// What lengths refer to, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Units {
    /// The element's font size.
    pub(crate) font: f64,
    /// The font size of the root element.
    pub(crate) root_font: f64,
    /// The drawing's own width and height.
    pub(crate) screen: (f64, f64),
    /// Width and height of the nearest view box.
    pub(crate) view: (f64, f64),
}

/// The side that a percentage refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    Across,
    Down,
    /// The root mean square of both sides.
    Both,
}

impl Units {
    /// A length in user units. Lengths without a unit are in user units, too.
    pub(crate) fn length(&self, text: &str, axis: Axis) -> Option<f64> {
        let (width, height) = self.view;
        let whole = match axis {
            Axis::Across => width,
            Axis::Down => height,
            Axis::Both => width.hypot(height) / f64::sqrt(2.0),
        };
        self.length_of(text, whole)
    }

    /// A length whose percentages refer to `whole`.
    pub(crate) fn length_of(&self, text: &str, whole: f64) -> Option<f64> {
        evaluate(text, &|number, unit| self.pixels(number, unit, whole))
    }

    fn pixels(&self, number: f64, unit: &str, whole: f64) -> Option<f64> {
        let (width, height) = self.screen;
        let factor = match unit {
            "" | "px" => 1.0,
            "%" => whole / 100.0,
            "em" | "ic" => self.font,
            "rem" => self.root_font,
            "ex" | "ch" => self.font / 2.0,
            "lh" => self.font * 1.2,
            "rlh" => self.root_font * 1.2,
            "cap" => self.font * 0.7,
            "in" => 96.0,
            "cm" => 96.0 / 2.54,
            "mm" => 96.0 / 25.4,
            "q" => 96.0 / 101.6,
            "pt" => 96.0 / 72.0,
            "pc" => 16.0,
            "vw" | "svw" | "lvw" | "dvw" | "vi" => width / 100.0,
            "vh" | "svh" | "lvh" | "dvh" | "vb" => height / 100.0,
            "vmin" => width.min(height) / 100.0,
            "vmax" => width.max(height) / 100.0,
            _ => return None,
        };
        Some(number * factor)
    }
}

/// A number, or a percentage as its fraction.
pub(crate) fn number(text: &str) -> Option<f64> {
    evaluate(text, &|number, unit| match unit {
        "" => Some(number),
        "%" => Some(number / 100.0),
        _ => None,
    })
}

/// An angle in degrees.
pub(crate) fn angle(text: &str) -> Option<f64> {
    evaluate(text, &|number, unit| {
        Some(match unit {
            "" | "deg" => number,
            "grad" => number * 0.9,
            "rad" => number.to_degrees(),
            "turn" => number * 360.0,
            _ => return None,
        })
    })
}

/// The value of the text, which is one number with a unit or one function. `convert` changes a number with a unit in
/// small letters to the wanted one.
fn evaluate(text: &str, convert: &dyn Fn(f64, &str) -> Option<f64>) -> Option<f64> {
    let text = text.trim().to_ascii_lowercase();
    let mut reader = Reader { rest: &text, convert, nesting: 0 };
    let value = reader.operand()?;
    (reader.rest.trim().is_empty() && value.is_finite()).then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
    convert: &'a dyn Fn(f64, &str) -> Option<f64>,
    nesting: u32,
}

impl Reader<'_> {
    fn sum(&mut self) -> Option<f64> {
        let mut sum = self.product()?;
        loop {
            self.skip_space();
            if self.takes("+") {
                sum += self.product()?;
            } else if self.takes("-") {
                sum -= self.product()?;
            } else {
                return Some(sum);
            }
        }
    }

    fn product(&mut self) -> Option<f64> {
        let mut product = self.operand()?;
        loop {
            self.skip_space();
            if self.takes("*") {
                product *= self.operand()?;
            } else if self.takes("/") {
                product /= self.operand()?;
            } else {
                return Some(product);
            }
        }
    }

    fn operand(&mut self) -> Option<f64> {
        self.skip_space();
        let start = self.rest.trim_start_matches(['+', '-']);
        if start.starts_with(|next: char| next.is_ascii_digit() || next == '.') {
            return self.dimension();
        }
        let sign = if self.takes("-") { -1.0 } else { 1.0 };
        let length =
            self.rest.bytes().take_while(|next| next.is_ascii_alphanumeric() || *next == b'-').count();
        let (name, behind) = self.rest.split_at_checked(length)?;
        self.rest = behind;
        if !self.takes("(") {
            return match name {
                "pi" => Some(sign * std::f64::consts::PI),
                "e" => Some(sign * std::f64::consts::E),
                _ => None,
            };
        }
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return None;
        }
        let arguments = self.arguments()?;
        self.nesting -= 1;
        apply(name, &arguments).map(|value| sign * value)
    }

    fn arguments(&mut self) -> Option<Vec<f64>> {
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.sum()?);
            self.skip_space();
            if self.takes(")") || self.rest.is_empty() {
                return Some(arguments);
            }
            if !self.takes(",") {
                return None;
            }
        }
    }

    fn dimension(&mut self) -> Option<f64> {
        let bytes = self.rest.as_bytes();
        let is_digit = |place: usize| bytes.get(place).is_some_and(u8::is_ascii_digit);
        let mut end = usize::from(self.rest.starts_with(['+', '-']));
        while is_digit(end) || bytes.get(end) == Some(&b'.') && is_digit(end + 1) {
            end += 1;
        }
        let has_sign = matches!(bytes.get(end + 1), Some(b'+' | b'-'));
        if bytes.get(end) == Some(&b'e') && is_digit(end + 1 + usize::from(has_sign)) {
            end += 2;
            while is_digit(end) {
                end += 1;
            }
        }
        let (number, behind) = self.rest.split_at_checked(end)?;
        let number: f64 = number.parse().ok()?;
        let length = behind.bytes().take_while(|next| next.is_ascii_alphabetic() || *next == b'%').count();
        let (unit, behind) = behind.split_at_checked(length)?;
        self.rest = behind;
        (self.convert)(number, unit)
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn takes(&mut self, mark: &str) -> bool {
        let behind = self.rest.strip_prefix(mark);
        self.rest = behind.unwrap_or(self.rest);
        behind.is_some()
    }
}

fn apply(name: &str, arguments: &[f64]) -> Option<f64> {
    let value = match (name, arguments) {
        ("" | "calc" | "-webkit-calc", [value]) => *value,
        ("min", [first, rest @ ..]) => rest.iter().copied().fold(*first, f64::min),
        ("max", [first, rest @ ..]) => rest.iter().copied().fold(*first, f64::max),
        ("clamp", [least, value, most]) => value.min(*most).max(*least),
        ("abs", [value]) => value.abs(),
        ("sign", [value]) => value.signum(),
        ("sqrt", [value]) => value.sqrt(),
        ("pow", [base, exponent]) => base.powf(*exponent),
        ("hypot", values) => values.iter().map(|value| value * value).sum::<f64>().sqrt(),
        ("round", [value]) => value.round(),
        ("round", [value, step]) => (value / step).round() * step,
        ("mod", [value, divisor]) => value - divisor * (value / divisor).floor(),
        ("rem", [value, divisor]) => value % divisor,
        _ => return None,
    };
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_units_and_functions() {
        let units = Units { font: 20.0, root_font: 16.0, screen: (300.0, 150.0), view: (100.0, 50.0) };
        let check = |text: &str, expected: Option<f64>| {
            let length = units.length(text, Axis::Across);
            let is_same = match (length, expected) {
                (Some(a), Some(b)) => (a - b).abs() < 1e-6,
                (a, b) => a == b,
            };
            assert!(is_same, "{text}: {length:?}");
        };
        check("10", Some(10.0));
        check(" -1.5e1PX ", Some(-15.0));
        check("2em", Some(40.0));
        check("1rem", Some(16.0));
        check("1in", Some(96.0));
        check("40Q", Some(37.795_275_6));
        check("10%", Some(10.0));
        check("10vw", Some(30.0));
        check("calc(10px + 2 * 5px - 1em/2)", Some(10.0));
        check("calc(50% - (10px * 2))", Some(30.0));
        check("min(10px, 1em, 5%)", Some(5.0));
        check("clamp(1px, 2em, 30px)", Some(30.0));
        check("calc(-1 * min(1px, 2px))", Some(-1.0));
        check("calc(1px", Some(1.0));
        check("calc(1px 2px)", None);
        check("calc(1px / 0)", None);
        check("10furlongs", None);
        check("1px 2px", None);
        check("", None);
        check("é", None);
        check(&("calc(".repeat(100) + "1"), None);
    }

    #[test]
    fn angles_and_numbers_have_their_own_units() {
        assert_eq!(angle(".25turn"), Some(90.0));
        assert_eq!(angle("calc(100grad / 2)"), Some(45.0));
        assert_eq!(number("50%"), Some(0.5));
        assert_eq!(number("1px"), None);
    }
}
