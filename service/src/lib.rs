//! What the edge of every Tintype service needs: [`mod@env`] reads its environment, [`problem`] turns its failures
//! into responses, [`notification`] reads S3's events, [`telemetry`] starts its log, [`wire`] speaks HTTP for its
//! clients, [`aws_api`] calls AWS without an SDK crate, [`lambda`] is the life of a Lambda function.

pub mod env;

pub mod problem;

pub mod notification;

pub mod telemetry;

pub mod wire;

pub mod aws_api;

pub mod lambda;
