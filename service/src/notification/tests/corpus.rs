//! Tests with the recorded and generated events in a folder.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::super::ObjectCreated;
use super::{created, outcomes, sqs};

/// A case of the corpus: an event, and the objects that it reports as written.
#[derive(Deserialize)]
struct Case {
    event: Value,
    expect: Expected,
}

#[derive(Deserialize)]
struct Expected {
    starts: Vec<Start>,
    error: bool,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Start {
    bucket: String,
    key: String,
}

#[test]
fn generated_events_of_the_corpus_give_the_expected_objects() {
    for path in corpus_files("s3events_generated_keys") {
        let text = std::fs::read_to_string(&path).unwrap();
        let case: Case = serde_json::from_str(&text).unwrap();
        let objects: Vec<_> =
            created(&case.event).unwrap().into_iter().flat_map(|message| message.records).collect();
        assert_eq!(objects.iter().any(Result::is_err), case.expect.error, "{path:?}");
        let starts: Vec<_> = objects
            .into_iter()
            .flatten()
            .map(|ObjectCreated { bucket, key, .. }| Start { bucket, key })
            .collect();
        assert_eq!(starts, case.expect.starts, "{path:?}");
    }
}

#[test]
fn recorded_events_of_the_corpus_give_objects_or_errors() {
    let folders = ["s3events_aws_lambda_events", "s3events_aws_lambda_go", "mediaconvert_events"];
    for path in folders.into_iter().flat_map(corpus_files) {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let outcomes = outcomes(&sqs(&[&text]));
        if name.trim_start_matches("example-").starts_with("s3-event") {
            assert_eq!(outcomes, ["Happy Face.jpg"], "{path:?}");
        } else {
            assert!(outcomes.iter().all(|outcome| outcome.starts_with("error: ")), "{path:?}: {outcomes:?}");
        }
    }
}

/// The JSON files of a folder of the corpus. Empty if no corpus is configured.
fn corpus_files(folder: &str) -> Vec<PathBuf> {
    let Some(corpus) = std::env::var_os("TINTYPE_CORPUS") else {
        return Vec::new();
    };
    let entries = std::fs::read_dir(Path::new(&corpus).join(folder)).unwrap();
    let is_json = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
    let files: Vec<_> = entries.map(|entry| entry.unwrap().path()).filter(is_json).collect();
    assert!(!files.is_empty(), "{folder} has no events");
    files
}
