//! The secrets of a data folder. `tintype local` creates them at its first start; other commands only read them. Only their
//! owner can read the files.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{self, Path, PathBuf};

use contract::signing_keys::{SigningKeys, SigningKeysError};
use uuid::Uuid;

/// The file of the secret that seals the IDs of multipart uploads.
const SIGNER_FILE: &str = "signer-secret";

/// The file of the secret of upload sessions.
const SESSION_FILE: &str = "session-secret";

/// The file of the secret of signed links.
const LINK_FILE: &str = "link-secret";

/// The file of the secret from which the secret keys of the local roles follow.
const ROLE_FILE: &str = "role-secret";

/// The secrets of a stack.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// Seals the IDs of multipart uploads.
    pub signer: SigningKeys,
    /// Signs upload sessions.
    pub sessions: SigningKeys,
    /// Signs links of the image API.
    pub links: SigningKeys,
    /// Gives the local roles their secret keys.
    pub roles: SigningKeys,
}

/// The reason why a secret can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// There is no such file, so the folder is not that of a stack. Contains the file's absolute path.
    #[error(
        "no stack has run here: there is no {}; run the command in the folder where the stack was started, or name the \
         stack's data folder with --data",
        .0.display()
    )]
    Missing(PathBuf),
    /// The file can't be read or created.
    #[error("{}: {cause}", .file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// The system's error.
        cause: io::Error,
    },
    /// The content of the file isn't a secret.
    #[error("{}: {cause}", .file.display())]
    Keys {
        /// The file.
        file: PathBuf,
        /// The reason.
        cause: SigningKeysError,
    },
}

/// Opens the secrets of a data folder, and creates those that are missing.
pub fn open(data: &Path) -> Result<Secrets, SecretError> {
    fs::create_dir_all(data).map_err(|cause| SecretError::Io { file: data.to_owned(), cause })?;
    let open = |name: &str| {
        let file = data.join(name);
        create(&file).map_err(|cause| SecretError::Io { file: file.clone(), cause })?;
        read(&file)
    };
    Ok(Secrets {
        signer: open(SIGNER_FILE)?,
        sessions: open(SESSION_FILE)?,
        links: open(LINK_FILE)?,
        roles: open(ROLE_FILE)?,
    })
}

/// Reads the secret of signed links from a stack's data folder.
pub fn read_links(data: &Path) -> Result<SigningKeys, SecretError> {
    read(&data.join(LINK_FILE))
}

/// Reads the secret of upload sessions from a stack's data folder.
pub fn read_sessions(data: &Path) -> Result<SigningKeys, SecretError> {
    read(&data.join(SESSION_FILE))
}

/// Creates the file of a secret, unless it exists.
fn create(file: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(mut new) => {
            // Two random UUIDs have 244 random bits.
            let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
            new.write_all(secret.as_bytes())?;
            new.sync_all()
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn read(file: &Path) -> Result<SigningKeys, SecretError> {
    let text = fs::read_to_string(file).map_err(|cause| {
        if cause.kind() == io::ErrorKind::NotFound {
            SecretError::Missing(path::absolute(file).unwrap_or_else(|_| file.to_owned()))
        } else {
            SecretError::Io { file: file.to_owned(), cause }
        }
    })?;
    SigningKeys::parse(text.trim()).map_err(|cause| SecretError::Keys { file: file.to_owned(), cause })
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
        let file = folder.path().join(SESSION_FILE);
        let error = open(folder.path()).unwrap_err().to_string();
        assert_eq!(error, format!("{}: a secret has at least 32 bytes", file.display()));
    }

    #[test]
    fn reading_creates_nothing_and_names_the_file_that_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        for (secret, name) in [(read_links(&data), LINK_FILE), (read_sessions(&data), SESSION_FILE)] {
            let error = secret.unwrap_err().to_string();
            assert!(error.contains(&format!("there is no {}", data.join(name).display())), "{error}");
            assert!(error.contains("--data"), "{error}");
        }
        assert!(!data.exists());
        let secrets = open(&data).unwrap();
        assert_eq!(read_links(&data).unwrap().mac(b"a"), secrets.links.mac(b"a"));
        assert_eq!(read_sessions(&data).unwrap().mac(b"a"), secrets.sessions.mac(b"a"));
    }
}
