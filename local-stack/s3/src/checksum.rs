//! MD5 and the checksums of S3.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256};
use serde::{Deserialize, Serialize};

use super::error::ClientError;

/// A checksum algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
}

/// The data that the checksum of a multipart upload covers. S3 calls it the checksum type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ChecksumScope {
    /// The content of the object.
    FullObject,
    /// The checksums of the parts.
    Composite,
}

/// A stored checksum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Checksum {
    pub(crate) algorithm: Algorithm,
    #[serde(rename = "kind")]
    pub(crate) scope: ChecksumScope,
    /// Base64. A composite checksum also has `-` and the number of parts.
    pub(crate) value: String,
}

impl Algorithm {
    /// Every algorithm.
    pub(crate) const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    /// The header, or form field, of this checksum.
    pub(crate) const fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    /// Its name in S3's documents.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// The algorithm with a name of S3's documents.
    pub(crate) fn from_name(name: &str) -> Result<Self, ClientError> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
            .ok_or_else(|| ClientError::InvalidRequest(format!("{name} is not a checksum algorithm of S3")))
    }

    /// The scope of an upload's checksum if the upload doesn't specify one.
    pub(crate) const fn default_scope(self) -> ChecksumScope {
        match self {
            Self::Crc64Nvme => ChecksumScope::FullObject,
            Self::Crc32 | Self::Crc32c | Self::Sha1 | Self::Sha256 => ChecksumScope::Composite,
        }
    }

    /// Refuses a text that can't be a checksum of this algorithm.
    pub(crate) fn check_form(self, value: &str) -> Result<(), ClientError> {
        let bytes = match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        };
        match STANDARD.decode(value) {
            Ok(sum) if sum.len() == bytes => Ok(()),
            Ok(_) | Err(_) => {
                Err(ClientError::InvalidRequest(format!("the value for {} is not valid", self.header())))
            }
        }
    }
}

impl ChecksumScope {
    /// Its name in S3's documents.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::FullObject => "FULL_OBJECT",
            Self::Composite => "COMPOSITE",
        }
    }
}

/// Computes the MD5 and the length of a stream of bytes, and optionally a checksum.
pub(crate) struct Hasher {
    md5: Md5,
    checksum: Option<(Algorithm, ChecksumHasher)>,
    size: u64,
}

/// The result of a [`Hasher`].
pub(crate) struct Digest {
    pub(crate) size: u64,
    pub(crate) md5: [u8; 16],
    pub(crate) checksum: Option<Checksum>,
}

impl Hasher {
    pub(crate) fn new(algorithm: Option<Algorithm>) -> Self {
        Self {
            md5: Md5::new(),
            checksum: algorithm.map(|algorithm| (algorithm, hasher_of(algorithm))),
            size: 0,
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        if let Some((_, hasher)) = &mut self.checksum {
            hasher.update(bytes);
        }
        self.size += bytes.len() as u64;
    }

    /// The number of bytes so far.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    pub(crate) fn finish(self) -> Digest {
        let checksum = self.checksum.and_then(|(algorithm, hasher)| {
            let value = value_of(algorithm, hasher)?;
            Some(Checksum { algorithm, scope: ChecksumScope::FullObject, value })
        });
        Digest { size: self.size, md5: self.md5.finalize(), checksum }
    }
}

/// The composite checksum of parts: the checksum of their checksums. `None` if a part has no checksum.
pub(crate) fn composite<'a>(
    algorithm: Algorithm,
    parts: impl ExactSizeIterator<Item = Option<&'a Checksum>>,
) -> Option<Checksum> {
    let count = parts.len();
    let mut hasher = hasher_of(algorithm);
    for part in parts {
        let part = part.filter(|part| part.algorithm == algorithm)?;
        hasher.update(&STANDARD.decode(&part.value).ok()?);
    }
    let value = value_of(algorithm, hasher)?;
    Some(Checksum { algorithm, scope: ChecksumScope::Composite, value: format!("{value}-{count}") })
}

fn hasher_of(algorithm: Algorithm) -> ChecksumHasher {
    let mut hasher = ChecksumHasher::default();
    match algorithm {
        Algorithm::Crc32 => hasher.crc32 = Some(Crc32::new()),
        Algorithm::Crc32c => hasher.crc32c = Some(Crc32c::new()),
        Algorithm::Crc64Nvme => hasher.crc64nvme = Some(Crc64Nvme::new()),
        Algorithm::Sha1 => hasher.sha1 = Some(Sha1::new()),
        Algorithm::Sha256 => hasher.sha256 = Some(Sha256::new()),
    }
    hasher
}

fn value_of(algorithm: Algorithm, hasher: ChecksumHasher) -> Option<String> {
    let sums = hasher.finalize();
    match algorithm {
        Algorithm::Crc32 => sums.checksum_crc32,
        Algorithm::Crc32c => sums.checksum_crc32c,
        Algorithm::Crc64Nvme => sums.checksum_crc64nvme,
        Algorithm::Sha1 => sums.checksum_sha1,
        Algorithm::Sha256 => sums.checksum_sha256,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_algorithms_give_their_published_check_values() {
        for (algorithm, expected) in [
            (Algorithm::Crc32, "y/Q5Jg=="),
            (Algorithm::Crc32c, "4waSgw=="),
            (Algorithm::Crc64Nvme, "rosUhgp5mIg="),
            (Algorithm::Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE="),
            (Algorithm::Sha256, "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
        ] {
            let mut hasher = Hasher::new(Some(algorithm));
            hasher.update(b"1234");
            hasher.update(b"56789");
            let digest = hasher.finish();
            assert_eq!(digest.size, 9);
            let checksum = digest.checksum.unwrap();
            assert_eq!(checksum.value, expected, "{algorithm:?}");
            assert_eq!(algorithm.check_form(&checksum.value), Ok(()));
            assert!(algorithm.check_form("AAA=").is_err());
        }
    }
}
