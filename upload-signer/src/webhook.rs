//! The webhook: a signed HTTP request to the operator's server for each upload that was checked and each video that is ready
//! or has failed. Format and signature follow the specification Standard Webhooks,
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.
//!
//! Reading order:
//! - [`secret`]: the secret and the signature;
//! - `event`, `message`: turn an event of the bus into the message about it;
//! - `endpoint`, `notifier`: the request, and the handler of events (feature `edge`);
//! - `redelivery`: growing pauses between the deliveries of a queue (feature `edge`).

pub mod secret;

#[cfg(feature = "edge")]
pub mod event;

#[cfg(feature = "edge")]
pub mod message;

#[cfg(feature = "edge")]
pub mod endpoint;

#[cfg(feature = "edge")]
pub mod notifier;

#[cfg(feature = "edge")]
pub mod redelivery;
