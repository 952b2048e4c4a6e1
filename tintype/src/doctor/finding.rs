//! Results of checks.

/// A check and its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The fact that the check expects.
    pub name: &'static str,
    /// The result.
    pub result: CheckResult,
}

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckResult {
    /// The fact holds. The text is the observation.
    Passed(String),
    /// The fact doesn't hold. The text is the observation and what to do.
    Failed(String),
    /// The check didn't run. The text is the reason.
    Skipped(String),
}

/// An observation, or a problem and what to do.
pub(super) type Observation = Result<String, String>;

impl Finding {
    /// A check that ran.
    pub(super) fn new(name: &'static str, observation: Observation) -> Self {
        let result = match observation {
            Ok(observation) => CheckResult::Passed(observation),
            Err(problem) => CheckResult::Failed(problem),
        };
        Self { name, result }
    }
}
