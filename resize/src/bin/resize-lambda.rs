//! The resize Lambda function, behind a function URL with response streaming.

use std::future::ready;
use std::process::ExitCode;
use std::sync::Arc;

use cdn_config::policy::Policy;
use lambda_http::run_with_streaming_response;
use lambda_http::tower::ServiceExt as _;
use resize::edge::config::{Config, ConfigError, StoreConfig};
use resize::edge::http::{app, whole};
use resize::edge::render_service::{RenderService, worker};
use resize::edge::store::Store;

fn main() -> ExitCode {
    if isolation::is_worker() { worker::main() } else { run_function() }
}

#[tokio::main(flavor = "current_thread")]
async fn run_function() -> ExitCode {
    service::lambda::main(ready(start()), async |service| {
        run_with_streaming_response(app(service).map_request(whole)).await
    })
    .await
}

fn start() -> Result<Arc<RenderService>, ConfigError> {
    let policy = Policy::built_in();
    let store = Store::behind_cdn(&StoreConfig::from_env(policy.keep)?);
    // Lambda gives a function one request at a time.
    let config = Config { decodes_arriving: true, ..Config::from_env(&policy)? };
    let service = RenderService::new(store, config);
    Ok(Arc::new(service.with_workers()?))
}
