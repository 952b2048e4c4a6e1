//! The life of a Lambda function: it starts, it runs. What keeps it from starting is told to Lambda and to the log by
//! one sentence.

use std::fmt::Display;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use crate::env::{self, EnvError};
use crate::telemetry::{self, Style};

/// The class of such an error (Lambda's developer guide, "Using the Lambda runtime API for custom runtimes").
const ERROR_TYPE: &str = "Runtime.InitError";

/// How long Lambda may take to hear of an error: it is on the same machine, and the program ends anyway.
const PATIENCE: Duration = Duration::from_secs(2);

/// Starts the log, makes what the function needs by `start`, and answers calls by `run` until Lambda ends it. An
/// error of `start` goes to the log and to Lambda, one of `run` (Lambda can't be reached) to the log; both end the
/// program with 1.
pub async fn main<Service, Start, Run>(
    start: impl Future<Output = Result<Service, Start>>,
    run: impl AsyncFnOnce(Service) -> Result<(), Run>,
) -> ExitCode
where
    Start: Display,
    Run: Display,
{
    let filter = env::read(env::LOG);
    telemetry::start(Style::Json, filter.as_deref().unwrap_or_default());
    if let Err(error) = filter {
        return not_started(&error);
    }
    match start.await {
        Ok(service) => match run(service).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                tracing::error!(%error, "the function ends");
                ExitCode::FAILURE
            }
        },
        Err(error) => not_started(&error),
    }
}

fn not_started(error: &dyn Display) -> ExitCode {
    tracing::error!(%error, "the function can't start");
    match env::optional(env::RUNTIME_API) {
        Ok(Some(address)) => {
            if let Err(failure) = report(&address, &error.to_string()) {
                tracing::warn!(error = %failure, "Lambda couldn't be told");
            }
        }
        // Started by hand: there is nobody else to tell.
        Ok(None) | Err(EnvError::Missing(..) | EnvError::NotUtf8(_)) => {}
    }
    ExitCode::FAILURE
}

/// Tells the Runtime API at `address`, `<host>:<port>`, and waits until it has heard. Nothing else is under way, so
/// that a call that blocks, and needs no HTTP client, does.
fn report(address: &str, sentence: &str) -> io::Result<()> {
    let error = serde_json::json!({ "errorType": ERROR_TYPE, "errorMessage": sentence, "stackTrace": [] });
    let body = error.to_string();
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
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
    fn lambda_is_told_by_a_whole_request() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let hearing = std::thread::spawn(move || {
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
        let request = hearing.join().unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /2018-06-01/runtime/init/error HTTP/1.1\r\n"), "{head}");
        assert!(head.contains(&format!("\r\ncontent-length: {}\r\n", body.len())), "{head}");
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["errorMessage"], "it \"must\" be set");
        assert_eq!(body["errorType"], "Runtime.InitError");
    }

    #[test]
    fn nobody_to_tell_is_an_error_and_no_hang() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        drop(listener);
        assert!(report(&address, "sentence").is_err());
    }
}
