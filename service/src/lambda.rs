//! The start and the end of a Lambda function. If a function can't start, the log and Lambda get the reason as one sentence.

use std::fmt::Display;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use crate::env::{self, EnvError};
use crate::telemetry::{self, Style};

/// Lambda's type of an error at the start (developer guide, "Using the Lambda runtime API for custom runtimes").
const ERROR_TYPE: &str = "Runtime.InitError";

/// Limit of the report to Lambda. The Runtime API is on the same machine, and the program ends anyway.
const REPORT_TIMEOUT: Duration = Duration::from_secs(2);

/// Runs a function: starts the log, builds the service by `start`, and answers invocations by `run` until Lambda ends the
/// process. An error of `start` goes to the log and to Lambda; an error of `run`, which means that Lambda can't be reached,
/// goes to the log. Both end the process with status 1.
pub async fn main<Service, Start, Run>(
    start: impl Future<Output = Result<Service, Start>>,
    run: impl AsyncFnOnce(Service) -> Result<(), Run>,
) -> ExitCode
where
    Start: Display,
    Run: Display,
{
    if let Err(error) = start_log() {
        return fail_start(&error);
    }
    match start.await {
        Ok(service) => match run(service).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                tracing::error!(%error, "the function ends");
                ExitCode::FAILURE
            }
        },
        Err(error) => fail_start(&error),
    }
}

/// Starts the log. If its filter can't be used, the error goes to a log with the default filter.
fn start_log() -> Result<(), String> {
    let filter = env::read(env::LOG).map_err(|error| error.to_string());
    let started =
        filter.and_then(|filter| telemetry::start(Style::Json, &filter).map_err(|error| error.to_string()));
    if started.is_err() {
        telemetry::start(Style::Json, env::LOG.default.unwrap_or_default())
            .map_err(|error| error.to_string())?;
    }
    started
}

fn fail_start(error: &dyn Display) -> ExitCode {
    tracing::error!(%error, "the function can't start");
    match env::optional(env::RUNTIME_API) {
        Ok(Some(address)) => {
            if let Err(failure) = report(&address, &error.to_string()) {
                tracing::warn!(error = %failure, "Lambda can't be notified");
            }
        }
        // The program was started by hand, without Lambda.
        Ok(None) | Err(EnvError::Missing(..) | EnvError::NotUtf8(_)) => {}
    }
    ExitCode::FAILURE
}

/// Reports an error to the Runtime API at `address` (`<host>:<port>`) and waits for its answer. The call blocks the
/// thread, which does no harm because nothing else runs. It needs no HTTP client.
fn report(address: &str, sentence: &str) -> io::Result<()> {
    let error = serde_json::json!({ "errorType": ERROR_TYPE, "errorMessage": sentence, "stackTrace": [] });
    let body = error.to_string();
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(REPORT_TIMEOUT))?;
    stream.set_write_timeout(Some(REPORT_TIMEOUT))?;
    write!(
        stream,
        "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         lambda-runtime-function-error-type: {ERROR_TYPE}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )?;
    stream.read_to_end(&mut Vec::new())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn the_report_to_lambda_is_a_complete_request() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while !request.ends_with('}') {
                let mut byte = [0];
                reader.read_exact(&mut byte).unwrap();
                request.push(char::from(byte[0]));
            }
            stream.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n").unwrap();
            request
        });
        report(&address, "it \"must\" be set").unwrap();
        let request = server.join().unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /2018-06-01/runtime/init/error HTTP/1.1\r\n"), "{head}");
        assert!(head.contains(&format!("\r\ncontent-length: {}\r\n", body.len())), "{head}");
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["errorMessage"], "it \"must\" be set");
        assert_eq!(body["errorType"], "Runtime.InitError");
    }

    #[test]
    fn a_report_fails_at_once_if_nothing_listens() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        drop(listener);
        assert!(report(&address, "sentence").is_err());
    }
}
