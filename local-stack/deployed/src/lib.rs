//! A synthesised deployment on one machine: it reads the template of a cloud assembly and starts the emulators that the template
//! asks for, with their properties, names, permissions and wiring. It knows nothing about Tintype except the names of the
//! distribution's origins and of the variables by which programs learn the addresses of AWS.
//!
//! Functions run their packaged code. A resource type or property that isn't emulated is refused by its name;
//! [`support`] lists those without an effect, and `docs/deployed.md` explains them.
//!
//! To start a deployment, call [`deployment::Deployment::start`].
//!
//! Reading order: [`deployment`] starts everything; `assembly` and `archive` read the folder; [`support`], `property_structs`, `properties`,
//! `distribution_properties` and `resources` read the template; `account` and `principals` have names, addresses and credentials; `functions`,
//! `queues`, `rules`, `http_apis`, `distribution`, `headers`, `bucket_origin`, `bucket_rules`, `hosts` and `outputs` build one emulator each; `apis`, `failure`, `secrets`,
//! `key_values` and `custom_resources` are small APIs of AWS; `metrics`, `metric_filters`, `statistic`, `expression`, [`alarms`] and `measuring` are
//! `CloudWatch`; `inspection` shows them; [`api_guard`] has the permissions of their callers; [`error`].

pub mod deployment;

mod assembly;

mod archive;

pub mod support;

#[macro_use]
mod property_structs;

mod properties;

mod distribution_properties;

mod resources;

mod account;

mod principals;

mod functions;

mod queues;

mod rules;

mod http_apis;

mod distribution;

mod headers;

mod bucket_origin;

mod bucket_rules;

mod hosts;

mod outputs;

mod failure;

mod apis;

pub mod api_guard;

mod secrets;

mod key_values;

mod custom_resources;

mod metrics;

mod metric_filters;

mod statistic;

mod expression;

pub mod alarms;

mod measuring;

mod inspection;

pub mod error;
