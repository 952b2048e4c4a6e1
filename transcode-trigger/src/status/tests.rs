use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::plan::Cost;

fn status(state: VideoState, percent: u8, order: Order) -> Status {
    Status {
        schema: SCHEMA,
        id: "a".to_owned(),
        state,
        percent,
        updated: String::new(),
        run: "r".to_owned(),
        source: SourceFacts::default(),
        job: None,
        cost: None,
        playback: None,
        duration_seconds: None,
        renditions: Vec::new(),
        warnings: Vec::new(),
        error: None,
        order,
    }
}

fn order(modified_s: i64, sequencer: &str, claimed_ms: i64, run: u32, at_ms: i64) -> Order {
    Order { modified_s, sequencer: sequencer.to_owned(), claimed_ms, run, at_ms }
}

#[test]
fn the_newer_document_has_the_newer_object_claim_run_state_percentage_or_time() {
    let check = |older: Status, newer: Status| {
        assert_eq!(older.clone().newer(newer.clone()), newer);
        assert_eq!(newer.clone().newer(older), newer);
    };
    let at = |at_ms| order(1, "0a", 1, 1, at_ms);
    check(status(VideoState::Ready, 100, at(9)), status(VideoState::Queued, 0, order(2, "", 0, 1, 0)));
    check(status(VideoState::Ready, 100, at(9)), status(VideoState::Queued, 0, order(1, "0b", 0, 1, 0)));
    check(status(VideoState::Ready, 100, at(9)), status(VideoState::Queued, 0, order(1, "0a", 2, 1, 0)));
    check(status(VideoState::Failed, 0, at(9)), status(VideoState::Queued, 0, order(1, "0a", 1, 2, 0)));
    check(status(VideoState::Queued, 0, at(9)), status(VideoState::Probing, 0, at(1)));
    check(status(VideoState::Probing, 0, at(9)), status(VideoState::Transcoding, 0, at(1)));
    check(status(VideoState::Transcoding, 99, at(9)), status(VideoState::Failed, 0, at(1)));
    check(status(VideoState::Transcoding, 99, at(9)), status(VideoState::Canceled, 0, at(1)));
    check(status(VideoState::Failed, 0, at(9)), status(VideoState::Ready, 100, at(1)));
    check(status(VideoState::Transcoding, 10, at(9)), status(VideoState::Transcoding, 20, at(1)));
    check(status(VideoState::Transcoding, 10, at(1)), status(VideoState::Transcoding, 10, at(9)));
}

#[test]
fn a_document_reads_as_it_was_written() {
    let ready = Status {
        job: Some("j".to_owned()),
        cost: Some(Cost { microdollars: 37_500, output_ms: 210_000 }.into()),
        playback: Some(Playback { hls: Some("/videos/a/r/index.m3u8".to_owned()), ..Playback::default() }),
        duration_seconds: Some(30.03),
        renditions: vec![RenditionFacts {
            name: "270p".to_owned(),
            width: 480,
            height: 270,
            codec: "h264".to_owned(),
            max_bitrate: Some(400_000),
        }],
        warnings: vec![Warning { code: 230_001, count: 1 }],
        error: Some(Failure { code: "x".to_owned(), message: "y".to_owned() }),
        ..status(VideoState::Ready, 100, order(1, "0a", 1, 1, 1))
    };
    for status in [ready, status(VideoState::Queued, 0, Order::default())] {
        let text = serde_json::to_string(&status).unwrap();
        assert_eq!(serde_json::from_str::<Status>(&text).unwrap(), status);
    }
}

fn any_status() -> impl Strategy<Value = Status> {
    let states = [
        VideoState::Queued,
        VideoState::Probing,
        VideoState::Transcoding,
        VideoState::Ready,
        VideoState::Failed,
        VideoState::Canceled,
    ];
    let order = (0_i64..2, select(vec!["", "0a"]), 0_i64..2, 1_u32..3, 0_i64..4);
    (select(states.to_vec()), 0_u8..4, order).prop_map(
        |(state, percent, (modified, sequencer, claimed, run, at))| {
            status(state, percent, self::order(modified, sequencer, claimed, run, at))
        },
    )
}

/// The progress that clients see. It must never fall.
fn progress(status: &Status) -> (i64, String, i64, u32, u8, u8) {
    let Order { modified_s, sequencer, claimed_ms, run, .. } = status.order.clone();
    let percent = if status.state == VideoState::Transcoding { status.percent } else { 0 };
    (modified_s, sequencer, claimed_ms, run, status.state.rank(), percent)
}

proptest! {
    #[test]
    fn a_status_never_goes_backward_and_does_not_depend_on_the_order_of_events(
        (events, shuffled) in proptest::collection::vec(any_status(), 1..12)
            .prop_flat_map(|events| {
                // Every event at least once, some twice.
                let twice = [events.clone(), events[..events.len() / 2].to_vec()].concat();
                (Just(events), Just(twice).prop_shuffle())
            }),
    ) {
        let run = |events: &[Status]| -> Result<Status, TestCaseError> {
            let mut latest = events[0].clone();
            for event in events {
                let before = progress(&latest);
                latest = latest.newer(event.clone());
                prop_assert!(progress(&latest) >= before, "{latest:?} after {before:?}");
            }
            Ok(latest)
        };
        prop_assert_eq!(run(&events)?, run(&shuffled)?);
    }
}
