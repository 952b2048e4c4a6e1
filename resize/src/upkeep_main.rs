//! Keeping variants in step with their originals, as a Lambda function of the originals bucket's events.

use std::sync::Arc;

use cdn_config::policy::Policy;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use resize::config::{Config, StoreConfig};
use resize::making::Resizer;
use resize::store::Store;
use resize::upkeep::{Cdn, Upkeep};
use serde_json::Value;
use service::env;
use service::telemetry::{self, Style};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start(Style::Json, &env::read(env::LOG)?);
    let config = StoreConfig::from_env()?;
    let distribution = env::read(env::DISTRIBUTION)?;
    let store = Store::new(&config);
    let upkeep = Upkeep {
        resizer: Arc::new(Resizer::new(store.clone(), Config::from_env(&Policy::built_in())?)),
        store,
        originals: config.originals.clone(),
        cdn: (!distribution.is_empty()).then(|| Cdn::new(&distribution, config.credentials.clone(), None)),
    };
    let upkeep = &upkeep;
    let answer = |event: LambdaEvent<Value>| async move {
        Box::pin(upkeep.handle(&event.payload)).await.map_err(Error::from)
    };
    run(service_fn(answer)).await
}
