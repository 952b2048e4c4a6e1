//! Numbers in the SDK's type.

/// A number in the type that the SDK expects. The numbers of a plan are small enough.
pub(super) fn number(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
