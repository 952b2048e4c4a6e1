use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::config::Runtime;

/// A function in Node.js.
struct Subject {
    function: Function,
    folder: TempDir,
}

impl Subject {
    fn new(source: &str, change: impl FnOnce(&mut FunctionConfig)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.js"), source).unwrap();
        let mut config = FunctionConfig {
            name: "subject".to_owned(),
            arn: "arn:aws:lambda:us-east-1:000000000000:function:subject".to_owned(),
            runtime: Runtime::NodeJs,
            handler: "index.handler".to_owned(),
            code: folder.path().to_owned(),
            log: folder.path().join("log"),
            memory_megabytes: 256,
            timeout: Duration::from_secs(20),
            concurrency: 2,
            search_path: std::env::var_os("PATH").unwrap(),
            environment: vec![("GREETING".to_owned(), "hello".to_owned())],
        };
        change(&mut config);
        Self { function: Function::new(config), folder }
    }

    /// Calls the function, and waits until its environment is ready for the next call or has ended.
    async fn call_alone(&self, event: Value) -> Result<Value, InvokeError> {
        let outcome = self.call(event).await;
        let slots = &self.function.0.slots;
        drop(slots.acquire_many(u32::try_from(self.function.config().concurrency).unwrap()).await.unwrap());
        outcome
    }

    async fn call(&self, event: Value) -> Result<Value, InvokeError> {
        match self.function.invoke(event).await? {
            Outcome::Buffered(value) => Ok(value),
            Outcome::Streamed(..) => panic!("a buffered answer is streamed"),
        }
    }
}

#[tokio::test]
async fn an_environment_is_used_again_and_knows_its_variables() {
    let subject = Subject::new(
        "let calls = 0; exports.handler = async event => ({ calls: ++calls, said: process.env.GREETING, event });",
        |_| {},
    );
    for calls in 1..=2 {
        let answer = subject.call_alone(json!({ "a": 1 })).await.unwrap();
        assert_eq!(answer, json!({ "calls": calls, "said": "hello", "event": { "a": 1 } }));
    }
    subject.function.stop();
    assert_eq!(subject.call_alone(json!(1)).await.unwrap()["calls"], 1);
}

#[tokio::test]
async fn an_error_is_the_functions_and_the_next_call_succeeds() {
    let subject = Subject::new(
        "exports.handler = async event => { if (event) throw new RangeError('no'); return 'yes'; };",
        |_| {},
    );
    let error = subject.call_alone(json!(true)).await.unwrap_err();
    assert_eq!(error, InvokeError::Failed(json!({ "errorType": "RangeError", "errorMessage": "no" })));
    assert_eq!(subject.call_alone(json!(false)).await, Ok(json!("yes")));
}

#[tokio::test]
async fn a_function_that_exceeds_its_time_or_memory_is_ended_and_another_one_starts() {
    let source = "const kept = []; exports.handler = async event => {
        while (event === 'time') await new Promise(done => setTimeout(done, 10));
        while (event === 'memory') { kept.push(Buffer.alloc(16 << 20, 1)); await new Promise(done => setTimeout(done, 1)); }
        if (event === 'exit') process.exit(3);
        return process.pid;
    };";
    let subject = Subject::new(source, |config| config.timeout = Duration::from_secs(4));
    let first = subject.call_alone(json!("")).await.unwrap();
    assert_eq!(subject.call_alone(json!("time")).await, Err(InvokeError::TimedOut(4.0)));
    assert_ne!(subject.call_alone(json!("")).await.unwrap(), first);
    assert_eq!(subject.call_alone(json!("memory")).await, Err(InvokeError::OutOfMemory(256)));
    assert_eq!(subject.call_alone(json!("exit")).await, Err(InvokeError::Exited));
    assert!(subject.call_alone(json!("")).await.unwrap().is_number());
}

#[tokio::test]
async fn calls_beyond_the_concurrency_are_throttled() {
    let source = "exports.handler = async file => {
        while (!require('fs').existsSync(file)) await new Promise(done => setTimeout(done, 10));
        return 1;
    };";
    let subject = Subject::new(source, |_| {});
    let file = subject.folder.path().join("go");
    let event = json!(file);
    let release = async {
        tokio::task::yield_now().await;
        assert_eq!(subject.call(event.clone()).await, Err(InvokeError::Throttled));
        std::fs::write(&file, "").unwrap();
    };
    let (first, second, ()) = tokio::join!(subject.call(event.clone()), subject.call(event.clone()), release);
    assert_eq!((first, second), (Ok(json!(1)), Ok(json!(1))));
}

#[tokio::test]
async fn a_function_that_does_not_start_says_why() {
    let subject = Subject::new("throw new Error('broken')", |_| {});
    let error = subject.call(json!({})).await.unwrap_err().to_string();
    assert!(error.contains("broken"), "{error}");
    let subject = Subject::new("", |config| config.runtime = Runtime::Provided);
    let program = subject.folder.path().join("bootstrap");
    assert!(matches!(subject.call(json!({})).await, Err(InvokeError::NotStarted(_))));
    std::fs::write(&program, "#!/bin/sh\nexit 7\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let error = subject.call(json!({})).await.unwrap_err().to_string();
    assert!(error.contains("exit status: 7"), "{error}");
}

#[tokio::test]
async fn a_waiting_environment_is_frozen() {
    let source =
        "let ticks = 0; setInterval(() => ticks++, 5); exports.handler = async () => [process.pid, ticks];";
    let subject = Subject::new(source, |_| {});
    let answer = subject.call(json!({})).await.unwrap();
    let status = format!("/proc/{}/status", answer[0]);
    let is_stopped = || std::fs::read_to_string(&status).unwrap().contains("State:\tT");
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    while !is_stopped() {
        assert!(tokio::time::Instant::now() < deadline, "it isn't stopped");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(subject.call(json!({})).await.is_ok());
}
