//! The environment: every variable that a Tintype program reads, declared once. The page
//! `docs/configuration.md` is made from this table.

use std::fmt::Write as _;

use aws_credential_types::Credentials;

/// One environment variable.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it is, with unit and range.
    pub meaning: &'static str,
    /// Its value where it isn't set; none where it must be.
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
    ORIGINALS_BUCKET = "TINTYPE_ORIGINALS_BUCKET", None, "The bucket that uploads go to.";
    VARIANTS_BUCKET = "TINTYPE_VARIANTS_BUCKET", None, "The bucket that variants are kept in.";
    PUBLIC_URL = "TINTYPE_PUBLIC_URL", None, "The URL that viewers reach the CDN by, without a path.";
    DISTRIBUTION = "TINTYPE_DISTRIBUTION", Some(""), "The id of the CloudFront distribution that forgets a file when it is replaced or removed. Empty: none is told.";
    S3_ENDPOINT = "TINTYPE_S3_ENDPOINT", Some(""), "The URL of another S3 than the region's own. Addressed by path.";
    UPLOAD_TYPES = "TINTYPE_UPLOAD_TYPES", Some(""), "The media types that may be uploaded, separated by commas: `image/png`, or `image/*` for all of a kind. Empty: the usual types of images and videos.";
    UPLOAD_MAX_BYTES = "TINTYPE_UPLOAD_MAX_BYTES", Some("104857600"), "The largest file that may be uploaded, in bytes, 1 to 5497558138880. In one request S3 takes 5368709120 at most, in parts all of it.";
    UPLOAD_MAX_PIXELS = "TINTYPE_UPLOAD_MAX_PIXELS", Some(""), "The most pixels, width times height, of an uploaded picture that is served. Empty: any number. The limit of the resize service is another.";
    UPLOAD_LIFETIME = "TINTYPE_UPLOAD_LIFETIME_SECONDS", Some("900"), "How long a signed upload may be begun, in seconds, 1 to 604800.";
    SCAN_COMMAND = "TINTYPE_SCAN_COMMAND", Some(""), "A program, and its arguments after spaces, that is asked about every upload before it is served. It reads the file from standard input and ends with 0 for a clean one, 1 for a harmful one, anything else to be asked again later.";
    SCAN_URL = "TINTYPE_SCAN_URL", Some(""), "Instead of a program: an `http://` URL that every upload is posted to. It answers 200 for a clean one, 406 for a harmful one, anything else to be asked again later.";
    SCAN_TIMEOUT = "TINTYPE_SCAN_TIMEOUT_SECONDS", Some("60"), "How long a scan may take, in seconds, 1 to 900.";
    SIGNER_SECRET = "TINTYPE_SIGNER_SECRET", None, "The secret that seals the ids of uploads in parts, at least 32 bytes. `new,old` while one takes the other's place: ids of both are taken. Like the next two it may be the ARN of a secret in AWS Secrets Manager.";
    SESSION_SECRET = "TINTYPE_SESSION_SECRET", Some(""), "The secret that the application's backend signs upload sessions with, at least 32 bytes, or `new,old`. Empty: there are no sessions.";
    LINK_SECRET = "TINTYPE_LINK_SECRET", Some(""), "The secret that signed links of the image API are made with, 32 to 256 bytes, or `new,old`. The edge function's key-value store must hold the same. Empty: there are no signed links.";
    SECRETS_ENDPOINT = "TINTYPE_SECRETS_ENDPOINT", Some(""), "The URL of another Secrets Manager than the region's own.";
    UPLOAD_OPEN = "TINTYPE_UPLOAD_OPEN", Some("no"), "`yes` where uploads need neither session nor token: behind a gateway that has checked the caller.";
    UPLOAD_ORIGINS = "TINTYPE_UPLOAD_ORIGINS", Some(""), "The origins of pages that may ask for uploads, besides the signer's own, separated by commas, or `*`.";
    JWT_ISSUER = "TINTYPE_JWT_ISSUER", Some(""), "The issuer whose tokens are taken in the header `Authorization`: their claim `iss`. Empty: none.";
    JWT_AUDIENCE = "TINTYPE_JWT_AUDIENCE", Some(""), "The audience that the tokens must name, in `aud` or Cognito's `client_id`. Must be set with an issuer.";
    JWT_KEYS = "TINTYPE_JWT_KEYS", Some(""), "The issuer's public keys, a JSON Web Key Set: its text, or the URL that it is at. Empty: `<issuer>/.well-known/jwks.json`.";
    JPEG_DECODER = "TINTYPE_JPEG_DECODER", Some("own"), "Who decodes JPEGs: `own`, or `libjpeg-turbo`, which is slower, as a second opinion.";
    VIDEO_INPUTS = "TINTYPE_VIDEO_INPUTS", Some("files/"), "Where videos are taken from: the beginning of their keys. It must not overlap with `videos/` or `claims/`, where transcoding writes. What is made of a video is public.";
    MEDIACONVERT_ROLE = "TINTYPE_MEDIACONVERT_ROLE", None, "The ARN of the role by which MediaConvert reads originals and writes below `videos/`.";
    MEDIACONVERT_QUEUE = "TINTYPE_MEDIACONVERT_QUEUE", Some(""), "The ARN of the queue that jobs are put into. Empty: the account's default queue.";
    MEDIACONVERT_ENDPOINT = "TINTYPE_MEDIACONVERT_ENDPOINT", Some(""), "The URL of another MediaConvert than the region's own.";
    EVENT_BUS = "TINTYPE_EVENT_BUS", Some(""), "The bus of EventBridge that is told of videos that are ready or have failed, such as `default`. Empty: none is.";
    EVENTS_ENDPOINT = "TINTYPE_EVENTS_ENDPOINT", Some(""), "The URL of another EventBridge than the region's own.";
    CLAIM_SECONDS = "TINTYPE_CLAIM_SECONDS", Some("180"), "How long a process that has claimed a video is taken to be at work, in seconds, 90 to 3600: longer than the function's timeout, and shorter than the visibility timeout of its queue.";
    MAX_RECEIVES = "TINTYPE_MAX_RECEIVES", Some("5"), "How often the queue delivers a message before it moves it to the dead letters, 1 to 1000. At the last time a video that can't be submitted is given up.";
    LOG = "TINTYPE_LOG", Some("info,s3s=off"), "What is logged: a list of `tracing` directives such as `info,resize=debug`.";
    RUNTIME_API = "AWS_LAMBDA_RUNTIME_API", Some(""), "Where Lambda's Runtime API is. Lambda sets it.";
    AWS_REGION = "AWS_REGION", Some("us-east-1"), "The region. Lambda sets it.";
    AWS_ACCESS_KEY_ID = "AWS_ACCESS_KEY_ID", None, "The credentials' id. Lambda sets it from the function's role.";
    AWS_SECRET_ACCESS_KEY = "AWS_SECRET_ACCESS_KEY", None, "The credentials' secret. Lambda sets it.";
    AWS_SESSION_TOKEN = "AWS_SESSION_TOKEN", Some(""), "The session token of temporary credentials. Lambda sets it.";
}

