//! Permissions, as policies of roles and buckets give them on AWS. The owner may do everything, another principal only what
//! its statements allow.

use aws_credential_types::Credentials;
use http::Extensions;
use s3s::S3Result;
use s3s::access::{S3Access, S3AccessContext};

use super::error::{ClientError, StoreError};
use super::record::ObjectRecord;

/// A user or role with its own credentials.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The credentials that sign its requests.
    pub credentials: Credentials,
    /// Its permissions.
    pub statements: Vec<Statement>,
}

/// One permission: an action on the objects of a bucket whose keys have a prefix.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The allowed action.
    pub action: Action,
    /// The bucket.
    pub bucket: &'static str,
    /// The prefix of the objects' keys.
    pub prefix: String,
    /// The tag, key and value, that an object must have to be read: the condition `s3:ExistingObjectTag/<key>`.
    pub tag: Option<(&'static str, &'static str)>,
}

/// An action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `s3:GetObject`: `GetObject` and `HeadObject`.
    GetObject,
    /// `s3:PutObject`, without tags.
    PutObject,
    /// `s3:DeleteObject`: `DeleteObject`, and `DeleteObjects` if the statement has no prefix.
    DeleteObject,
    /// `s3:ListBucket`.
    ListBucket,
}

/// All principals except the owner.
pub(crate) struct Access(pub(crate) Vec<Principal>);

#[async_trait::async_trait]
impl S3Access for Access {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        let credentials = context.credentials().ok_or_else(denied)?;
        let is_caller =
            |principal: &&Principal| principal.credentials.access_key_id() == credentials.access_key;
        // The signature is valid, so it is the owner's unless it belongs to another principal.
        let Some(principal) = self.0.iter().find(is_caller) else { return Ok(()) };
        let action = match context.s3_op().name() {
            "GetObject" | "HeadObject" => Action::GetObject,
            "PutObject" if !context.headers().contains_key("x-amz-tagging") => Action::PutObject,
            "DeleteObject" | "DeleteObjects" => Action::DeleteObject,
            "ListObjectsV2" => Action::ListBucket,
            _ => return Err(denied().into()),
        };
        let path = context.s3_path();
        let of_bucket = path.as_bucket().map(|bucket| (bucket, ""));
        let (bucket, key) = path.as_object().or(of_bucket).ok_or_else(denied)?;
        let allows = |statement: &&Statement| {
            statement.action == action
                && statement.bucket == bucket
                && key.starts_with(statement.prefix.as_str())
        };
        let tags: Vec<_> =
            principal.statements.iter().filter(allows).map(|statement| statement.tag).collect();
        if tags.is_empty() {
            return Err(denied().into());
        }
        let may_list = principal.statements.iter().any(|statement| {
            statement.action == Action::ListBucket
                && statement.bucket == bucket
                && key.starts_with(statement.prefix.as_str())
        });
        context.extensions_mut().insert(Reader::Restricted { tags, may_list });
        Ok(())
    }
}

/// The permission to read objects.
#[derive(Clone)]
pub(crate) enum Reader {
    /// Every object.
    Owner,
    /// Some objects.
    Restricted {
        /// The tags of which an object must have one. `None` allows objects with any tags.
        tags: Vec<Option<(&'static str, &'static str)>>,
        /// `true` if the reader may list the bucket, and so learn which objects are missing.
        may_list: bool,
    },
}

impl Reader {
    /// The permission of a request's caller.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or(Self::Owner)
    }

    /// Passes a found object on if the reader may read it. A restricted reader gets the same error for an object that
    /// it may not read and for a missing one, unless it may list the bucket.
    pub(crate) fn admit<T>(
        &self,
        found: Result<T, StoreError>,
        record: impl Fn(&T) -> &ObjectRecord,
    ) -> Result<T, StoreError> {
        let Self::Restricted { tags, may_list } = self else { return found };
        match found {
            Ok(found) if tags.iter().any(|tag| has(record(&found), *tag)) => Ok(found),
            Err(error @ StoreError::Client(ClientError::NoSuchKey)) if *may_list => Err(error),
            Ok(_) | Err(StoreError::Client(ClientError::NoSuchKey)) => Err(denied().into()),
            Err(error) => Err(error),
        }
    }
}

fn has(record: &ObjectRecord, tag: Option<(&str, &str)>) -> bool {
    tag.is_none_or(|(key, value)| {
        record.description.tags.iter().any(|tag| tag.key == key && tag.value == value)
    })
}

fn denied() -> ClientError {
    ClientError::AccessDenied("access denied".to_owned())
}
