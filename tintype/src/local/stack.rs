//! A running stack: three listeners, and the emulators and services behind them in one process.

use std::sync::Arc;

use jiff::Timestamp;
use local_edge::cache::Cache;
use local_edge::functions::key_values::KeyValues;
use local_edge::invalidation::{self, Quota};
use local_edge::policy::CurrentPolicy;
use local_events::put_events::{self, Bus};
use local_s3::{ACCOUNT, Store};
use resize::edge::render_service::RenderService;
use tokio::sync::watch;
use tokio::task::JoinSet;
use upload_signer::links::LinkSigner;

use super::addresses::Addresses;
use super::api_guard::guarded;
use super::error::StackError;
use super::listeners::{Listeners, serve};
use super::names::{REGION, owner};
use super::options::Options;
use super::policy_watcher::{self, PolicySubscribers, edge_data};
use super::principals::Principals;
use super::rules::{EventServices, rules};
use super::{data, distribution, images, media_convert, transcoding, uploads};

/// A running stack.
#[derive(Debug)]
pub struct Stack {
    /// Its addresses.
    pub addresses: Addresses,
    /// Its resize service.
    pub resizer: Arc<RenderService>,
    store: Store,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Stack {
    /// Starts everything. Returns when the stack answers requests.
    pub async fn start(options: Options) -> Result<Self, StackError> {
        let listeners = Listeners::bind(options.port).await?;
        let addresses = listeners.addresses()?;
        let store = data::open_store(&options.data).await?;
        let secrets = data::open_secrets(&options.data).await?;
        let principals = Principals::new().map_err(StackError::set_up)?;

        let resizer = images::resizer(&addresses, &principals.resizer, &options)?;
        let upkeep = images::upkeep(&addresses, &principals.upkeep, Arc::clone(&resizer));
        let links = LinkSigner::new(secrets.links.clone(), options.policy.rules.clone());
        let allowed = options.uploads.clone();
        let signer =
            uploads::signer(&addresses, &principals.signer, allowed.clone(), secrets.clone(), links.clone())?;
        let finalizer =
            uploads::finalizer(&addresses, &principals.finalizer, allowed, options.scanner.clone());
        let trigger = transcoding::trigger(&addresses, &principals.trigger, &options.policy.video)?;
        let notifier = |endpoint| uploads::notifier(&addresses, &principals.webhook, endpoint);
        let notifier = options.webhook.clone().map(notifier);

        let media_convert = media_convert::open(&options, &addresses, &principals, &store).await?;
        let cache = Cache::new();
        let subscribers = PolicySubscribers {
            key_values: KeyValues::new(edge_data(&options.policy, &secrets.links)),
            link_keys: secrets.links,
            links,
            resizer: Arc::clone(&resizer),
            current: CurrentPolicy::new(options.policy),
        };
        let edge = distribution::app(&addresses, &principals.cdn, cache.clone(), &subscribers, signer)?;
        let (all, permissions) = (principals.all(), principals.permissions.clone());
        let s3 = local_s3::app_with_principals(store.clone(), &owner(), all, permissions, REGION);
        let rules = rules(&EventServices { upkeep, finalizer, trigger, notifier })?;

        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listeners.s3, s3, stopped.clone()));
        let bus = Bus {
            outbox: store.clone(),
            region: REGION.to_owned(),
            account: ACCOUNT.to_owned(),
            clock: Timestamp::now,
        };
        let apis = media_convert
            .app()
            .merge(invalidation::app(cache, Quota::CLOUDFRONT))
            .merge(put_events::app(bus));
        tasks.spawn(serve(listeners.media_convert, guarded(apis, &principals), stopped.clone()));
        tasks.spawn(media_convert.work(stopped.clone()));
        tasks.spawn(serve(listeners.edge, edge, stopped.clone()));
        if let Some(file) = options.policy_file {
            tasks.spawn(policy_watcher::watch(file, subscribers, stopped.clone()));
        }
        tasks.spawn(local_events::delivery::deliver(store.clone(), rules, stopped));
        Ok(Self { addresses, resizer, store, stop, tasks })
    }

    /// Stops the stack: it accepts no more requests, finishes those in progress and closes the data folder.
    pub async fn stop(mut self) {
        // An error only means that every task has ended already.
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
        self.store.close().await;
    }
}
