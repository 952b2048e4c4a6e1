//! The kinds of failures, and the rule that says which of them matter for which call.

use super::process::Process;

/// A failure of one call. A client's retries of a call are part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Every attempt is answered with 500 and has no effect.
    Refused,
    /// Every attempt has its effect and is answered with 500.
    Lost,
    /// The first attempt has its effect and no answer.
    LostOnce,
    /// No attempt has an effect or an answer.
    Silent,
    /// Every answer ends in the middle of its body.
    Cut,
    /// Every answer stops for a while in the middle of its body.
    Slow,
    /// The request arrives twice.
    Twice,
    /// The first attempt has no answer and has its effect long after the client has given it up.
    Late,
    /// The process ends before the request has an effect.
    CrashBefore,
    /// The process ends after the request had its effect.
    CrashAfter,
    /// The answer doesn't contain the newest write.
    Stale,
}

/// A recorded call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// The process that sends it.
    pub(crate) from: Process,
    /// The operation, without ids.
    pub(crate) operation: String,
    /// The number of earlier calls of the same operation by the same kind of process.
    pub(crate) occurrence: usize,
    /// `true` if the call may change something.
    pub(crate) is_write: bool,
    /// `true` if the answer has a body.
    pub(crate) has_body: bool,
}

/// A call by its process and operation, the first of its kind.
pub(crate) fn call_of(from: Process, operation: &str) -> Call {
    Call { from, operation: operation.to_owned(), occurrence: 0, is_write: true, has_body: true }
}

impl Kind {
    pub(crate) const ALL: [Self; 11] = [
        Self::Refused,
        Self::Lost,
        Self::LostOnce,
        Self::Silent,
        Self::Cut,
        Self::Slow,
        Self::Twice,
        Self::Late,
        Self::CrashBefore,
        Self::CrashAfter,
        Self::Stale,
    ];

    /// `true` if the failure differs from every other one for this call. A read that is repeated, or fails after its effect, is
    /// a read that is refused. S3 is strongly consistent, so only MediaConvert's search may miss the newest write.
    pub(crate) fn matters(self, call: &Call) -> bool {
        if call.from == Process::Queue {
            // A delivery. SQS may repeat it, and EventBridge may be late.
            return matches!(self, Self::Twice | Self::Late);
        }
        let may_crash = !matches!(call.from, Process::Cdn);
        match self {
            Self::Refused | Self::Silent => true,
            Self::Lost | Self::LostOnce | Self::Twice | Self::Late => call.is_write,
            Self::Cut | Self::Slow => call.has_body,
            Self::CrashBefore => may_crash,
            Self::CrashAfter => may_crash && call.is_write,
            Self::Stale => call.operation.starts_with("GET media-convert"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_matters_for_some_call() {
        let call = |from, operation: &str, is_write, has_body| Call {
            from,
            operation: operation.to_owned(),
            occurrence: 0,
            is_write,
            has_body,
        };
        let calls = [
            call(Process::Trigger, "GET media-convert/search", false, true),
            call(Process::Trigger, "PUT s3/originals", true, false),
            call(Process::Queue, "Changed", true, false),
        ];
        for kind in Kind::ALL {
            assert!(calls.iter().any(|call| kind.matters(call)), "{kind:?}");
        }
        assert!(!Kind::Stale.matters(&calls[1]), "S3 is strongly consistent");
    }
}
