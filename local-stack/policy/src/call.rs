//! Calls of AWS, and decisions about them.

use crate::context::Context;
use crate::principal::Caller;

/// A call of AWS that needs a permission.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// Who calls.
    pub caller: Caller,
    /// The action, such as `s3:GetObject`.
    pub action: String,
    /// The ARN of the resource. `*` for an action without one.
    pub resource: String,
    /// The values of condition keys.
    pub context: Context,
}

/// What the policies say about a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// A statement allows the call, and none denies it.
    Allowed,
    /// No statement is about the call.
    Denied,
    /// A statement denies the call, whatever others allow.
    ExplicitlyDenied,
}
