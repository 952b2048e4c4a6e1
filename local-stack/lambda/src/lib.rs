//! Lambda on one machine: packaged functions as processes that ask a Runtime API for events.
//!
//! It supports custom runtimes (`provided.*`) and Node.js, buffered and streamed answers, environment variables, the timeout,
//! the memory limit, reserved concurrency, and execution environments that start on demand, are frozen between
//! invocations and are used again. Function URLs and HTTP APIs give functions events of payload format 2.0.
//!
//! Differences to AWS: the memory limit counts the function's own process and not those that it starts. The share of a
//! processor doesn't depend on the memory. Environments are never replaced by age. There are no extensions, layers, versions
//! or asynchronous invocations.
//!
//! To start a function, give its [`config::FunctionConfig`] to [`function::Function::new`], and call it, or serve
//! [`url::app`] or [`http_api::app`].
//!
//! Reading order: [`config`]; [`outcome`]; `runtime_api` (events and answers of one process); `environment` (one process);
//! [`function`] (all processes of a function); `http_event` (requests as events and answers as responses); [`url`];
//! [`http_api`].

pub mod config;

pub mod outcome;

mod runtime_api;

mod environment;

pub mod function;

mod http_event;

pub mod url;

pub mod http_api;
