//! The functions of a deployment.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_credential_types::Credentials;
use local_lambda::config::{FunctionConfig, Runtime};
use local_lambda::function::Function;
use local_lambda::outcome::End;
use local_lambda::url::{self, InvokeMode};
use service::env;
use tokio::sync::mpsc::UnboundedSender;

use crate::account::{Addresses, REGION};
use crate::assembly::Assembly;
use crate::error::DeployError;
use crate::properties::{FunctionProperties, UrlProperties};
use crate::resources::{Resource, Resources};

/// The memory and the timeout of a function that declares none (`CloudFormation`'s defaults).
const DEFAULT_MEGABYTES: u32 = 128;
const DEFAULT_SECONDS: u64 = 3;

/// The concurrency of a function without reserved concurrency: that of a new account.
const ACCOUNT_CONCURRENCY: usize = 1000;

/// The functions by their ARNs.
#[derive(Clone, Debug)]
pub(crate) struct Functions(BTreeMap<String, Function>);

/// What functions need besides their properties.
pub(crate) struct Surroundings<'a> {
    pub(crate) assembly: &'a Assembly,
    /// The folder of code and logs.
    pub(crate) data: &'a Path,
    pub(crate) addresses: &'a Addresses,
    /// The host names of AWS in the values of variables, and the local addresses in their place.
    pub(crate) replaced: Vec<(String, String)>,
    /// The credentials of roles, by their ARNs.
    pub(crate) roles: &'a BTreeMap<String, Credentials>,
    /// The receiver of the ends of invocations.
    pub(crate) ends: UnboundedSender<End>,
}

/// The log of a function by its logical ID.
pub(crate) fn log_file(data: &Path, id: &str) -> PathBuf {
    data.join("logs").join(format!("{id}.log"))
}

impl Functions {
    pub(crate) fn new(
        resources: Resources<'_>,
        surroundings: &Surroundings<'_>,
    ) -> Result<Self, DeployError> {
        let data = surroundings.data;
        let (code, logs) = (data.join("code"), data.join("logs"));
        for folder in [&code, &logs] {
            fs::create_dir_all(folder).map_err(DeployError::file(folder))?;
        }
        let mut functions = BTreeMap::new();
        for Resource { id, properties } in resources.of::<FunctionProperties>("AWS::Lambda::Function")? {
            let arn = resources.arn(&id)?;
            let hash = properties.code.key.strip_suffix(".zip").unwrap_or(&properties.code.key);
            let config = FunctionConfig {
                name: resources.name(&id)?,
                arn: arn.clone(),
                runtime: runtime(&id, &properties.runtime)?,
                handler: properties.handler.clone(),
                code: surroundings.assembly.code(hash, &code)?,
                log: log_file(data, &id),
                memory_megabytes: properties.memory_size.unwrap_or(DEFAULT_MEGABYTES),
                timeout: Duration::from_secs(properties.timeout.unwrap_or(DEFAULT_SECONDS)),
                concurrency: properties.reserved_concurrent_executions.unwrap_or(ACCOUNT_CONCURRENCY),
                environment: surroundings.environment(&id, properties)?,
                search_path: env::search_path(),
            };
            functions.insert(arn, Function::reporting_to(config, surroundings.ends.clone()));
        }
        Ok(Self(functions))
    }

    /// The function with an ARN or a name.
    pub(crate) fn get(&self, id: &str, name: &str) -> Result<&Function, DeployError> {
        let named = |function: &&Function| function.config().name == name;
        let found = self.0.get(name).or_else(|| self.0.values().find(named));
        found.ok_or_else(|| DeployError::property(id, format!("there is no function {name}")))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Function> {
        self.0.values()
    }
}

impl Surroundings<'_> {
    fn environment(
        &self,
        id: &str,
        properties: FunctionProperties,
    ) -> Result<Vec<(String, String)>, DeployError> {
        let credentials = self.roles.get(&properties.role);
        let credentials = credentials
            .ok_or_else(|| DeployError::property(id, format!("there is no role {}", properties.role)))?;
        let declared = properties.environment.map(|environment| environment.variables).unwrap_or_default();
        let Addresses { s3, aws, .. } = self.addresses;
        // The SDK for JavaScript puts the account in front of the host, which must be a name.
        let named = aws.replace("127.0.0.1", "localhost");
        let mut environment: Vec<(String, String)> = [
            (env::AWS_REGION.name, REGION),
            ("AWS_DEFAULT_REGION", REGION),
            (env::AWS_ACCESS_KEY_ID.name, credentials.access_key_id()),
            (env::AWS_SECRET_ACCESS_KEY.name, credentials.secret_access_key()),
            (env::S3_ENDPOINT.name, s3),
            (env::SECRETS_ENDPOINT.name, aws),
            (env::MEDIACONVERT_ENDPOINT.name, aws),
            (env::EVENTS_ENDPOINT.name, aws),
            (env::DYNAMODB_ENDPOINT.name, aws),
            (env::CLOUDFRONT_ENDPOINT.name, aws),
            ("AWS_ENDPOINT_URL_S3", s3),
            ("AWS_ENDPOINT_URL", &named),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        environment.extend(declared.into_iter().map(|(name, value)| (name, self.local(value))));
        Ok(environment)
    }

    fn local(&self, value: String) -> String {
        self.replaced.iter().fold(value, |value, (aws, local)| value.replace(aws, local))
    }
}

fn runtime(id: &str, name: &str) -> Result<Runtime, DeployError> {
    match name {
        "provided.al2023" => Ok(Runtime::Provided),
        name if name.starts_with("nodejs") => Ok(Runtime::NodeJs),
        name => Err(DeployError::property(id, format!("the runtime {name} isn't emulated"))),
    }
}

/// A function URL.
#[derive(Clone, Debug)]
pub(crate) struct Url {
    /// The host.
    pub(crate) host: String,
    /// The function behind it.
    pub(crate) function: Function,
    pub(crate) app: axum::Router,
}

/// The function URLs. All require a signature.
pub(crate) fn urls(resources: Resources<'_>, functions: &Functions) -> Result<Vec<Url>, DeployError> {
    let mut urls = Vec::new();
    for Resource { id, properties } in resources.of::<UrlProperties>("AWS::Lambda::Url")? {
        if properties.auth_type != "AWS_IAM" {
            return Err(DeployError::property(
                &id,
                format!("the AuthType {} isn't emulated", properties.auth_type),
            ));
        }
        let mode = match properties.invoke_mode.as_deref() {
            Some("RESPONSE_STREAM") => InvokeMode::Streamed,
            Some("BUFFERED") | None => InvokeMode::Buffered,
            Some(other) => return Err(DeployError::property(&id, format!("there is no InvokeMode {other}"))),
        };
        let url = resources.attribute(&id, "FunctionUrl")?;
        let host = url.trim_start_matches("https://").trim_end_matches('/').to_owned();
        let function = functions.get(&id, &properties.target_function_arn)?.clone();
        urls.push(Url { app: url::app(function.clone(), &host, mode), host, function });
    }
    Ok(urls)
}
