//! The Lambda function that keeps variants consistent with their originals, by events of the bucket of originals.

use std::future::ready;
use std::process::ExitCode;
use std::sync::Arc;

use cdn_config::policy::Policy;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use resize::edge::config::{Config, ConfigError, StoreConfig};
use resize::edge::render_service::{RenderService, worker};
use resize::edge::store::Store;
use resize::edge::upkeep::Upkeep;
use resize::edge::upkeep::cloudfront::Cdn;
use serde_json::Value;
use service::env;
use service::notification::log_failure;

fn main() -> ExitCode {
    if isolation::is_worker() { worker::main() } else { run_function() }
}

#[tokio::main(flavor = "current_thread")]
async fn run_function() -> ExitCode {
    service::lambda::main(ready(start()), async |upkeep| {
        let upkeep = &upkeep;
        let answer = |event: LambdaEvent<Value>| async move {
            Box::pin(upkeep.handle(&event.payload)).await.inspect_err(log_failure).map_err(Error::from)
        };
        run(service_fn(answer)).await
    })
    .await
}

fn start() -> Result<Upkeep, ConfigError> {
    let config = StoreConfig::from_env()?;
    let distribution = env::optional(env::DISTRIBUTION)?;
    let store = Store::new(&config);
    let service = RenderService::new(store.clone(), Config::from_env(&Policy::built_in())?);
    Ok(Upkeep {
        render_service: Arc::new(service.with_workers()?),
        store,
        originals: config.originals.clone(),
        cdn: distribution.map(|id| Cdn::new(&id, config.s3.credentials.clone(), None)),
    })
}
