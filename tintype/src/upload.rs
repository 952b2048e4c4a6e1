//! `tintype upload`: uploads files to a local stack or a deployment, and prints their URLs when they are served.

mod file;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use http::Method;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::client::{Answer, Caller, CallerArgs, Client, LOCAL_URL, NoAnswer, StateError, parse_url, text};
use crate::number::whole;
use crate::output::{OutputError, print_line};
use file::{FileError, FileToUpload};

/// Lifetime of the link to a private file, in seconds.
const LINK_SECONDS: i64 = 3600;

/// Options of the command.
#[derive(Args, Debug)]
pub struct UploadArgs {
    /// The files, of at most 5 GiB each.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Uploads private files, and prints links to them that are signed for an hour.
    #[arg(long)]
    private: bool,
    /// The media type of the files, such as image/png. Without it, the first bytes of each file decide.
    #[arg(long = "type", value_name = "TYPE")]
    media_type: Option<String>,
    /// The URL of the signer, which is the URL of the local stack or of the deployment's CDN.
    #[arg(long, value_name = "URL", default_value = LOCAL_URL, value_parser = parse_url)]
    signer: String,
    #[command(flatten)]
    caller: CallerArgs,
    /// Maximum time that an upload may be pending, in seconds.
    #[arg(long, default_value_t = 60, value_parser = whole(0..=u32::MAX), allow_negative_numbers = true)]
    seconds: u32,
}

/// The reason why files are not uploaded.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// Some of several files are not served. Each has been reported.
    #[error("{failed} of {total} files are not served")]
    Several {
        /// The number of files that are not served.
        failed: usize,
        /// The number of files.
        total: usize,
    },
    /// A file is not served.
    #[error("{}: {cause}", .file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// The reason.
        cause: FileUploadError,
    },
    /// The client can't be made.
    #[error(transparent)]
    Client(#[from] NoAnswer),
    /// The URL can't be printed.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// The reason why one file is not served.
#[derive(Debug, thiserror::Error)]
pub enum FileUploadError {
    /// The file can't be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// Nothing answers at the signer's URL.
    #[error(
        "nothing answers at {url} ({}); start a local stack with `tintype local`, or name a deployment with --signer",
        .cause.reason()
    )]
    NoSigner {
        /// The signer's URL.
        url: String,
        /// The cause.
        cause: NoAnswer,
    },
    /// The signer refuses the upload.
    #[error("{0}")]
    Refused(String),
    /// The storage doesn't answer.
    #[error("the storage at {url}: {cause}")]
    NoStorage {
        /// The storage's URL.
        url: String,
        /// The cause.
        cause: NoAnswer,
    },
    /// The state of the upload is unknown.
    #[error(transparent)]
    State(#[from] StateError),
    /// The check after the upload has refused the file. The text is the reason.
    #[error("it is uploaded, but refused and never served: {0}")]
    NotClean(String),
}

/// Uploads the files one after another, and prints a URL for each. If a file fails, the next one is uploaded
/// nevertheless.
pub async fn run(args: UploadArgs) -> Result<(), UploadError> {
    let upload = Upload {
        client: Client::new(&args.signer, Caller::from(args.caller))?,
        is_private: args.private,
        media_type: args.media_type,
        limit: Duration::from_secs(u64::from(args.seconds)),
    };
    let total = args.files.len();
    let mut failed = 0;
    for file in args.files {
        match upload.file(&file).await {
            Ok(url) => print_line(&url)?,
            Err(cause) if total == 1 => return Err(UploadError::File { file, cause }),
            Err(cause) => {
                failed += 1;
                report(&UploadError::File { file, cause });
            }
        }
    }
    if failed == 0 { Ok(()) } else { Err(UploadError::Several { failed, total }) }
}

#[expect(clippy::print_stderr, reason = "the command goes on with the next file")]
fn report(error: &UploadError) {
    eprintln!("tintype: {error}");
}

/// The settings of all files.
struct Upload {
    client: Client,
    is_private: bool,
    media_type: Option<String>,
    limit: Duration,
}

impl Upload {
    /// Uploads a file and waits until it is checked. Returns its URL for viewers.
    async fn file(&self, path: &Path) -> Result<String, FileUploadError> {
        let file = FileToUpload::open(path, self.media_type.as_deref()).await?;
        let grant = self.grant(&file).await?;
        let bytes = file.bytes;
        let sent = self.client.post(&grant, file.into_part(), bytes, None).await;
        let no_storage = |cause| FileUploadError::NoStorage { url: text(&grant, "url").to_owned(), cause };
        let sent = sent.map_err(no_storage)?;
        if !matches!(sent.status, 200..=204) {
            return Err(FileUploadError::Refused(format!("the storage refuses it: {}", sent.summary())));
        }
        let state = self.client.state_after_checks(text(&grant, "id"), self.limit).await?;
        if text(&state, "state") == "refused" {
            return Err(FileUploadError::NotClean(text(&state, "detail").to_owned()));
        }
        let url = text(&grant, "publicUrl");
        if self.is_private { self.link(url).await } else { Ok(url.to_owned()) }
    }

    /// Asks the signer for a form.
    async fn grant(&self, file: &FileToUpload) -> Result<Value, FileUploadError> {
        let request = json!({
            "filename": file.name,
            "type": file.media_type,
            "size": file.bytes,
            "visibility": if self.is_private { "private" } else { "public" },
        });
        let answer = self.call("/uploads", &request).await?;
        match answer.status {
            201 => Ok(answer.json()),
            _ => Err(self.refusal(&answer)),
        }
    }

    /// Asks the signer for a link to a private file.
    async fn link(&self, url: &str) -> Result<String, FileUploadError> {
        let expires = Timestamp::now().as_second() + LINK_SECONDS;
        let answer = self.call("/signed-urls", &json!({ "url": url, "expires": expires })).await?;
        match answer.status {
            200 => Ok(text(&answer.json(), "url").to_owned()),
            _ => Err(self.refusal(&answer)),
        }
    }

    async fn call(&self, path: &str, body: &Value) -> Result<Answer, FileUploadError> {
        let answer = self.client.call(Method::POST, path, Some(body)).await;
        answer.map_err(|cause| FileUploadError::NoSigner { url: self.client.url.clone(), cause })
    }

    /// The signer's sentence, with what to do about it.
    fn refusal(&self, answer: &Answer) -> FileUploadError {
        let Some(detail) = answer.problem_detail() else {
            return FileUploadError::Refused(format!(
                "the answer is not a signer's, but {}; name the signer with --signer",
                answer.summary()
            ));
        };
        let allowed = answer.json().get("allowed").and_then(Value::as_array).cloned().unwrap_or_default();
        let allowed: Vec<&str> = allowed.iter().filter_map(Value::as_str).collect();
        FileUploadError::Refused(match (answer.status, &self.client.caller) {
            (401 | 403, Caller::Anyone) => format!("{detail}; name a caller with --session or --token"),
            (401 | 403, Caller::Session(_) | Caller::Token(_)) => {
                format!("{detail}; name another caller with --session or --token")
            }
            (404 | 405, _) if self.has_path() => {
                format!("{detail}; --signer {} has a path: write the URL without it", self.client.url)
            }
            _ if !allowed.is_empty() && allowed.iter().any(|name| !detail.contains(name)) => {
                format!("{detail}; allowed are {}", allowed.join(", "))
            }
            _ => detail,
        })
    }

    /// `true` if the signer's URL has a path.
    fn has_path(&self) -> bool {
        self.client.url.split_once("://").is_some_and(|(_, rest)| rest.contains('/'))
    }
}
