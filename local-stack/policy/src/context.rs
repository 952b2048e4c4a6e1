//! The context of a call: the values that conditions compare.

use std::collections::BTreeMap;

use crate::error::PolicyError;

/// A condition key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// `aws:SecureTransport`: `true` for a call over TLS.
    SecureTransport,
    /// `aws:SourceArn`: the resource on behalf of which a service calls.
    SourceArn,
    /// `aws:SourceAccount`: the account on behalf of which a service calls.
    SourceAccount,
    /// `iam:PassedToService`: the service that gets a role.
    PassedToService,
    /// `lambda:InvokedViaFunctionUrl`: `true` for a request to a function URL.
    InvokedViaFunctionUrl,
    /// `lambda:FunctionUrlAuthType`: the authentication of a function URL.
    FunctionUrlAuthType,
    /// `s3:TlsVersion`: the version of TLS.
    TlsVersion,
    /// `s3:prefix`: the prefix of a listing.
    Prefix,
    /// `s3:x-amz-acl`: the canned ACL of a new object.
    Acl,
    /// `s3:ExistingObjectTag/<key>`: a tag of the stored object.
    ExistingObjectTag(String),
    /// `s3:RequestObjectTag/<key>`: a tag in the request.
    RequestObjectTag(String),
}

impl Key {
    /// The key with a name. Names don't depend on case, tags do.
    pub(crate) fn parse(name: &str) -> Result<Self, PolicyError> {
        let (stem, tag) = name.split_once('/').map_or((name, None), |(stem, tag)| (stem, Some(tag)));
        match (stem.to_ascii_lowercase().as_str(), tag) {
            ("aws:securetransport", None) => Ok(Self::SecureTransport),
            ("aws:sourcearn", None) => Ok(Self::SourceArn),
            ("aws:sourceaccount", None) => Ok(Self::SourceAccount),
            ("iam:passedtoservice", None) => Ok(Self::PassedToService),
            ("lambda:invokedviafunctionurl", None) => Ok(Self::InvokedViaFunctionUrl),
            ("lambda:functionurlauthtype", None) => Ok(Self::FunctionUrlAuthType),
            ("s3:tlsversion", None) => Ok(Self::TlsVersion),
            ("s3:prefix", None) => Ok(Self::Prefix),
            ("s3:x-amz-acl", None) => Ok(Self::Acl),
            ("s3:existingobjecttag", Some(tag)) => Ok(Self::ExistingObjectTag(tag.to_owned())),
            ("s3:requestobjecttag", Some(tag)) => Ok(Self::RequestObjectTag(tag.to_owned())),
            _ => Err(PolicyError::Unknown("condition key", name.to_owned())),
        }
    }
}

/// The values of a call's condition keys. A key that isn't in the context is missing, as in AWS.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Context(BTreeMap<Key, String>);

impl Context {
    /// The context of a call over TLS 1.3. The local stack has no TLS: it counts every connection as one.
    pub fn over_tls() -> Self {
        Self::default().with(Key::SecureTransport, "true").with(Key::TlsVersion, "1.3")
    }

    /// The context with one more value, which replaces an older one of the key.
    #[must_use]
    pub fn with(mut self, key: Key, value: impl Into<String>) -> Self {
        self.0.insert(key, value.into());
        self
    }

    /// The context without a key.
    #[must_use]
    pub fn without(mut self, key: &Key) -> Self {
        self.0.remove(key);
        self
    }

    /// The keys that the context has.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.0.keys()
    }

    pub(crate) fn get(&self, key: &Key) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
}
