//! Who reads the buckets besides their owner, and what the buckets' policies let them read.

use aws_credential_types::Credentials;
use contract::key::Area;
use contract::state::{CLEAN, STATE_TAG};
use uuid::Uuid;

use super::{ACCESS_KEY_ID, ORIGINALS, VARIANTS};
use local_s3::{Action, Principal, Statement};

/// The CDN, as the policies of the two buckets let it in.
pub(super) fn cdn() -> Principal {
    let mut statements = clean_originals();
    statements.push(in_variants(Action::GetObject));
    Principal { credentials: new_credentials("cdn"), statements }
}

/// The resize service, as its role lets it in.
pub(super) fn resizer() -> Principal {
    let mut statements = clean_originals();
    statements.extend([Action::GetObject, Action::PutObject, Action::DeleteObject].map(in_variants));
    Principal { credentials: new_credentials("resizer"), statements }
}

/// Who keeps variants in step with their originals, as its role lets it in.
pub(super) fn upkeep() -> Principal {
    use Action::{DeleteObject, GetObject, ListBucket, PutObject};
    let mut statements = clean_originals();
    statements.extend([GetObject, PutObject, DeleteObject, ListBucket].map(in_variants));
    Principal { credentials: new_credentials("upkeep"), statements }
}

/// Uploads are read once they are clean. What transcoding jobs write has no tags, and no one else writes there.
fn clean_originals() -> Vec<Statement> {
    let below = |area: Area| {
        let tag = match area {
            Area::Files | Area::Private => Some((STATE_TAG, CLEAN)),
            Area::Videos => None,
        };
        let prefix = format!("{}/", area.segment());
        Statement { action: Action::GetObject, bucket: ORIGINALS, prefix, tag }
    };
    Area::ALL.map(below).to_vec()
}

fn in_variants(action: Action) -> Statement {
    Statement { action, bucket: VARIANTS, prefix: String::new(), tag: None }
}

/// Credentials that nobody outside this process knows.
fn new_credentials(name: &'static str) -> Credentials {
    let secret = Uuid::new_v4().simple().to_string();
    Credentials::new(format!("{ACCESS_KEY_ID}-{name}"), secret, None, None, "local")
}
