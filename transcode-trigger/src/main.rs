//! The Lambda's main.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;
use service::env;
use service::telemetry::{self, Style};
use transcode_trigger::config::Config;
use transcode_trigger::handler::handle;

#[tokio::main]
async fn main() -> Result<(), Error> {
    telemetry::start(Style::Json, &env::read(env::LOG)?);
    let config = Config::from_env()?;
    let config = &config;
    let answer =
        |event: LambdaEvent<Value>| async move { handle(config, &event.payload).map_err(Error::from) };
    run(service_fn(answer)).await
}
