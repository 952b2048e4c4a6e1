//! What the edge of every Tintype service needs: [`mod@env`] reads its environment, [`problem`] turns its failures
//! into responses, [`telemetry`] starts its log.

pub mod env;

pub mod problem;

pub mod telemetry;
