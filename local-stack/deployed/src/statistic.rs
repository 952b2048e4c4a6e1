//! Statistics of a metric's values in a period.

/// A statistic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Statistic {
    Average,
    Maximum,
    Minimum,
    /// A percentile, above 0 and at most 100.
    Percentile(f64),
    Sum,
}

impl Statistic {
    /// Reads a name of `CloudWatch`, such as `Sum` or `p99`.
    pub(crate) fn parse(name: &str) -> Result<Self, String> {
        match name {
            "Average" => Ok(Self::Average),
            "Maximum" => Ok(Self::Maximum),
            "Minimum" => Ok(Self::Minimum),
            "Sum" => Ok(Self::Sum),
            other => {
                let percent = other.strip_prefix('p').and_then(|percent| percent.parse().ok());
                let percent = percent.filter(|percent| *percent > 0.0 && *percent <= 100.0);
                percent.map(Self::Percentile).ok_or_else(|| format!("the statistic {other} isn't emulated"))
            }
        }
    }

    /// The statistic of values. `None` if there are none.
    pub(crate) fn of(self, mut values: Vec<f64>) -> Option<f64> {
        values.sort_by(f64::total_cmp);
        let (sum, count) = (values.iter().sum::<f64>(), values.len());
        let (first, last) = (*values.first()?, *values.last()?);
        match self {
            Self::Average => Some(sum / count as f64),
            Self::Maximum => Some(last),
            Self::Minimum => Some(first),
            Self::Percentile(percent) => {
                let rank = (percent / 100.0 * count as f64).ceil() as usize;
                values.get(rank.saturating_sub(1)).copied()
            }
            Self::Sum => Some(sum),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statistic_has_the_value_of_its_name() {
        let of = |name: &str| Statistic::parse(name).unwrap().of((1..=200).rev().map(f64::from).collect());
        for (name, expected) in [
            ("Average", 100.5),
            ("Maximum", 200.0),
            ("Minimum", 1.0),
            ("Sum", 20_100.0),
            ("p99", 198.0),
            ("p50", 100.0),
        ] {
            assert_eq!(of(name), Some(expected), "{name}");
        }
        assert_eq!(Statistic::Sum.of(Vec::new()), None);
        assert!(Statistic::parse("p0").is_err());
    }
}
