use std::time::Duration;

use super::*;
use crate::signing::declared_type::DeclaredType;
use crate::signing::media_type::MediaType;
use crate::signing::policy::TypePattern;
use Visibility::{Private, Public};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn keys() -> SigningKeys {
    SigningKeys::parse("0123456789abcdef0123456789abcdef").unwrap()
}

#[tokio::test]
async fn an_anonymous_caller_is_allowed_only_if_the_signer_is_open() {
    let check = async |access: &Access, session: Option<&str>, expected: Result<&str, &str>| {
        let caller = access.caller(session, Some("a.b.c"), at(0)).await;
        let owner = caller.as_ref().map(Caller::owner).map_err(ToString::to_string);
        assert_eq!(owner, expected.map(str::to_owned).map_err(str::to_owned));
    };
    let session = Session::new("alice", at(100)).to_token(&keys());
    let closed = Access { sessions: Some(keys()), ..Access::default() };
    let open = Access { is_open: true, ..closed.clone() };
    let needed = "an upload needs a session in its path or a token in the header Authorization";
    check(&closed, None, Err(needed)).await;
    check(&open, None, Ok("")).await;
    check(&closed, Some(&session), Ok("session:alice")).await;
    check(&open, Some(&session), Ok("session:alice")).await;
    check(&open, Some("forged"), Err("the session can't be read")).await;
    check(&Access { sessions: None, ..open }, Some(&session), Err("this signer has no sessions")).await;
}

#[test]
fn a_session_only_narrows_the_policy() {
    let policy = UploadPolicy { max_bytes: 1000, ..UploadPolicy::default() };
    let under = |session: Session| Caller::Session(Box::new(session)).policy(&policy, at(0));
    assert_eq!(under(Session::new("a", at(10_000))), policy);

    let patterns = |all: &[&str]| Some(all.iter().map(|text| TypePattern::parse(text).unwrap()).collect());
    let check = |types: &[&str], media_type: &str, expected: bool| {
        let session = Session { types: patterns(types), ..Session::new("a", at(10_000)) };
        let takes = under(session).allows(&MediaType::parse(media_type).unwrap());
        assert_eq!(takes, expected, "{types:?} {media_type}");
    };
    check(&["image/*"], "image/png", true);
    check(&["image/*"], "image/x-unheard-of", false);
    check(&["image/*"], "video/mp4", false);
    check(&["image/png", "text/html"], "image/png", true);
    check(&["image/png", "text/html"], "text/html", false);
    check(&[], "image/png", false);

    let small = Session { max_bytes: Some(10), max_files: Some(1), ..Session::new("a", at(60)) };
    let small = under(small);
    assert_eq!((small.max_bytes, small.max_files, small.lifetime), (10, 1, Duration::from_mins(1)));
    let large = Session {
        max_bytes: Some(u64::MAX),
        max_files: Some(usize::MAX),
        lifetime: Some(Duration::MAX),
        ..Session::new("a", at(1_000_000))
    };
    assert_eq!(under(large), policy);
}

#[test]
fn a_session_for_one_area_refuses_the_other_and_sets_the_default() {
    let request = |visibility| UploadRequest {
        file_name: "a".to_owned(),
        declared_type: DeclaredType::parse("image/png").unwrap(),
        bytes: None,
        sha256: None,
        visibility,
        metadata: crate::signing::metadata::Metadata::default(),
        method: crate::signing::request::UploadMethod::Post,
        owner: None,
    };
    let check = |only, given, says, expected: Option<Visibility>| {
        let caller = Caller::Session(Box::new(Session { visibility: only, ..Session::new("a", at(1)) }));
        let placed = caller.authorize(request(given), says).ok();
        assert!(placed.iter().all(|request| request.owner == Some(Owner::new("session:a"))));
        let placed = placed.map(|request| request.visibility);
        assert_eq!(placed, expected, "{only:?} {given:?} {says}");
    };
    check(None, Private, true, Some(Private));
    check(Some(Private), Private, true, Some(Private));
    check(Some(Private), Public, true, None);
    check(Some(Private), Public, false, Some(Private));
    check(Some(Public), Private, true, None);
}

#[test]
fn a_private_file_is_read_by_its_owner_and_by_callers_that_read_all() {
    let session = |owner: &str, reads_all, visibility| {
        Caller::Session(Box::new(Session { reads_all, visibility, ..Session::new(owner, at(1)) }))
    };
    let subject = |name: &str, reads_all| {
        Caller::Subject(Subject { name: name.to_owned(), reads_all, writes_all: false })
    };
    let alices = Owner::new("session:alice");
    let check = |caller: Caller, alices_file: bool, without_owner: bool| {
        assert_eq!(caller.may_read_private(Some(&alices)), alices_file, "{caller:?}");
        assert_eq!(caller.may_read_private(None), without_owner, "{caller:?}");
    };
    check(session("alice", false, None), true, false);
    check(session("alice", false, Some(Private)), true, false);
    check(session("alice", false, Some(Public)), false, false);
    check(session("bob", false, None), false, false);
    check(session("bob", true, None), true, true);
    check(session("bob", true, Some(Public)), false, false);
    check(subject("alice", false), false, false);
    check(subject("backend", true), true, true);
    check(Caller::Anonymous, false, true);
}
