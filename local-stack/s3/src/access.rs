//! Who may do what, as the policies of roles and of the bucket say it on AWS: the owner everything, any other
//! principal what its statements allow and nothing else.

use aws_credential_types::Credentials;
use http::Extensions;
use s3s::S3Result;
use s3s::access::{S3Access, S3AccessContext};

use super::error::{Refusal, StoreError};
use super::record::ObjectRecord;

/// Somebody with credentials of their own.
#[derive(Clone, Debug)]
pub struct Principal {
    /// What its requests are signed with.
    pub credentials: Credentials,
    /// What it may do.
    pub statements: Vec<Statement>,
}

/// One permission: an action on the objects of a bucket whose keys have a prefix.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What may be done.
    pub action: Action,
    /// In which bucket.
    pub bucket: &'static str,
    /// What the objects' keys begin with.
    pub prefix: String,
    /// The tag that an object must have to be read, key and value: the condition `s3:ExistingObjectTag/<key>`.
    pub tag: Option<(&'static str, &'static str)>,
}

/// What may be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `s3:GetObject`: `GetObject` and `HeadObject`.
    GetObject,
    /// `s3:PutObject`, without tags.
    PutObject,
    /// `s3:DeleteObject`: `DeleteObject`, and `DeleteObjects` where no prefix limits it.
    DeleteObject,
    /// `s3:ListBucket`.
    ListBucket,
}

/// The statements of all principals but the owner.
pub(crate) struct Access(pub(crate) Vec<Principal>);

#[async_trait::async_trait]
impl S3Access for Access {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        let credentials = context.credentials().ok_or_else(denied)?;
        let is_asking =
            |principal: &&Principal| principal.credentials.access_key_id() == credentials.access_key;
        // Whoever else has a valid signature is the owner.
        let Some(principal) = self.0.iter().find(is_asking) else { return Ok(()) };
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
        context.extensions_mut().insert(Reader::With(tags));
        Ok(())
    }
}

/// Who reads an object.
#[derive(Clone)]
pub(crate) enum Reader {
    /// Who may read any.
    Owner,
    /// Who may read an object that has one of these tags; none stands for an object of any tags.
    With(Vec<Option<(&'static str, &'static str)>>),
}

impl Reader {
    /// Who makes a request.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or(Self::Owner)
    }

    /// What was found, where the reader may read it. Who may read only some isn't told whether there is another.
    pub(crate) fn admit<T>(
        &self,
        found: Result<T, StoreError>,
        record: impl Fn(&T) -> &ObjectRecord,
    ) -> Result<T, StoreError> {
        let Self::With(tags) = self else { return found };
        match found {
            Ok(found) if tags.iter().any(|tag| has(record(&found), *tag)) => Ok(found),
            Ok(_) | Err(StoreError::Refused(Refusal::NoSuchKey)) => Err(denied().into()),
            Err(error) => Err(error),
        }
    }
}

fn has(record: &ObjectRecord, tag: Option<(&str, &str)>) -> bool {
    tag.is_none_or(|(key, value)| {
        record.description.tags.iter().any(|tag| tag.key == key && tag.value == value)
    })
}

fn denied() -> Refusal {
    Refusal::AccessDenied("access denied".to_owned())
}
