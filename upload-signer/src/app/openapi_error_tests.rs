//! The states, reasons and errors that the signer answers and those of `docs/openapi.json` are the same.

use std::collections::BTreeSet;
use std::iter::successors;

use serde_json::Value;
use service::problem::{Kind, Problem};

use super::openapi_tests::document;
use crate::arrival::state::{RefusalReason, UploadState};
use crate::clients::better_upload;
use crate::error::{Cause, SignError};
use crate::http::problem::problem;
use crate::signing::media_type::MediaType;

/// The reason after this one, so that a new reason doesn't compile before it is part of the test.
fn reason_after(reason: &RefusalReason) -> Option<RefusalReason> {
    Some(match reason {
        RefusalReason::Empty => RefusalReason::TooLarge,
        RefusalReason::TooLarge => RefusalReason::TypeNotAllowed,
        RefusalReason::TypeNotAllowed => RefusalReason::OtherContent(None),
        RefusalReason::OtherContent(_) => RefusalReason::OtherHeader(None),
        RefusalReason::OtherHeader(_) => RefusalReason::TooManyPixels(None),
        RefusalReason::TooManyPixels(_) => RefusalReason::Harmful,
        RefusalReason::Harmful => return None,
    })
}

fn state_after(state: &UploadState) -> Option<UploadState> {
    Some(match state {
        UploadState::Pending => UploadState::Clean(None),
        UploadState::Clean(_) => UploadState::Refused(RefusalReason::Empty),
        UploadState::Refused(_) => return None,
    })
}

fn cause_after(cause: &Cause) -> Option<Cause> {
    let declared = || MediaType::parse("text/html").unwrap();
    Some(match cause {
        Cause::NotJson(_) => Cause::Missing,
        Cause::Missing => Cause::UnknownField,
        Cause::UnknownField => Cause::WrongType("text"),
        Cause::WrongType(_) => Cause::Invalid("it is empty"),
        Cause::Invalid(_) => Cause::TypeNotAllowed { declared: declared(), allowed: Vec::new() },
        Cause::TypeNotAllowed { .. } => Cause::FileTooLarge { bytes: 2, limit: 1 },
        Cause::FileTooLarge { .. } => Cause::TooManyFiles { count: 2, limit: 1 },
        Cause::TooManyFiles { .. } => Cause::TooMuchMetadata { bytes: 2, limit: 1 },
        Cause::TooMuchMetadata { .. } => Cause::FormTooLarge { bytes: 2, limit: 1 },
        Cause::FormTooLarge { .. } => Cause::PartNumber { text: "x".to_owned(), max: 1 },
        Cause::PartNumber { .. } => Cause::PartCount { listed: 2, stored: 1 },
        Cause::PartCount { .. } => Cause::PartMismatch { number: 1 },
        Cause::PartMismatch { .. } => Cause::Forbidden("no"),
        Cause::Forbidden(_) => Cause::NotFound("no"),
        Cause::NotFound(_) => Cause::Conflict("no"),
        Cause::Conflict(_) => Cause::Storage("down".to_owned()),
        Cause::Storage(_) => Cause::CredentialsExpired,
        Cause::CredentialsExpired => Cause::NotSignable("no".to_owned()),
        Cause::NotSignable(_) => return None,
    })
}

/// The kind of each problem that the signer answers: of every cause, and of a method that a route doesn't have.
fn kinds() -> Vec<Kind> {
    let causes = successors(Some(Cause::NotJson("{".to_owned())), cause_after);
    let of_causes = causes.map(|cause| problem(SignError::whole(cause)).kind());
    of_causes.chain([Problem::method_not_allowed("", ["GET"]).kind()]).collect()
}

/// The values of a member of a schema in the document.
fn values(document: &Value, pointer: &str) -> BTreeSet<String> {
    let schema = document.pointer(&format!("/components/schemas/{pointer}/enum")).unwrap();
    schema.as_array().unwrap().iter().map(|value| value.as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_document_has_every_state_and_every_reason_of_a_refusal() {
    let document = document();
    let reasons: BTreeSet<String> =
        successors(Some(RefusalReason::Empty), reason_after).map(|reason| reason.name().to_owned()).collect();
    assert_eq!(values(&document, "UploadStatus/properties/reason"), reasons);
    let page = include_str!("../../../docs/upload-api.md");
    let (_, list) = page.split_once("The finaliser refuses a file for these reasons:").unwrap();
    let list = list.split("\n\n").nth(1).unwrap();
    for reason in reasons {
        assert!(list.contains(&format!("`{reason}`")), "{reason}: {list}");
    }
    let states = successors(Some(UploadState::Pending), state_after).map(|state| state.name().to_owned());
    let states = states.chain(["unchecked".to_owned()]).collect();
    assert_eq!(values(&document, "UploadStatus/properties/state"), states);
}

#[test]
fn the_document_has_every_error() {
    let document = document();
    let names: BTreeSet<String> = kinds().into_iter().map(|kind| kind.name().to_owned()).collect();
    let types = names.iter().map(|name| format!("urn:problem-type:tintype:{name}")).collect();
    assert_eq!(values(&document, "Problem/properties/type"), types);
    assert_eq!(values(&document, "CompanionError/properties/error"), names);
    let of_better_upload = kinds().into_iter().map(|kind| better_upload::name(kind).to_owned()).collect();
    assert_eq!(values(&document, "BetterUploadError/properties/error/properties/type"), of_better_upload);
}

#[test]
fn the_document_has_every_status_of_an_error() {
    let document = document();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let described: BTreeSet<String> = operations
        .flat_map(|operation| operation["responses"].as_object().unwrap().keys())
        .filter(|status| !status.starts_with('2'))
        .cloned()
        .collect();
    // Another method than those of the path is no operation.
    let answered = kinds().into_iter().filter(|kind| *kind != Kind::MethodNotAllowed);
    assert_eq!(described, answered.map(|kind| kind.status().as_str().to_owned()).collect());
}
