//! The resize Lambda, behind a function URL with response streaming.

use std::sync::Arc;

use cdn_config::policy::Policy;
use resize::config::{Config, StoreConfig};
use resize::handler::app;
use resize::making::Resizer;
use resize::store::Store;
use service::env;
use service::telemetry::{self, Style};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::start(Style::Json, &env::read(env::LOG)?);
    let store = Store::new(&StoreConfig::from_env()?);
    let config = Config::from_env(&Policy::built_in())?;
    lambda_http::run_with_streaming_response(app(Arc::new(Resizer::new(store, config)))).await
}
