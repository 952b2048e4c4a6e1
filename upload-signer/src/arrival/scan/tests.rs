use std::os::unix::fs::PermissionsExt as _;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use tokio::net::TcpListener;

use super::*;

const TIME_LIMIT: Duration = Duration::from_secs(30);

async fn scan(scanner: &Scanner, content: &[u8]) -> Result<ScanResult, ScanError> {
    let object = ObjectVersion {
        key: "files/1/a.png".to_owned(),
        version: None,
        etag: "\"0\"".to_owned(),
        bytes: content.len() as u64,
        media_type: "image/png".to_owned(),
        modified_s: 0,
    };
    scanner.scan(&object, ByteStream::from(content.to_vec())).await
}

/// A scanner that runs a shell script.
fn command(folder: &tempfile::TempDir, script: &str, time_limit: Duration) -> Scanner {
    let path = folder.path().join("scanner");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    Scanner::Command {
        command_line: vec!["/bin/sh".to_owned(), path.to_str().unwrap().to_owned()],
        time_limit,
    }
}

#[tokio::test]
async fn the_exit_status_of_a_command_is_its_result() {
    let folder = tempfile::tempdir().unwrap();
    let scanner = command(&folder, "if grep -q EICAR; then exit 1; else exit 0; fi", TIME_LIMIT);
    assert_eq!(scan(&scanner, b"a picture").await.unwrap(), ScanResult::Clean);
    assert_eq!(scan(&scanner, b"an EICAR test").await.unwrap(), ScanResult::Harmful);
    let large = [vec![b'.'; 3 << 20], b"EICAR".to_vec()].concat();
    assert_eq!(scan(&scanner, &large).await.unwrap(), ScanResult::Harmful);
}

#[tokio::test]
async fn a_command_without_a_result_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let large = vec![b'.'; 1 << 20];
    let broken = command(&folder, "exit 2", TIME_LIMIT);
    assert!(matches!(scan(&broken, &large).await, Err(ScanError::Undecided(_))));
    let killed = command(&folder, "kill -9 $$", TIME_LIMIT);
    assert!(matches!(scan(&killed, b"a").await, Err(ScanError::Undecided(_))));
    let missing =
        Scanner::Command { command_line: vec!["/nonexistent/scanner".to_owned()], time_limit: TIME_LIMIT };
    assert!(matches!(scan(&missing, b"a").await, Err(ScanError::Run(_))));
}

#[tokio::test]
async fn a_command_that_exceeds_its_time_limit_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    let script = format!("echo $$ > {}; exec sleep 3600", pid.display());
    let hanging = command(&folder, &script, Duration::from_millis(500));
    assert!(matches!(scan(&hanging, b"a").await, Err(ScanError::TimedOut(_))));
    let pid = std::fs::read_to_string(pid).unwrap();
    assert!(!std::path::Path::new(&format!("/proc/{}", pid.trim())).exists(), "it is still running");
}

#[tokio::test]
async fn the_status_of_an_endpoint_is_its_result() {
    let answer = async |body: Bytes| match &body[..] {
        b"clean" => 200,
        b"harmful" => 406,
        b"elsewhere" => 307,
        _ => 500,
    };
    let app = Router::new().route("/scan", post(async move |body| StatusResponse(answer(body).await)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/scan", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let scanner = Scanner::Http { url, time_limit: TIME_LIMIT };
    assert_eq!(scan(&scanner, b"clean").await.unwrap(), ScanResult::Clean);
    assert_eq!(scan(&scanner, b"harmful").await.unwrap(), ScanResult::Harmful);
    assert!(matches!(scan(&scanner, b"elsewhere").await, Err(ScanError::Undecided(_))));
    assert!(matches!(scan(&scanner, b"?").await, Err(ScanError::Undecided(_))));
    serving.abort();
    let _ = serving.await;
    assert!(matches!(scan(&scanner, b"clean").await, Err(ScanError::Request(_))));
}

struct StatusResponse(u16);

impl axum::response::IntoResponse for StatusResponse {
    fn into_response(self) -> axum::response::Response {
        let location = [("location", "/scan")];
        (::http::StatusCode::from_u16(self.0).unwrap(), location).into_response()
    }
}

#[tokio::test]
async fn an_endpoint_that_exceeds_its_time_limit_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let scanner = Scanner::Http { url, time_limit: Duration::from_millis(200) };
    assert!(matches!(scan(&scanner, b"a").await, Err(ScanError::TimedOut(_))));
}
