use super::*;

fn object() -> Announced {
    Announced {
        bucket: "originals".to_owned(),
        key: "files/1/clip.mp4".to_owned(),
        version: "v1".to_owned(),
        bytes: 5,
        modified_s: 7,
        sequencer: "0A0".to_owned(),
    }
}

fn claim() -> Claim {
    Claim::new(&object(), &VideoPolicy::default(), 1_000, 2_000)
}

fn given_up() -> End {
    End::GivenUp { failure: Failure { code: "gave-up".to_owned(), message: String::new() }, at_ms: 1_500 }
}

#[test]
fn a_claim_is_of_bucket_key_version_and_what_is_made_of_them() {
    let policy = VideoPolicy::default();
    let same = id(&object(), &policy);
    assert!(same.len() == 64 && same.bytes().all(|byte| byte.is_ascii_hexdigit()), "{same}");
    let check = |is_same: bool, change: fn(&mut Announced, &mut VideoPolicy)| {
        let (mut object, mut policy) = (object(), policy.clone());
        change(&mut object, &mut policy);
        assert_eq!(id(&object, &policy) == same, is_same, "{object:?}");
    };
    check(true, |object, _| object.sequencer = "0B".to_owned());
    check(true, |object, _| object.modified_s = 8);
    check(true, |object, _| object.bytes = 6);
    check(true, |_, policy| policy.max_cents = 1);
    check(false, |object, _| object.version = "v2".to_owned());
    check(false, |object, _| object.key = "files/1/clip.mp".to_owned());
    check(false, |object, _| object.bucket = "original".to_owned());
    check(false, |_, policy| policy.audio_bitrate = 64_000);
    // No two ways to cut the same text into parts.
    check(false, |object, _| {
        object.key = "files/1/clip.mp4v".to_owned();
        object.version = "1".to_owned();
    });
}

#[test]
fn sequencers_compare_as_if_padded_with_zeros_on_the_right() {
    let check = |a: &str, b: &str, expected: std::cmp::Ordering| {
        assert_eq!(sequence(a).cmp(&sequence(b)), expected, "{a} {b}");
    };
    check("0055AED6DCD90281E5", "0055aed6dcd90281e5", std::cmp::Ordering::Equal);
    check("0055AED6DCD90281E5", "0055AED6DCD90281E5000", std::cmp::Ordering::Equal);
    check("0055AED6DCD90281E5", "0055AED6DCD90281E501", std::cmp::Ordering::Less);
    check("0055AED6DCD90281E5", "0056", std::cmp::Ordering::Less);
    check("", "01", std::cmp::Ordering::Less);
}

#[test]
fn what_is_next_depends_on_what_is_written_and_when() {
    let planned = {
        let source = crate::source::Source {
            duration_ms: Some(1_000),
            bytes: 5,
            video: Some(crate::source::VideoTrack {
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
        let plan = crate::plan::plan(&source, &VideoPolicy::default()).unwrap();
        claim().planned(SourceFacts::default(), &plan, 2_000)
    };
    let refused = End::Refused { failure: Failure { code: String::new(), message: String::new() }, at_ms: 1 };
    let check = |claim: Claim, now_ms, expected| assert_eq!(claim.next(now_ms), expected, "{claim:?}");
    check(claim(), 1_999, Next::Wait);
    check(claim(), 2_000, Next::Begin);
    check(planned.clone(), 1_999, Next::Wait);
    check(planned.clone(), 2_000, Next::Reconcile);
    check(Claim { job: Some("j".to_owned()), ..planned.clone() }, 1_999, Next::Tell);
    check(Claim { end: Some(refused), ..claim() }, 1_999, Next::Tell);
    check(Claim { end: Some(given_up()), ..claim() }, 2_000, Next::Begin);
    check(Claim { end: Some(given_up()), ..planned.clone() }, 2_000, Next::Reconcile);
    // The job was there all the while.
    check(Claim { end: Some(given_up()), job: Some("j".to_owned()), ..planned }, 2_000, Next::Tell);
}

#[test]
fn a_claim_that_was_given_up_begins_a_new_run() {
    let again = claim().taken(9_000);
    assert_eq!((again.run, again.busy_until_ms), (1, 9_000));
    let anew = Claim { end: Some(given_up()), is_announced: true, ..claim() }.taken(9_000);
    assert_eq!((anew.run, anew.end, anew.is_announced), (2, None, false));
}

#[test]
fn only_a_later_event_announces_the_same_content_again() {
    let announced = |modified_s, sequencer: &str| {
        let object = Announced { modified_s, sequencer: sequencer.to_owned(), ..object() };
        claim().announced_again(&object).map(|claim| (claim.modified_s, claim.sequencer))
    };
    assert_eq!(announced(7, "0A"), None);
    assert_eq!(announced(7, "09"), None);
    assert_eq!(announced(6, "0B"), None);
    assert_eq!(announced(7, "0B"), Some((7, "0b".to_owned())));
    assert_eq!(announced(8, ""), Some((8, String::new())));
}

#[test]
fn a_claim_reads_as_it_was_written_and_tells_how_it_stands() {
    let check = |claim: Claim, state: State| {
        let text = serde_json::to_string(&claim).unwrap();
        assert_eq!(serde_json::from_str::<Claim>(&text).unwrap(), claim);
        assert_eq!(claim.standing().state, state);
    };
    let ended = Box::new(claim().status(State::Ready, 5));
    check(claim(), State::Queued);
    check(Claim { job: Some("j".to_owned()), ..claim() }, State::Transcoding);
    check(Claim { end: Some(given_up()), ..claim() }, State::Failed);
    check(Claim { end: Some(End::Job { status: ended.clone() }), ..claim() }, State::Ready);
    // Announced again, the end is the newer object's.
    let again = Claim { end: Some(End::Job { status: ended }), modified_s: 9, ..claim() };
    assert_eq!(again.standing().order.modified_s, 9);
    assert_eq!(claim().standing().updated, "1970-01-01T00:00:01.000Z");
}
