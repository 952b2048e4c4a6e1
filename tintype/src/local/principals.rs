//! The readers of the buckets other than their owner, with the permissions that they have on AWS.

use aws_credential_types::Credentials;
use contract::key::Area;
use contract::state::{CLEAN, STATE_TAG};
use local_s3::{Action, Principal, Statement};
use uuid::Uuid;

use super::names::{ACCESS_KEY_ID, ORIGINALS, VARIANTS};

/// The CDN, with the permissions that the policies of the two buckets give it.
pub fn cdn() -> Principal {
    let mut statements = clean_originals();
    statements.push(in_variants(Action::GetObject));
    Principal { credentials: new_credentials("cdn"), statements }
}

/// The resize service, with the permissions of its role.
pub fn resizer() -> Principal {
    let mut statements = clean_originals();
    statements.extend([Action::GetObject, Action::PutObject, Action::DeleteObject].map(in_variants));
    Principal { credentials: new_credentials("resizer"), statements }
}

/// The function that keeps variants and renditions up to date with their originals, with the permissions of its role.
pub fn upkeep() -> Principal {
    use Action::{DeleteObject, GetObject, ListBucket, PutObject};
    let mut statements = clean_originals();
    statements.extend([GetObject, PutObject, DeleteObject, ListBucket].map(in_variants));
    let in_originals = |action, prefix: String| Statement { action, bucket: ORIGINALS, prefix, tag: None };
    statements.push(in_originals(ListBucket, String::new()));
    let renditions = [Area::Videos, Area::PrivateVideos];
    statements.extend(renditions.map(|area| in_originals(DeleteObject, format!("{}/", area.segment()))));
    Principal { credentials: new_credentials("upkeep"), statements }
}

/// Uploads can be read when they are clean. Outputs of transcoding jobs have no tags; only jobs write there.
fn clean_originals() -> Vec<Statement> {
    let below = |area: Area| {
        let tag = match area {
            Area::Files | Area::Private => Some((STATE_TAG, CLEAN)),
            Area::Videos | Area::PrivateVideos => None,
        };
        let prefix = format!("{}/", area.segment());
        Statement { action: Action::GetObject, bucket: ORIGINALS, prefix, tag }
    };
    Area::ALL.map(below).to_vec()
}

fn in_variants(action: Action) -> Statement {
    Statement { action, bucket: VARIANTS, prefix: String::new(), tag: None }
}

/// New credentials, which only this process knows.
fn new_credentials(name: &'static str) -> Credentials {
    let secret = Uuid::new_v4().simple().to_string();
    Credentials::new(format!("{ACCESS_KEY_ID}-{name}"), secret, None, None, "local")
}
