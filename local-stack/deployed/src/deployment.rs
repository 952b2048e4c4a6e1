//! A running deployment.

use std::collections::BTreeMap;
use std::path::PathBuf;

use aws_credential_types::Credentials;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::serve::ListenerExt as _;
use bucket::{S3Config, Timeouts, Transport, client};
use jiff::Timestamp;
use local_dynamodb::tables::Tables;
use local_edge::cache::Cache;
use local_edge::distribution;
use local_edge::functions::key_values::KeyValues;
use local_edge::invalidation::{self, Quota};
use local_events::put_events::{self, Bus};
use local_media_convert::{EventDelivery, MediaConvert, Tools};
use local_policy::{Permissions, Template, export};
use local_queues::{mapping, queue::Queue};
use local_s3::{ACCOUNT, Store};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::account::{Addresses, REGION, account};
use crate::api_guard::{for_known_callers, guarded};
use crate::apis::{self, Apis};
use crate::assembly::Assembly;
use crate::bucket_rules::{Lifecycle, create_buckets};
use crate::custom_resources::Answers;
use crate::distribution::{Hosts, distribution};
use crate::error::DeployError;
use crate::functions::{Functions, Surroundings, log_file};
use crate::hosts::{api_hosts, function_urls, services};
use crate::inspection;
use crate::key_values;
use crate::measuring::{Measuring, measure_response};
use crate::metric_filters::MetricFilters;
use crate::outputs::{outputs, replaced};
use crate::principals::{Principals, principals};
use crate::properties::KeyValueStoreProperties;
use crate::queues::{Queues, mappings};
use crate::resources::{Resource, Resources};
use crate::rules::rules;
use crate::secrets::Secrets;

/// The maximum number of videos that are transcoded concurrently. A single ffmpeg uses every core.
const CONCURRENT_JOBS: usize = 2;

/// Settings of a deployment.
#[derive(Debug)]
pub struct Options {
    /// The folder of the cloud assembly, `cdk.out`.
    pub assembly: PathBuf,
    /// The folder of all data.
    pub data: PathBuf,
    /// The credentials that may do everything.
    pub owner: Credentials,
    /// The programs that transcode.
    pub tools: Tools,
}

/// The listeners of a deployment, on the loopback interface.
#[derive(Debug)]
pub struct Listeners {
    /// The distribution.
    pub edge: TcpListener,
    /// S3.
    pub s3: TcpListener,
    /// All other APIs.
    pub aws: TcpListener,
}

/// A running deployment.
#[derive(Debug)]
pub struct Deployment {
    /// The outputs of the stack. Host names of AWS in them are replaced by local addresses.
    pub outputs: BTreeMap<String, String>,
    functions: Functions,
    queues: Queues,
    store: Store,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Deployment {
    /// Starts what the template declares. Returns when the deployment answers requests, after its custom resources were created.
    pub async fn start(options: Options, listeners: Listeners) -> Result<Self, DeployError> {
        std::fs::create_dir_all(&options.data).map_err(DeployError::file(&options.data))?;
        let assembly = Assembly::read(&options.assembly)?;
        let template = Template::new(&assembly.template, account(&assembly.stack, &assembly.template))?;
        let resources = Resources(&template);
        resources.check_kinds()?;
        let permissions = Permissions::parse(&export(&template)?)?;
        let addresses = listeners.addresses()?;
        let principals = principals(resources)?;
        let store = Store::open(&options.data.join("s3"))?;
        create_buckets(resources, &store)?;
        let lifecycle = Lifecycle::new(resources, &store)?;
        let secrets = Secrets::open(resources, &options.data)?;
        let (queues, stores) = (Queues::new(resources)?, key_value_stores(resources)?);

        let logs = MetricFilters::new(resources, |id| log_file(&options.data, id))?;
        let measuring = Measuring::new(resources, logs, queues.clone())?;

        let replaced = replaced(resources, &addresses)?;
        let (ends, ended) = mpsc::unbounded_channel();
        let functions = Functions::new(
            resources,
            &Surroundings {
                assembly: &assembly,
                data: &options.data,
                addresses: &addresses,
                replaced: replaced.clone(),
                roles: &principals.roles,
                ends,
            },
        )?;
        let mappings = mappings(resources, &queues, &functions)?;
        let mut rules = rules(resources, &queues, &permissions)?;
        rules.push(measuring.rule()?);
        let media_convert =
            open_media_convert(&options, &addresses, &store, &principals, &permissions).await?;
        let s3 = local_s3::app_with_principals(
            store.clone(),
            &options.owner,
            principals.all(),
            permissions.clone(),
            REGION,
        );
        let cache = Cache::new();
        let hosts = Hosts {
            services: services(resources, &functions, &permissions, &s3, &addresses, &principals)?,
            urls: function_urls(resources, &functions, &permissions, &principals)?,
        };
        let edge = match distribution(resources, &hosts, &stores, cache.clone())? {
            Some(distribution) => distribution::app(distribution),
            None => only_api(resources, hosts)?,
        };
        let edge = edge.layer(from_fn_with_state(measuring.metrics.clone(), measure_response));
        let answers = Answers::default();
        let bus = Bus {
            outbox: store.clone(),
            region: REGION.to_owned(),
            account: ACCOUNT.to_owned(),
            clock: Timestamp::now,
        };
        let others = media_convert
            .app()
            .merge(invalidation::app(cache, Quota::CLOUDFRONT))
            .merge(put_events::app(bus))
            .merge(key_values::app(stores));
        let mut known: Vec<String> =
            principals.roles.values().map(|role| role.access_key_id().to_owned()).collect();
        known.push(options.owner.access_key_id().to_owned());
        let apis = Apis { secrets, tables: local_dynamodb::app(tables(resources)?), others };
        let others = guarded(apis::app(apis), principals.guard(&permissions));
        // CloudFormation's URL for the answer of a custom resource is presigned.
        let others = for_known_callers(others, known).merge(answers.app());
        let others = others.merge(inspection::app(measuring.clone(), lifecycle.clone()));

        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listeners.s3, s3, stopped.clone()));
        tasks.spawn(serve(listeners.aws, others, stopped.clone()));
        tasks.spawn(media_convert.work(stopped.clone()));
        tasks.spawn(measuring.clone().run(ended, stopped.clone()));
        tasks.spawn(lifecycle.run(stopped.clone()));
        let outputs = outputs(&template, &assembly.template, &replaced)?;
        let deployment =
            Self { outputs, functions: functions.clone(), queues, store: store.clone(), stop, tasks };
        // A custom resource that fails ends what has been started.
        if let Err(error) = answers.create(resources, &functions, &assembly.stack, &addresses.aws).await {
            deployment.stop().await;
            return Err(error);
        }
        let Self { mut tasks, .. } = deployment;
        tasks.spawn(serve(listeners.edge, edge, stopped.clone()));
        for mapping in mappings {
            tasks.spawn(mapping::poll(mapping, stopped.clone()));
        }
        tasks.spawn(local_events::delivery::deliver(store, rules, stopped));
        Ok(Self { tasks, ..deployment })
    }

    /// The queue with a logical ID that begins with `id`.
    pub fn queue(&self, id: &str) -> Option<&Queue> {
        let suffix = |arn: &String| arn.rsplit(':').next().is_some_and(|name| name.starts_with(id));
        self.queues.0.iter().find(|(arn, _)| suffix(arn)).map(|(_, queue)| queue)
    }

    /// Stops the deployment: it accepts no more requests, and its functions end.
    pub async fn stop(mut self) {
        // An error only means that every task has ended already.
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
        self.functions.all().for_each(local_lambda::function::Function::stop);
        self.store.close().await;
    }
}

