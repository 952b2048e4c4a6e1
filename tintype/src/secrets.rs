//! The secrets of one data folder: made at the first start, kept beside the data, readable by their owner alone.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use contract::signing_keys::{SigningKeys, SigningKeysError};
use uuid::Uuid;

/// The secret that seals the ids of uploads in parts.
const SIGNER_FILE: &str = "signer-secret";

/// The secret of upload sessions.
const SESSION_FILE: &str = "session-secret";

/// The secret of signed links.
const LINK_FILE: &str = "link-secret";

/// The secrets of a stack.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// Seals the ids of uploads in parts.
    pub signer: SigningKeys,
    /// Signs upload sessions.
    pub sessions: SigningKeys,
    /// Signs links of the image API.
    pub links: SigningKeys,
}

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file can't be read or made.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What is in it is no secret.
    #[error(transparent)]
    Keys(#[from] SigningKeysError),
}

/// The secrets of a data folder, made where there are none yet.
pub fn open(data: &Path) -> Result<Secrets, SecretError> {
    fs::create_dir_all(data)?;
    Ok(Secrets {
        signer: open_one(&data.join(SIGNER_FILE))?,
        sessions: open_one(&data.join(SESSION_FILE))?,
        links: open_one(&data.join(LINK_FILE))?,
    })
}

fn open_one(file: &Path) -> Result<SigningKeys, SecretError> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(mut new) => {
            // Two random UUIDs have 244 random bits.
            let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
            new.write_all(secret.as_bytes())?;
            new.sync_all()?;
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.into()),
    }
    Ok(SigningKeys::parse(fs::read_to_string(file)?.trim())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_secret_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let code = |secrets: &Secrets| {
            [&secrets.signer, &secrets.sessions, &secrets.links].map(|keys| keys.mac(b"a"))
        };
        let first = code(&open(&data).unwrap());
        assert_eq!(code(&open(&data).unwrap()), first);
        assert!(first[0] != first[1] && first[1] != first[2] && first[0] != first[2]);
        for file in [SIGNER_FILE, SESSION_FILE, LINK_FILE] {
            assert_eq!(fs::metadata(data.join(file)).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_file_that_holds_no_secret_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(SESSION_FILE), "short").unwrap();
        assert!(matches!(open(folder.path()), Err(SecretError::Keys(SigningKeysError::Short))));
    }
}
