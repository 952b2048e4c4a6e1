//! The configuration of the upload policy in the environment.

use std::ops::RangeInclusive;
use std::time::Duration;

use service::env::{self, Variable};

use crate::config::error::ConfigError;
use crate::signing::policy::{MAX_LIFETIME, S3_MAX_OBJECT_BYTES, TypePattern, UploadPolicy};

/// The policy of the environment. A variable that isn't set leaves the value of `defaults`.
pub fn from_env(defaults: UploadPolicy) -> Result<UploadPolicy, ConfigError> {
    let types = types(&env::read(env::UPLOAD_TYPES)?)?;
    let given = |variable: Variable, range: RangeInclusive<u64>| {
        env::given(variable)?.map(|value| number(variable, &value, range)).transpose()
    };
    let lifetime = given(env::UPLOAD_LIFETIME, 1..=MAX_LIFETIME.as_secs())?;
    Ok(UploadPolicy {
        types: if types.is_empty() { defaults.types } else { types },
        max_bytes: given(env::UPLOAD_MAX_BYTES, 1..=S3_MAX_OBJECT_BYTES)?.unwrap_or(defaults.max_bytes),
        max_pixels: given(env::UPLOAD_MAX_PIXELS, 1..=u64::MAX)?.or(defaults.max_pixels),
        lifetime: lifetime.map_or(defaults.lifetime, Duration::from_secs),
        ..defaults
    })
}

fn types(list: &str) -> Result<Vec<TypePattern>, ConfigError> {
    let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    entries
        .map(|entry| {
            let error = |reason: String| ConfigError::Type { value: entry.to_owned(), reason };
            let pattern = TypePattern::parse(entry)
                .ok_or_else(|| error("it is not a media type such as image/png or image/*".to_owned()))?;
            pattern.check_name().map_err(error)?;
            Ok(pattern)
        })
        .collect()
}

fn number(variable: Variable, value: &str, range: RangeInclusive<u64>) -> Result<u64, ConfigError> {
    match value.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(ConfigError::Number { name: variable.name, value: value.to_owned(), range }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_a_comma_separated_list() {
        let check = |list: &str, expected: Result<&[&str], &str>| {
            let types = types(list).map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>());
            let types = types.map_err(|error| error.to_string());
            let expected = expected.map(|all| all.iter().map(ToString::to_string).collect());
            assert_eq!(types, expected.map_err(str::to_owned), "{list:?}");
        };
        check("", Ok(&[]));
        check("image/*, video/mp4,", Ok(&["image/*", "video/mp4"]));
        check("image/jpg", Ok(&["image/jpeg"]));
        check("png", Err("TINTYPE_UPLOAD_TYPES: 'png': it is not a media type such as image/png or image/*"));
        check(
            "image/png,image/jepg",
            Err("TINTYPE_UPLOAD_TYPES: 'image/jepg': it is not a known media type"),
        );
    }

    #[test]
    fn a_number_outside_its_range_is_an_error() {
        let check = |value: &str, expected: Option<u64>| {
            assert_eq!(number(env::UPLOAD_MAX_BYTES, value, 1..=100).ok(), expected, "{value:?}");
        };
        check("1", Some(1));
        check("100", Some(100));
        check("0", None);
        check("101", None);
        check("-1", None);
        check("1e2", None);
        check("", None);
        let error = number(env::UPLOAD_MAX_BYTES, "x", 1..=100).unwrap_err().to_string();
        assert_eq!(error, "TINTYPE_UPLOAD_MAX_BYTES: 'x' is not a whole number from 1 to 100");
    }

    #[test]
    fn the_declared_defaults_equal_those_of_the_policy() {
        let default = |variable: Variable| variable.default.unwrap().parse::<u64>().unwrap();
        let policy = UploadPolicy::default();
        assert_eq!(default(env::UPLOAD_MAX_BYTES), policy.max_bytes);
        assert_eq!((env::UPLOAD_MAX_PIXELS.default, policy.max_pixels), (Some(""), None));
        assert_eq!(default(env::UPLOAD_LIFETIME), policy.lifetime.as_secs());
    }
}
