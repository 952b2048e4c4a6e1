//! The rules of the local event bus: those of the deployment, [`EVENT_RULES`].

use std::error::Error;
use std::time::Duration;

use cdn_config::event_rules::{EVENT_RULES, EventHandler, EventRule};
use cdn_config::events::EventResources;
use local_events::pattern::Pattern;
use local_events::rule::{Handler, HandlerError, Rule};
use local_media_convert::default_queue_arn;
use resize::edge::library_keeper::LibraryKeeper;
use resize::edge::upkeep::Upkeep;
use serde_json::{Value, json};
use service::notification::HandlerError as TransientError;
use transcode_trigger::edge::trigger::Trigger;
use upload_signer::arrival::finalizer::Finalizer;
use upload_signer::webhook::notifier::Notifier;

use super::error::StackError;
use super::names::{ORIGINALS, REGION};

/// The services that handle events.
pub(super) struct EventServices {
    pub(super) upkeep: Upkeep,
    pub(super) finalizer: Finalizer,
    pub(super) trigger: Trigger,
    /// `None` if no webhook is configured.
    pub(super) notifier: Option<Notifier>,
    /// `None` if there is no library.
    pub(super) keeper: Option<LibraryKeeper>,
}

/// The rules, each with its service. Rules of a service that isn't configured are left out.
pub(super) fn rules(services: &EventServices) -> Result<Vec<Rule>, StackError> {
    EVENT_RULES.into_iter().filter_map(|rule| local_rule(rule, services).transpose()).collect()
}

fn local_rule(rule: EventRule, services: &EventServices) -> Result<Option<Rule>, StackError> {
    let service = match rule.handler {
        EventHandler::Library => match &services.keeper {
            Some(keeper) => Service::Keeper(keeper.clone()),
            None => return Ok(None),
        },
        EventHandler::Upkeep => Service::Upkeep(services.upkeep.clone()),
        EventHandler::Finalizer => Service::Finalizer(services.finalizer.clone()),
        EventHandler::Trigger => Service::Trigger(services.trigger.clone()),
        EventHandler::Webhook => match &services.notifier {
            Some(notifier) => Service::Notifier(notifier.clone()),
            None => return Ok(None),
        },
    };
    let pattern = rule.events.pattern(EventResources {
        originals: &json!(ORIGINALS),
        originals_arn: &json!(format!("arn:aws:s3:::{ORIGINALS}")),
        job_queue: &json!(default_queue_arn(REGION)),
    });
    Ok(Some(Rule {
        name: rule.name.to_owned(),
        pattern: Pattern::new(&pattern).map_err(StackError::set_up)?,
        delay: Duration::from_secs(rule.delay_seconds.into()),
        concurrency: service.concurrency(),
        handler: Box::new(service),
    }))
}

/// A service as a handler of events.
enum Service {
    Upkeep(Upkeep),
    Finalizer(Finalizer),
    Trigger(Trigger),
    Notifier(Notifier),
    Keeper(LibraryKeeper),
}

impl Service {
    /// The number of events that a service handles at the same time.
    fn concurrency(&self) -> usize {
        match self {
            // A removal waits a second before it invalidates the CDN's copies. A thousand files that are removed at once must not
            // delay an upload.
            Self::Upkeep(_) => 64,
            Self::Finalizer(_) | Self::Trigger(_) | Self::Notifier(_) | Self::Keeper(_) => 4,
        }
    }
}

#[async_trait::async_trait]
impl Handler for Service {
    async fn handle(&self, event: &Value) -> Result<(), HandlerError> {
        match self {
            Self::Upkeep(upkeep) => Box::pin(upkeep.handle(event)).await.map(drop).map_err(failure),
            Self::Finalizer(finalizer) => Box::pin(finalizer.handle(event)).await.map(drop).map_err(failure),
            Self::Trigger(trigger) => Box::pin(trigger.handle(event)).await.map(drop).map_err(failure),
            Self::Keeper(keeper) => Box::pin(keeper.handle(event)).await.map(drop).map_err(failure),
            Self::Notifier(notifier) => Box::pin(notifier.handle(event)).await.map(drop).map_err(failure),
        }
    }
}

fn failure(error: impl TransientError + Error + Send + Sync + 'static) -> HandlerError {
    let is_retryable = error.is_transient();
    HandlerError { cause: Box::new(error), is_retryable }
}
