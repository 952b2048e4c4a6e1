//! A function: its execution environments, which start on demand and are used again.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Semaphore, oneshot};

use crate::config::FunctionConfig;
use crate::environment::Environment;
use crate::outcome::{End, EndKind, InvokeError, Outcome};

/// A function. Clones share its environments.
#[derive(Clone, Debug)]
pub struct Function(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    config: FunctionConfig,
    /// One permit for each invocation that may run.
    slots: Arc<Semaphore>,
    /// The environments that wait for an event, the one used last at the end.
    idle: Mutex<Vec<Environment>>,
    /// The receiver of the ends of invocations.
    ends: Option<UnboundedSender<End>>,
}

impl Function {
    /// A function without an environment.
    pub fn new(config: FunctionConfig) -> Self {
        Self::with_ends(config, None)
    }

    /// A function without an environment, which reports the end of each invocation.
    pub fn reporting_to(config: FunctionConfig, ends: UnboundedSender<End>) -> Self {
        Self::with_ends(config, Some(ends))
    }

    fn with_ends(config: FunctionConfig, ends: Option<UnboundedSender<End>>) -> Self {
        let slots = Arc::new(Semaphore::new(config.concurrency));
        Self(Arc::new(Inner { config, slots, idle: Mutex::default(), ends }))
    }

    /// The configuration.
    pub fn config(&self) -> &FunctionConfig {
        &self.0.config
    }

    /// Invokes the function, and returns its answer, or the head of a streamed answer as soon as it arrives. The invocation
    /// goes on if the caller is dropped.
    pub async fn invoke(&self, event: Value) -> Result<Outcome, InvokeError> {
        let begin = Instant::now();
        let Ok(slot) = Arc::clone(&self.0.slots).try_acquire_owned() else {
            self.0.report(EndKind::Throttled);
            return Err(InvokeError::Throttled);
        };
        let (answer, outcome) = oneshot::channel();
        let function = Arc::clone(&self.0);
        tokio::spawn(async move {
            let waiting = function.idle().pop();
            let environment = match waiting {
                Some(environment) => Ok(environment),
                None => Environment::start(&function.config).await,
            };
            match environment {
                Ok(mut environment) => {
                    if environment.run(&function.config, &event, answer).await {
                        function.idle().push(environment);
                    }
                }
                Err(error) => {
                    tracing::error!(%error, function = function.config.name, "a function doesn't start");
                    // A caller that has gone doesn't need the error.
                    let _ = answer.send(Err(error));
                }
            }
            drop(slot);
        });
        let function = Arc::clone(&self.0);
        let observed = tokio::spawn(async move {
            let outcome = outcome.await.unwrap_or(Err(InvokeError::Exited));
            let duration = begin.elapsed();
            function.report(if outcome.is_ok() {
                EndKind::Answered(duration)
            } else {
                EndKind::Failed(duration)
            });
            outcome
        });
        observed.await.unwrap_or(Err(InvokeError::Exited))
    }

    /// Ends the environments that wait.
    pub fn stop(&self) {
        self.0.idle().clear();
    }
}

impl Inner {
    fn report(&self, kind: EndKind) {
        if let Some(ends) = &self.ends {
            // A receiver that has gone doesn't need the report.
            let _ = ends.send(End { function: self.config.name.clone(), at: SystemTime::now(), kind });
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Environment>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
