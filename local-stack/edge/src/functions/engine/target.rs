//! The origin, or group of origins, that a function selects.

use cdn_config::behaviors::{OriginGroup, OriginId, Target};
use serde::Deserialize;

/// The statuses that can trigger CloudFront's failover.
const FAILOVER_STATUSES: [u16; 8] = [400, 403, 404, 416, 500, 502, 503, 504];

/// Reads the parameters of `selectRequestOriginById` or `createRequestOriginGroup`. The error says what CloudFront would
/// refuse.
pub(super) fn read(json: &str) -> Result<Target, String> {
    match serde_json::from_str(json) {
        Ok(Selection::Origin(member)) => Ok(Target::Origin(member.origin()?)),
        Ok(Selection::Group(group)) => Ok(Target::Group(group.read()?)),
        Err(_) => Err(format!("neither an origin's ID nor a group of origins: {json}")),
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Selection {
    Origin(Member),
    Group(Group),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Member {
    origin_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Group {
    origin_ids: [Member; 2],
    failover_criteria: Criteria,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Criteria {
    status_codes: Vec<u16>,
}

impl Member {
    fn origin(&self) -> Result<OriginId, String> {
        OriginId::from_id(&self.origin_id).ok_or_else(|| format!("no origin has the ID {:?}", self.origin_id))
    }
}

impl Group {
    fn read(self) -> Result<OriginGroup, String> {
        let [primary, secondary] = &self.origin_ids;
        let failover_statuses = self.failover_criteria.status_codes;
        if failover_statuses.is_empty()
            || !failover_statuses.iter().all(|status| FAILOVER_STATUSES.contains(status))
        {
            return Err(format!("fails over only on {FAILOVER_STATUSES:?}"));
        }
        Ok(OriginGroup { primary: primary.origin()?, secondary: secondary.origin()?, failover_statuses })
    }
}
