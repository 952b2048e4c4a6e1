use super::*;
use crate::source::{SourceVideo, VideoTrack};

fn object() -> SourceObject {
    SourceObject {
        bucket: "originals".to_owned(),
        key: "files/1/clip.mp4".to_owned(),
        version: "v1".to_owned(),
        bytes: 5,
        modified_s: 7,
        sequencer: "0A0".to_owned(),
        captions: std::collections::BTreeMap::new(),
    }
}

fn claim() -> Claim {
    Claim::new(&object(), &VideoPolicy::default(), 1_000, 2_000)
}

fn given_up() -> End {
    End::GivenUp { failure: Failure { code: "gave-up".to_owned(), message: String::new() }, at_ms: 1_500 }
}

#[test]
fn the_id_depends_on_bucket_key_version_and_outputs() {
    let policy = VideoPolicy::default();
    let same = claim_id(&object(), &policy);
    assert!(same.len() == 64 && same.bytes().all(|byte| byte.is_ascii_hexdigit()), "{same}");
    let check = |is_same: bool, change: fn(&mut SourceObject, &mut VideoPolicy)| {
        let (mut object, mut policy) = (object(), policy.clone());
        change(&mut object, &mut policy);
        assert_eq!(claim_id(&object, &policy) == same, is_same, "{object:?}");
    };
    check(true, |object, _| object.sequencer = "0B".to_owned());
    check(true, |object, _| object.modified_s = 8);
    check(true, |object, _| object.bytes = 6);
    check(true, |_, policy| policy.max_cents = 1);
    check(false, |object, _| object.version = "v2".to_owned());
    check(false, |object, _| object.key = "files/1/clip.mp".to_owned());
    check(false, |object, _| object.bucket = "original".to_owned());
    check(false, |_, policy| policy.audio_bitrate = 64_000);
    // The same concatenation, divided into other parts.
    check(false, |object, _| {
        object.key = "files/1/clip.mp4v".to_owned();
        object.version = "1".to_owned();
    });
}

#[test]
fn sequencers_compare_as_if_padded_with_zeros_on_the_right() {
    let check = |a: &str, b: &str, expected: std::cmp::Ordering| {
        assert_eq!(normalize_sequencer(a).cmp(&normalize_sequencer(b)), expected, "{a} {b}");
    };
    check("0055AED6DCD90281E5", "0055aed6dcd90281e5", std::cmp::Ordering::Equal);
    check("0055AED6DCD90281E5", "0055AED6DCD90281E5000", std::cmp::Ordering::Equal);
    check("0055AED6DCD90281E5", "0055AED6DCD90281E501", std::cmp::Ordering::Less);
    check("0055AED6DCD90281E5", "0056", std::cmp::Ordering::Less);
    check("", "01", std::cmp::Ordering::Less);
}

#[test]
fn the_next_step_depends_on_the_claim_and_the_time() {
    let planned = {
        let source = SourceVideo {
            duration_ms: Some(1_000),
            bytes: 5,
            video: Some(VideoTrack {
                width: 640,
                height: 360,
                rotation: 0,
                sample_aspect: (1, 1),
                frame_rate: None,
                is_hdr: false,
                codec: "AVC".to_owned(),
            }),
            audio: None,
        };
        let plan = Plan::new(&source, &VideoPolicy::default()).unwrap();
        claim().with_plan(SourceFacts::default(), &plan, 2_000)
    };
    let refused = End::Refused { failure: Failure { code: String::new(), message: String::new() }, at_ms: 1 };
    let check = |claim: Claim, now_ms, expected| assert_eq!(claim.next_step(now_ms), expected, "{claim:?}");
    check(claim(), 1_999, NextStep::Wait);
    check(claim(), 2_000, NextStep::Plan);
    check(planned.clone(), 1_999, NextStep::Wait);
    check(planned.clone(), 2_000, NextStep::FindJob);
    check(Claim { job: Some("j".to_owned()), ..planned.clone() }, 1_999, NextStep::Publish);
    check(Claim { end: Some(refused), ..claim() }, 1_999, NextStep::Publish);
    check(Claim { end: Some(given_up()), ..claim() }, 2_000, NextStep::Plan);
    check(Claim { end: Some(given_up()), ..planned.clone() }, 2_000, NextStep::FindJob);
    // The job existed although the trigger had given up.
    check(Claim { end: Some(given_up()), job: Some("j".to_owned()), ..planned }, 2_000, NextStep::Publish);
}

#[test]
fn a_new_run_begins_when_a_given_up_claim_is_taken_over() {
    let again = claim().taken_over(9_000);
    assert_eq!((again.run, again.busy_until_ms), (1, 9_000));
    let new_run = Claim { end: Some(given_up()), is_announced: true, ..claim() }.taken_over(9_000);
    assert_eq!((new_run.run, new_run.end, new_run.is_announced), (2, None, false));
}

#[test]
fn only_a_later_event_changes_the_claim_of_the_same_content() {
    let rewritten = |modified_s, sequencer: &str| {
        let object = SourceObject { modified_s, sequencer: sequencer.to_owned(), ..object() };
        claim().rewritten(&object).map(|claim| (claim.modified_s, claim.sequencer))
    };
    assert_eq!(rewritten(7, "0A"), None);
    assert_eq!(rewritten(7, "09"), None);
    assert_eq!(rewritten(6, "0B"), None);
    assert_eq!(rewritten(7, "0B"), Some((7, "0b".to_owned())));
    assert_eq!(rewritten(8, ""), Some((8, String::new())));
}

#[test]
fn a_claim_survives_serialisation_and_knows_its_status() {
    let check = |claim: Claim, state: VideoState| {
        let text = serde_json::to_string(&claim).unwrap();
        assert_eq!(serde_json::from_str::<Claim>(&text).unwrap(), claim);
        assert_eq!(claim.current_status().state, state);
    };
    let ended = Box::new(claim().status(VideoState::Ready, 5));
    check(claim(), VideoState::Queued);
    check(Claim { job: Some("j".to_owned()), ..claim() }, VideoState::Transcoding);
    check(Claim { end: Some(given_up()), ..claim() }, VideoState::Failed);
    check(Claim { end: Some(End::Job { status: ended.clone() }), ..claim() }, VideoState::Ready);
    // After a later write of the same content, the result belongs to the newer object.
    let again = Claim { end: Some(End::Job { status: ended }), modified_s: 9, ..claim() };
    assert_eq!(again.current_status().order.modified_s, 9);
    assert_eq!(claim().current_status().updated, "1970-01-01T00:00:01.000Z");
}
