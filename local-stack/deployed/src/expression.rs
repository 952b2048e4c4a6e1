//! Metric math: sums of products of metrics and numbers.

/// An expression: terms that are added. Parentheses, differences and functions aren't emulated.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expression(Vec<Vec<Factor>>);

/// A factor of a term.
#[derive(Clone, Debug, PartialEq)]
struct Factor {
    operand: Operand,
    is_divisor: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Operand {
    Number(f64),
    Id(String),
}

impl Expression {
    /// Reads an expression.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let terms = text.split('+').map(term).collect::<Option<_>>();
        terms.map(Self).ok_or_else(|| format!("the Expression {text} isn't emulated"))
    }

    /// The value with the metrics that `of` knows by their IDs. `None` if one of them has none.
    pub(crate) fn value(&self, of: impl Fn(&str) -> Option<f64>) -> Option<f64> {
        let mut sum = 0.0;
        for term in &self.0 {
            let mut product = 1.0;
            for factor in term {
                let value = match &factor.operand {
                    Operand::Number(number) => *number,
                    Operand::Id(id) => of(id)?,
                };
                product = if factor.is_divisor { product / value } else { product * value };
            }
            sum += product;
        }
        Some(sum)
    }
}

fn term(text: &str) -> Option<Vec<Factor>> {
    let mut factors = Vec::new();
    for product in text.split('*') {
        for (place, operand) in product.split('/').enumerate() {
            factors.push(Factor { operand: self::operand(operand.trim())?, is_divisor: place > 0 });
        }
    }
    Some(factors)
}

fn operand(text: &str) -> Option<Operand> {
    let is_id = text.starts_with(|char: char| char.is_ascii_lowercase())
        && text.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    if is_id { Some(Operand::Id(text.to_owned())) } else { text.parse().ok().map(Operand::Number) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_added() {
        let of = |id: &str| match id {
            "a" => Some(6.0),
            "b_1" => Some(0.5),
            _ => None,
        };
        for (text, expected) in [
            ("a", Some(6.0)),
            ("a * 2 / 3 + 1", Some(5.0)),
            ("1 / a * b_1 + b_1", Some(1.0 / 12.0 + 0.5)),
            ("a + c", None),
        ] {
            assert_eq!(Expression::parse(text).unwrap().value(of), expected, "{text}");
        }
        for text in ["", "(a)", "a - b", "SUM(a)", "a +", "a * * 2"] {
            assert!(Expression::parse(text).is_err(), "{text}");
        }
    }
}
