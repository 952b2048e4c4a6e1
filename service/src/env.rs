//! The environment variables of all Tintype programs, each declared once. The table generates `docs/configuration.md`.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use aws_credential_types::Credentials;

/// One environment variable.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// The name.
    pub name: &'static str,
    /// The meaning, with unit and range.
    pub meaning: &'static str,
    /// The value of an unset variable. `None` if the variable must be set.
    pub default: Option<&'static str>,
}

macro_rules! variables {
    ($($constant:ident = $name:literal, $default:expr, $meaning:literal;)*) => {
        $(#[doc = $meaning] pub const $constant: Variable = Variable { name: $name, meaning: $meaning, default: $default };)*
        /// Every variable, in the order of the documentation.
        pub const VARIABLES: &[Variable] = &[$($constant),*];
    };
}

variables! {
    ORIGINALS_BUCKET = "TINTYPE_ORIGINALS_BUCKET", None, "The name of the bucket for uploaded files.";
    VARIANTS_BUCKET = "TINTYPE_VARIANTS_BUCKET", None, "The name of the bucket for variants. Not read if the policy's `delivery.keep` is `never`.";
    PUBLIC_URL = "TINTYPE_PUBLIC_URL", None, "The URL of the CDN for viewers, without a path.";
    DISTRIBUTION = "TINTYPE_DISTRIBUTION", Some(""), "The id of the CloudFront distribution in which replaced and removed files are invalidated. Empty: nothing is invalidated.";
    CLOUDFRONT_ENDPOINT = "TINTYPE_CLOUDFRONT_ENDPOINT", Some(""), "The URL of an endpoint that replaces CloudFront's API.";
    S3_ENDPOINT = "TINTYPE_S3_ENDPOINT", Some(""), "The URL of an S3-compatible server that replaces the region's S3. Buckets are addressed by path.";
    UPLOAD_TYPES = "TINTYPE_UPLOAD_TYPES", Some(""), "The media types that may be uploaded, separated by commas: `image/png`, or `image/*` for all types of a kind. Empty: the common types of images, videos and sound, and PDF.";
    UPLOAD_MAX_BYTES = "TINTYPE_UPLOAD_MAX_BYTES", Some("104857600"), "The size limit of an uploaded file in bytes, 1 to 5497558138880. S3 accepts at most 5368709120 bytes in one request; larger files are uploaded in parts.";
    UPLOAD_MAX_PIXELS = "TINTYPE_UPLOAD_MAX_PIXELS", Some(""), "The size limit of an uploaded picture in pixels (width × height). A larger picture is refused. Empty: no limit. The resize service has a limit of its own.";
    UPLOAD_LIFETIME = "TINTYPE_UPLOAD_LIFETIME_SECONDS", Some("900"), "The time within which a signed upload must begin, in seconds, 1 to 604800.";
    SCAN_COMMAND = "TINTYPE_SCAN_COMMAND", Some(""), "The scanner of uploads: a program, followed by its arguments, separated by spaces. It reads the file from standard input. Exit status 0 means clean, 1 means harmful, any other status repeats the scan later.";
    SCAN_URL = "TINTYPE_SCAN_URL", Some(""), "The scanner of uploads as an HTTP service, instead of a program: an `http://` URL that gets each file by POST. Status 200 means clean, 406 means harmful, any other status repeats the scan later.";
    SCAN_TIMEOUT = "TINTYPE_SCAN_TIMEOUT_SECONDS", Some("60"), "The time limit of a scan in seconds, 1 to 900.";
    WEBHOOK_URL = "TINTYPE_WEBHOOK_URL", Some(""), "The `http://` or `https://` URL that gets a signed message for each upload that was checked and each video that is ready or has failed. Empty: no message is sent.";
    WEBHOOK_SECRET = "TINTYPE_WEBHOOK_SECRET", Some(""), "The secret that signs messages to the webhook: `whsec_` and the base64 of 24 to 64 random bytes. `new,old` signs with both during a rotation. It may be the ARN of a secret in AWS Secrets Manager in a Lambda function. Required with a URL.";
    SIGNER_SECRET = "TINTYPE_SIGNER_SECRET", None, "The secret that seals the ids of uploads in parts, at least 32 bytes. `new,old` accepts ids of both secrets during a rotation. This secret and the next two may also be given as the ARN of a secret in AWS Secrets Manager.";
    SESSION_SECRET = "TINTYPE_SESSION_SECRET", Some(""), "The secret with which the application's backend signs upload sessions, at least 32 bytes, or `new,old`. Empty: upload sessions are not accepted.";
    LINK_SECRET = "TINTYPE_LINK_SECRET", Some(""), "The secret of signed links to the image API, 32 to 256 bytes, or `new,old`. The key-value store of the edge function must contain the same value. Empty: signed links are not accepted.";
    SECRETS_ENDPOINT = "TINTYPE_SECRETS_ENDPOINT", Some(""), "The URL of an endpoint that replaces the region's Secrets Manager.";
    UPLOAD_OPEN = "TINTYPE_UPLOAD_OPEN", Some("no"), "`yes` allows uploads without a session or token, for a signer behind a gateway that authenticates the caller.";
    UPLOAD_ORIGINS = "TINTYPE_UPLOAD_ORIGINS", Some(""), "The origins of pages that may request uploads, in addition to the signer's own origin, separated by commas, or `*` for all.";
    JWT_ISSUER = "TINTYPE_JWT_ISSUER", Some(""), "The issuer (claim `iss`) of tokens that the signer accepts in the header `Authorization`. Empty: tokens are not accepted.";
    JWT_AUDIENCE = "TINTYPE_JWT_AUDIENCE", Some(""), "The audience that tokens must name, in `aud` or in Cognito's `client_id`. Required with an issuer.";
    JWT_KEYS = "TINTYPE_JWT_KEYS", Some(""), "The issuer's public keys: a JSON Web Key Set, or its URL. Empty: `<issuer>/.well-known/jwks.json`.";
    LIBRARY_TABLE = "TINTYPE_LIBRARY_TABLE", Some(""), "The name of the `DynamoDB` table of the library of files. Empty: there is no library.";
    DYNAMODB_ENDPOINT = "TINTYPE_DYNAMODB_ENDPOINT", Some(""), "The URL of an endpoint that replaces the region's `DynamoDB`.";
    JPEG_DECODER = "TINTYPE_JPEG_DECODER", Some("own"), "The decoder for JPEG sources: `own`, or the slower `libjpeg-turbo`.";
    VIDEO_INPUTS = "TINTYPE_VIDEO_INPUTS", Some("files/,private/"), "The key prefixes of videos to transcode, separated by commas. None may overlap with `videos/`, `private-videos/` and `claims/`, where transcoding writes. The files that are made of a video below `private/` are private.";
    MEDIACONVERT_ROLE = "TINTYPE_MEDIACONVERT_ROLE", None, "The ARN of the role with which MediaConvert reads originals and writes below `videos/` and `private-videos/`.";
    MEDIACONVERT_QUEUE = "TINTYPE_MEDIACONVERT_QUEUE", Some(""), "The ARN of the MediaConvert queue for jobs. Empty: the account's default queue.";
    MEDIACONVERT_ENDPOINT = "TINTYPE_MEDIACONVERT_ENDPOINT", Some(""), "The URL of an endpoint that replaces the region's MediaConvert.";
    EVENT_BUS = "TINTYPE_EVENT_BUS", Some(""), "The name of the EventBridge bus, such as `default`, that gets an event for each video that is ready or has failed. Empty: no event is sent.";
    EVENTS_ENDPOINT = "TINTYPE_EVENTS_ENDPOINT", Some(""), "The URL of an endpoint that replaces the region's EventBridge.";
    CLAIM_SECONDS = "TINTYPE_CLAIM_SECONDS", Some("180"), "The time in seconds after which another process may take over a video, 90 to 3600. It must be longer than the function's timeout and shorter than the visibility timeout of its queue.";
    MAX_RECEIVES = "TINTYPE_MAX_RECEIVES", Some("5"), "The number of deliveries after which the queue moves a message to the dead letters, 1 to 1000. At the last delivery, a video that can't be submitted fails.";
    LOG = "TINTYPE_LOG", Some("info,s3s=off"), "The filter of the log: a list of `tracing` directives such as `info,resize=debug`.";
    OTLP_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT", Some(""), "The URL of an OpenTelemetry collector, such as `http://localhost:4318`, that gets traces and metrics of `tintype serve`. Empty: nothing is exported. The other variables of OpenTelemetry's specification apply, see serve.md.";
    RUNTIME_API = "AWS_LAMBDA_RUNTIME_API", Some(""), "The address of Lambda's Runtime API. Lambda sets it.";
    AWS_REGION = "AWS_REGION", Some("us-east-1"), "The AWS region. Lambda sets it.";
    AWS_ACCESS_KEY_ID = "AWS_ACCESS_KEY_ID", None, "The access key id of an AWS user or role that may do what the program does.";
    AWS_SECRET_ACCESS_KEY = "AWS_SECRET_ACCESS_KEY", None, "The secret access key of the same user or role.";
    AWS_SESSION_TOKEN = "AWS_SESSION_TOKEN", Some(""), "The session token of the credentials of a role.";
}

/// Reason why a variable has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvError {
    /// The variable must be set and is not: its name and meaning.
    #[error("the environment variable {} must be set: {}", .0, .1)]
    Missing(&'static str, &'static str),
    /// The value is not UTF-8.
    #[error("the environment variable {0} is not UTF-8")]
    NotUtf8(&'static str),
}

/// The value of a variable, or its default if it is unset or empty.
pub fn read(variable: Variable) -> Result<String, EnvError> {
    let default =
        || variable.default.map(str::to_owned).ok_or(EnvError::Missing(variable.name, variable.meaning));
    given(variable)?.map_or_else(default, Ok)
}

/// The value of a variable, without its default. `None` if it is unset or empty.
pub fn given(variable: Variable) -> Result<Option<String>, EnvError> {
    match std::env::var(variable.name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(EnvError::NotUtf8(variable.name)),
    }
}

/// The value of a variable, or `None` if the value and the default are empty.
pub fn optional(variable: Variable) -> Result<Option<String>, EnvError> {
    Ok(Some(read(variable)?).filter(|value| !value.is_empty()))
}

/// The names of the variables that begin with `TINTYPE_` and have a value, without those that a program reads. A value that is
/// never read is a mistake: of the name, or of the program.
pub fn unread(read: &[Variable]) -> Vec<String> {
    let is_unread =
        |name: &String| name.starts_with("TINTYPE_") && read.iter().all(|variable| variable.name != name);
    let set = std::env::vars_os().filter(|(_, value)| !value.is_empty());
    let mut names: Vec<String> =
        set.filter_map(|(name, _)| name.into_string().ok()).filter(is_unread).collect();
    names.sort();
    names
}

/// The AWS credentials of the environment, where Lambda puts those of the function's role.
pub fn credentials() -> Result<Credentials, EnvError> {
    let token = optional(AWS_SESSION_TOKEN)?;
    Ok(Credentials::new(read(AWS_ACCESS_KEY_ID)?, read(AWS_SECRET_ACCESS_KEY)?, token, None, "environment"))
}

/// The folders of programs, the value of `PATH`.
pub fn search_path() -> OsString {
    std::env::var_os("PATH").unwrap_or_default()
}

/// `true` if the system would start `program`: a path of a file, or the name of a file in a folder of `PATH`.
pub fn has_program(program: &str) -> bool {
    let is_program = |path: &Path| {
        path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    };
    if program.contains('/') {
        return is_program(Path::new(program));
    }
    std::env::split_paths(&search_path()).any(|folder| is_program(&folder.join(program)))
}

/// The table of all variables in Markdown.
pub fn markdown() -> String {
    let mut table = String::from("| variable | default | meaning |\n| --- | --- | --- |\n");
    for variable in VARIABLES {
        let default = match variable.default {
            None => "must be set".to_owned(),
            Some("") => "empty".to_owned(),
            Some(value) => format!("`{value}`"),
        };
        let _ = writeln!(table, "| `{}` | {default} | {} |", variable.name, variable.meaning);
    }
    table
}
