//! Settings with one accepted value: the value that the endpoint implements anyway.

use serde::Deserialize;

/// Declares enumerations that list the values that the endpoint implements without doing anything for them.
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
