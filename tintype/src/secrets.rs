//! The secrets of a data folder. They are created at the first start and readable by their owner only.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use contract::signing_keys::{SigningKeys, SigningKeysError};
use uuid::Uuid;

/// The file of the secret that seals the IDs of multipart uploads.
const SIGNER_FILE: &str = "signer-secret";

/// The file of the secret of upload sessions.
const SESSION_FILE: &str = "session-secret";

/// The file of the secret of signed links.
const LINK_FILE: &str = "link-secret";

/// The secrets of a stack.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// Seals the IDs of multipart uploads.
    pub signer: SigningKeys,
    /// Signs upload sessions.
    pub sessions: SigningKeys,
    /// Signs links of the image API.
    pub links: SigningKeys,
}

/// The reason why a secret can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file can't be read or created.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The content of the file isn't a secret.
    #[error(transparent)]
    Keys(#[from] SigningKeysError),
}

/// Opens the secrets of a data folder, and creates those that are missing.
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
    fn a_secret_is_created_once_and_only_its_owner_can_read_it() {
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
    fn a_file_without_a_secret_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(SESSION_FILE), "short").unwrap();
        assert!(matches!(open(folder.path()), Err(SecretError::Keys(SigningKeysError::Short))));
    }
}
