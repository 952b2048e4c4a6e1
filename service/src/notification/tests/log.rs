//! Failures of a batch in the log.

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use super::super::*;
use super::batch::TestError;
use super::record;

/// The lines of a log.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// The failures in the log of a function that fails for every object.
async fn logged(event: &Value) -> Vec<String> {
    let lines = Lines::default();
    let log = tracing_subscriber::fmt().with_writer(lines.clone()).with_ansi(false).finish();
    let guard = tracing::subscriber::set_default(log);
    let fails = |object: ObjectCreated, _| async { Err::<(), _>(TestError::Fails(object.key)) };
    let _ = handle_batch(event, created_objects, fails).await;
    drop(guard);
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    text.lines().filter_map(|line| Some(line.split_once("error=")?.1.to_owned())).collect()
}

#[tokio::test]
async fn each_failure_is_logged_or_returned_and_never_both() {
    let direct = json!({ "Records": [record("ObjectCreated:Put", "files/a"), record("ObjectCreated:Put", "files/b")] });
    assert_eq!(logged(&direct).await, ["files/a fails"]);
    let message = json!({ "eventSource": "aws:sqs", "messageId": "1", "body": direct.to_string() });
    assert_eq!(logged(&json!({ "Records": [message] })).await, ["files/a fails", "files/b fails"]);
}
