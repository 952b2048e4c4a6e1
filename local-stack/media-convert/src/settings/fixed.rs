//! Settings whose accepted values have no effect here.

use serde::Deserialize;

/// Declares enumerations of accepted values that describe what the endpoint does anyway.
macro_rules! fixed_values {
    ($($name:ident { $($variant:ident),* })*) => {
        $(#[derive(Clone, Copy, Debug, Deserialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        enum $name { $($variant),* })*
    };
}
pub(super) use fixed_values;

/// A feature that must be off.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Off {
    #[serde(alias = "NONE")]
    Disabled,
}
