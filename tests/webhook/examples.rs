//! The receivers of `examples/webhook`, started as their first lines say.

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use service::wire::Transport;
use upload_signer::webhook::endpoint::Endpoint;
use upload_signer::webhook::message::Message;
use upload_signer::webhook::secret::WebhookSecret;

use super::receiver::SECRET;
use super::upload;
use crate::support::Running;
use crate::support::pictures::{jpeg, quarters};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/webhook");

/// A running receiver, which ends with the test.
struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Program {
    /// Starts a receiver, and returns it with its URL.
    fn start(program: &str, arguments: &[&str]) -> (Self, String) {
        let mut child = Command::new(program)
            .args(arguments)
            .arg("0")
            .env("TINTYPE_WEBHOOK_SECRET", SECRET)
            .current_dir(FOLDER)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{program} can't be started: {error}; ./test installs it"));
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let url = format!("http://127.0.0.1:{}/", first.strip_prefix("listening ").unwrap());
        (Self { child, lines }, url)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn receivers_in_node_and_python_accept_messages_and_refuse_forgeries() {
    for (program, arguments) in [("node", ["receiver.mjs"].as_slice()), ("python3", &["-B", "receiver.py"])] {
        let (mut receiver, url) = Program::start(program, arguments);
        let endpoint = |secret: &str| Endpoint::new(&url, WebhookSecret::parse(secret).unwrap()).unwrap();
        let message = |id: &str| Message {
            id: id.to_owned(),
            kind: "upload.clean",
            body: r#"{"type":"upload.clean","data":{"key":"files/1/é.png"}}"#.to_owned(),
        };
        let now = jiff::Timestamp::now();
        let other = "whsec_NfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        assert!(
            endpoint(other).send(&Transport::NETWORK, &message("msg_0"), now).await.is_err(),
            "{program}: another secret"
        );
        let old = now - std::time::Duration::from_mins(6);
        assert!(
            endpoint(SECRET).send(&Transport::NETWORK, &message("msg_0"), old).await.is_err(),
            "{program}: an old message"
        );
        let both = endpoint(&format!("{other},{SECRET}"));
        for _ in 0..2 {
            assert_eq!(
                both.send(&Transport::NETWORK, &message("msg_1"), now).await,
                Ok(()),
                "{program}: one of two secrets"
            );
        }

        let stack = Running::with_webhook(endpoint(SECRET)).await;
        let grant = upload(&stack, "cat.jpg", "image/jpeg", &jpeg(&quarters(64, 48))).await;
        let key = grant["key"].as_str().unwrap().to_owned();
        let printed = tokio::task::spawn_blocking(move || {
            [receiver.lines.next().unwrap().unwrap(), receiver.lines.next().unwrap().unwrap()]
        });
        let expected = ["upload.clean files/1/é.png".to_owned(), format!("upload.clean {key}")];
        assert_eq!(printed.await.unwrap(), expected, "{program}");
    }
}
