//! Compares the decoding of real files with libjpeg-turbo: the files in the folder that the variable `TINTYPE_CORPUS`
//! names. Without it the test does nothing.

use std::path::{Path, PathBuf};

use codecs::jpeg as turbo;
use jpeg::{Coding, Error, Header};

use crate::support::decode;
use crate::turbo::{difference, planes};

/// The largest file that is decoded, in pixels: the tests also run without optimisation.
const MOST_PIXELS: u32 = 30_000_000;

#[test]
fn real_files_have_the_samples_of_libjpeg_turbo() {
    let Ok(corpus) = std::env::var("TINTYPE_CORPUS") else { return };
    let mut compared = 0;
    for path in files(Path::new(&corpus)) {
        let bytes = std::fs::read(&path).unwrap();
        let header = match Header::read(&bytes) {
            Ok(header) => header,
            Err(error) => {
                let is_rejected_by_both = turbo::read_header(&bytes).is_err();
                assert!(is_rejected_by_both || matches!(error, Error::Unsupported(_)), "{path:?}: {error}");
                continue;
            }
        };
        if header.width() * header.height() > MOST_PIXELS {
            continue;
        }
        let Some((theirs, is_whole)) = planes(&bytes, turbo::Scale::Full) else {
            // Nothing to compare: the picture is not YCbCr, or libjpeg-turbo cannot decode it.
            let _ = decode(&bytes, 8);
            continue;
        };
        let (ours, damage) = decode(&bytes, 8).unwrap();
        assert_eq!(damage.is_none(), is_whole, "{path:?}: {damage:?}");
        // libjpeg smooths truncated progressive files.
        if is_whole || header.coding() == Coding::Sequential {
            assert_eq!(difference(&ours, &theirs), None, "{path:?}");
            compared += 1;
        }
        if is_whole {
            let (theirs, _) = planes(&bytes, turbo::Scale::Eighth).unwrap();
            let (ours, _) = decode(&bytes, 1).unwrap();
            assert_eq!(difference(&ours, &theirs), None, "{path:?}");
        }
    }
    assert!(compared > 100, "{compared}");
}

/// All files with a JPEG's ending below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_some_and(|name| ["jpg", "jpeg", "JPG"].iter().any(|jpeg| name == *jpeg))
        {
            files.push(path);
        }
    }
    files
}
