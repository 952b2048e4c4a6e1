//! A bucket that is selected by its name.

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::builders::GetObjectFluentBuilder;
use aws_sdk_s3::operation::head_object::builders::HeadObjectFluentBuilder;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;

/// A bucket and the client that reaches it. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Bucket {
    client: Client,
    name: String,
}

impl Bucket {
    /// The bucket `name` of a client. No request is sent.
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self { client, name: name.into() }
    }

    /// The bucket's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The SDK's client, for operations that this crate does not have.
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// A request for an object's content. The caller adds conditions and sends it.
    pub fn get(&self, key: &str) -> GetObjectFluentBuilder {
        self.client.get_object().bucket(&self.name).key(key)
    }

    /// A request for an object's headers. The caller sends it.
    pub fn head(&self, key: &str) -> HeadObjectFluentBuilder {
        self.client.head_object().bucket(&self.name).key(key)
    }

    /// A request that writes an object. The caller adds content and headers, and sends it; [`crate::put_if`] sends it
    /// under a condition.
    pub fn put(&self, key: &str) -> PutObjectFluentBuilder {
        self.client.put_object().bucket(&self.name).key(key)
    }
}
