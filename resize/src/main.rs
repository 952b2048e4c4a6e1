//! The resize Lambda, behind a function URL with response streaming.

use std::future::ready;
use std::process::ExitCode;
use std::sync::Arc;

use cdn_config::policy::Policy;
use lambda_http::run_with_streaming_response;
use resize::config::{Config, ConfigError, StoreConfig};
use resize::handler::app;
use resize::making::Resizer;
use resize::store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    service::lambda::main(ready(start()), async |resizer| run_with_streaming_response(app(resizer)).await)
        .await
}

fn start() -> Result<Arc<Resizer>, ConfigError> {
    let store = Store::new(&StoreConfig::from_env()?);
    Ok(Arc::new(Resizer::new(store, Config::from_env(&Policy::built_in())?)))
}