/// A variable is missing or can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvError {
    /// It must be set and isn't.
    #[error("the environment variable {} must be set: {}", .0, .1)]
    Missing(&'static str, &'static str),
    /// Its value is not UTF-8.
    #[error("the environment variable {0} is not UTF-8")]
    NotUtf8(&'static str),
}

/// The value of a variable, or its default.
pub fn read(variable: Variable) -> Result<String, EnvError> {
    match std::env::var(variable.name) {
        Ok(value) if !value.is_empty() => Ok(value),
        Ok(_) | Err(std::env::VarError::NotPresent) => {
            variable.default.map(str::to_owned).ok_or(EnvError::Missing(variable.name, variable.meaning))
        }
        Err(std::env::VarError::NotUnicode(_)) => Err(EnvError::NotUtf8(variable.name)),
    }
}

/// The value of a variable that may be empty; none where it is.
pub fn optional(variable: Variable) -> Result<Option<String>, EnvError> {
    Ok(Some(read(variable)?).filter(|value| !value.is_empty()))
}

/// The AWS credentials of the environment, as Lambda hands them to a function.
pub fn credentials() -> Result<Credentials, EnvError> {
    let token = optional(AWS_SESSION_TOKEN)?;
    Ok(Credentials::new(read(AWS_ACCESS_KEY_ID)?, read(AWS_SECRET_ACCESS_KEY)?, token, None, "environment"))
}

/// The table of variables in Markdown.
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
