//! The processes that send requests.

/// A kind of process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Process {
    Client,
    Cdn,
    /// SQS, which delivers messages.
    Queue,
    Signer,
    Finalizer,
    Resizer,
    Server,
    Upkeep,
    Trigger,
    Keeper,
    Webhook,
    /// The test itself, whose requests are neither recorded nor fail.
    Observer,
}

/// A process. After a crash another one with the next number takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Instance {
    pub(crate) process: Process,
    pub(crate) number: u32,
}
