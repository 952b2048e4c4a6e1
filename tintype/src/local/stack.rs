//! A running stack: three listeners, and the emulators and services behind them in one process.

use std::sync::Arc;

use jiff::Timestamp;
use local_deployed::api_guard::guarded;
use local_edge::cache::Cache;
use local_edge::functions::key_values::KeyValues;
use local_edge::invalidation::{self, Quota};
use local_edge::policy::CurrentPolicy;
use local_events::put_events::{self, Bus};
use local_library::RedbLibrary;
use local_s3::{ACCOUNT, Store};
use resize::edge::library_keeper::{LibraryKeeper, LibraryKeeperError};
use resize::edge::render_service::RenderService;
use tokio::sync::watch;
use tokio::task::JoinSet;
use upload_signer::links::LinkSigner;

use super::addresses::Addresses;
use super::error::StackError;
use super::listeners::{Listeners, serve};
use super::names::{REGION, owner};
use super::options::Options;
use super::policy_watcher::{self, PolicySubscribers, edge_data};
use super::principals::Principals;
use super::rules::{EventServices, rules};
use super::{data, distribution, images, library, media_convert, transcoding, uploads};

/// A running stack.
#[derive(Debug)]
pub struct Stack {
    /// Its addresses.
    pub addresses: Addresses,
    /// Its resize service.
    pub resizer: Arc<RenderService>,
    store: Store,
    keeper: Option<LibraryKeeper>,
    library: Option<RedbLibrary>,
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
        let keep = options.policy.keep;
        let principals = Principals::new(keep, &secrets.roles).map_err(StackError::set_up)?;

        let resizer = images::resizer(&addresses, &principals.resizer, &options)?;
        let upkeep = images::upkeep(&addresses, &principals.upkeep, keep, Arc::clone(&resizer));
        let links = LinkSigner::new(secrets.links.clone(), options.policy.rules.clone());
        let allowed = options.uploads.clone();
        let library = if options.has_library { Some(library::open(&options.data).await?) } else { None };
        let keeper = library
            .as_ref()
            .map(|library| library::keeper(&addresses, &principals.keeper, library, Arc::clone(&resizer)));
        let signer = uploads::signer(
            &addresses,
            &principals.signer,
            allowed.clone(),
            secrets.clone(),
            links.clone(),
            library.as_ref().map(|library| Arc::clone(&library.store)),
        )?;
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
        let rules = rules(&EventServices { upkeep, finalizer, trigger, notifier, keeper: keeper.clone() })?;

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
        tasks.spawn(serve(listeners.media_convert, guarded(apis, principals.guard()), stopped.clone()));
        tasks.spawn(media_convert.work(stopped.clone()));
        tasks.spawn(serve(listeners.edge, edge, stopped.clone()));
        if let Some(file) = options.policy_file {
            tasks.spawn(policy_watcher::watch(file, subscribers, stopped.clone()));
        }
        if library.as_ref().is_some_and(|library| library.is_new)
            && let Some(keeper) = keeper.clone()
        {
            let mut stopped = stopped.clone();
            tasks.spawn(async move {
                tokio::select! {
                    () = library::fill(keeper) => {}
                    // An error means that the sender was dropped. That is also a stop.
                    _ = stopped.wait_for(|is_stopped| *is_stopped) => {}
                }
            });
        }
        tasks.spawn(local_events::delivery::deliver(store.clone(), rules, stopped));
        let library = library.map(|library| library.file);
        Ok(Self { addresses, resizer, store, keeper, library, stop, tasks })
    }

    /// Makes every record of the library again. Returns the number of files. A stack without a library has none.
    pub async fn rebuild_library(&self) -> Result<usize, LibraryKeeperError> {
        match &self.keeper {
            Some(keeper) => keeper.rebuild().await,
            None => Ok(0),
        }
    }

    /// Stops the stack: it accepts no more requests, finishes those in progress and closes the data folder.
    pub async fn stop(mut self) {
        // An error only means that every task has ended already.
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
        self.store.close().await;
        drop(self.keeper);
        if let Some(library) = self.library {
            library.close().await;
        }
    }
}
