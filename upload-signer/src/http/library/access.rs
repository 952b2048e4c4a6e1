//! The files of the library that a caller may see: its own, and all with the scope of an administrator.

use std::sync::Arc;

use contract::key::Key;
use library::record::FileRecord;
use library::store::{LibraryError, LibraryStore, Scope};
use service::problem::{Kind, Problem};

use crate::callers::access::{Access, Caller};
use crate::callers::jwt::WRITE_ALL_SCOPE;
use crate::error::SignError;
use crate::http::api::Api;
use crate::signing::owner::Owner;

/// The library of the deployment.
pub(super) fn library(api: &Api) -> Result<&Arc<dyn LibraryStore>, Problem> {
    api.library
        .as_ref()
        .ok_or_else(|| Problem::new(Kind::NotFound, "this deployment has no library of files"))
}

/// The list that a caller reads. `owner` is the name of the only owner that the caller asks for.
pub(super) fn scope(caller: &Caller, owner: Option<&str>) -> Result<Scope, SignError> {
    let own = caller.owner_tag();
    let Some(name) = owner else {
        return Ok(if caller.reads_all() { Scope::All } else { Scope::Owner(tag(own)) });
    };
    let asked = (!name.is_empty()).then(|| Owner::new(name));
    if caller.reads_all() || asked == own {
        return Ok(Scope::Owner(tag(asked)));
    }
    let sentence = "the files of other owners need a session or token with the scope tintype/files.read";
    Err(SignError::forbidden(sentence).within("owner"))
}

/// `true` if a caller may see a file.
pub(super) fn may_see(caller: &Caller, record: &FileRecord) -> bool {
    let is_own = || tag(caller.owner_tag()) == record.facts.owner;
    may_see_area(caller, record) && (caller.reads_all() || is_own())
}

/// `true` if a caller that may see a file may change it.
pub(super) fn may_change(access: &Access, caller: &Caller, record: &FileRecord) -> bool {
    let is_own = match caller {
        Caller::Anonymous => access.anonymous_may_change && record.facts.owner.is_none(),
        Caller::Subject(_) | Caller::Session(_) => tag(caller.owner_tag()) == record.facts.owner,
    };
    is_own || caller.writes_all()
}

/// The problem of a file that the caller may see and not change.
pub(super) fn not_changeable(caller: &Caller) -> Problem {
    let detail = match caller {
        Caller::Anonymous => {
            "changes need a session in the path or a token in the header Authorization".to_owned()
        }
        Caller::Subject(_) | Caller::Session(_) => {
            format!("files of other owners may be changed with the scope {WRITE_ALL_SCOPE} only")
        }
    };
    Problem::new(Kind::Forbidden, detail)
}

/// `true` if the caller's session isn't restricted to the other area.
pub(super) fn may_see_area(caller: &Caller, record: &FileRecord) -> bool {
    Key::parse(&record.key).is_ok_and(|key| caller.may_read(key.area()))
}

fn tag(owner: Option<Owner>) -> Option<String> {
    owner.map(|owner| owner.tag().to_owned())
}

/// The problem of a store that doesn't answer.
pub(super) fn library_problem(error: &LibraryError) -> Problem {
    tracing::error!(%error, "the library failed");
    Problem::new(Kind::StorageUnavailable, "the library doesn't answer; try again")
}

/// The problem of a file that doesn't exist, or that the caller may not see: nobody learns which ids exist.
pub(super) fn no_such_file() -> Problem {
    Problem::new(Kind::NotFound, "the library has no such file, or it is another owner's")
}