impl Listeners {
    fn addresses(&self) -> Result<Addresses, DeployError> {
        let port = |listener: &TcpListener| {
            listener.local_addr().map(|address| address.port()).map_err(DeployError::set_up)
        };
        Ok(Addresses {
            edge: format!("http://127.0.0.1:{}", port(&self.edge)?),
            s3: format!("http://127.0.0.1:{}", port(&self.s3)?),
            aws: format!("http://127.0.0.1:{}", port(&self.aws)?),
        })
    }
}

/// The empty tables of `DynamoDB`.
fn tables(resources: Resources<'_>) -> Result<Tables, DeployError> {
    let tables = Tables::default();
    for Resource { id, properties } in resources.of::<Value>("AWS::DynamoDB::Table")? {
        let name = resources.name(&id)?;
        tables.create(&name, &properties).map_err(|error| DeployError::property(&id, error))?;
    }
    Ok(tables)
}

fn key_value_stores(resources: Resources<'_>) -> Result<BTreeMap<String, KeyValues>, DeployError> {
    let stores = resources.of::<KeyValueStoreProperties>("AWS::CloudFront::KeyValueStore")?;
    stores.into_iter().map(|store| Ok((resources.arn(&store.id)?, KeyValues::default()))).collect()
}

async fn open_media_convert(
    options: &Options,
    addresses: &Addresses,
    store: &Store,
    principals: &Principals,
    permissions: &Permissions,
) -> Result<MediaConvert, DeployError> {
    let s3 = S3Config {
        endpoint: Some(addresses.s3.clone()),
        region: REGION.to_owned(),
        credentials: principals.transcoder(permissions)?.unwrap_or(&options.owner).clone(),
        transport: Transport::NETWORK,
    };
    let mut callers: Vec<Credentials> = principals.roles.values().cloned().collect();
    callers.push(options.owner.clone());
    let options = local_media_convert::Options {
        folder: options.data.join("media-convert"),
        s3: client(&s3, Timeouts::SDK_DEFAULTS),
        outbox: store.clone(),
        event_delivery: EventDelivery::default(),
        callers,
        region: REGION.to_owned(),
        tools: options.tools.clone(),
        max_concurrent_jobs: CONCURRENT_JOBS,
    };
    let opened = tokio::task::spawn_blocking(move || MediaConvert::open(options)).await;
    opened.map_err(DeployError::set_up)?.map_err(DeployError::set_up)
}

/// The HTTP API of a deployment without a distribution. A deployment without either answers 404.
fn only_api(resources: Resources<'_>, mut hosts: Hosts) -> Result<Router, DeployError> {
    match &api_hosts(resources)?[..] {
        [] => Ok(Router::new()),
        [host] => Ok(hosts.services.remove(host).unwrap_or_default()),
        [_, second, ..] => Err(DeployError::property(second, "a second HTTP API isn't emulated")),
    }
}

/// Serves until `stopped` becomes `true` and the requests in progress have ended.
async fn serve(listener: TcpListener, app: Router, mut stopped: watch::Receiver<bool>) {
    let until_stopped = async move {
        // An error means that the sender was dropped. That is also a stop.
        let _ = stopped.wait_for(|is_stopped| *is_stopped).await;
    };
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection waits for acknowledgements");
        }
    });
    if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(until_stopped).await {
        tracing::error!(%error, "a listener failed");
    }
}
