//! The policy's marks.

use std::collections::BTreeMap;

use contract::key::{Area, Key};
use contract::mark::Mark;
use contract::policy::Rules;
use contract::variant::{Gravity, VariantMark};
use serde::Deserialize;

use super::PolicyError;

/// The maximum number of marks. Each is kept in the memory of the resize service.
const MAX_MARKS: usize = 16;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct MarkJson {
    key: String,
    #[serde(default = "MarkJson::usual_place", rename = "where")]
    place: String,
    #[serde(default = "MarkJson::usual_width")]
    width: f64,
    #[serde(default = "MarkJson::usual_margin")]
    margin: f64,
    #[serde(default = "MarkJson::usual_opacity")]
    opacity: f64,
}

impl MarkJson {
    fn usual_place() -> String {
        "bottom,right".to_owned()
    }

    const fn usual_width() -> f64 {
        0.2
    }

    const fn usual_margin() -> f64 {
        0.03
    }

    const fn usual_opacity() -> f64 {
        1.0
    }

    fn validate(&self) -> Result<Mark, PolicyError> {
        let place = Gravity::ALL.into_iter().find(|gravity| gravity.name().replace('-', ",") == self.place);
        let places = "center, top, bottom, left, right, or a corner such as bottom,right";
        Ok(Mark {
            key: key(&self.key)?,
            place: place.ok_or_else(|| PolicyError::value("marks.where", places))?,
            width: thousandths("marks.width", self.width, 1, 1000)?,
            margin: thousandths("marks.margin", self.margin, 0, 500)?,
            opacity: thousandths("marks.opacity", self.opacity, 1, 1000)?,
        })
    }
}

/// The marks by name.
pub(super) fn marks(marks: &BTreeMap<String, MarkJson>) -> Result<BTreeMap<String, Mark>, PolicyError> {
    if marks.len() > MAX_MARKS || marks.keys().any(|name| !VariantMark::is_name(name)) {
        let names = "each name 1 to 32 lower case letters, digits and hyphens";
        return Err(PolicyError::value("marks", format!("at most {MAX_MARKS} marks, {names}")));
    }
    marks.iter().map(|(name, mark)| Ok((name.clone(), mark.validate()?))).collect()
}

/// Checks that every mark of a preset exists.
pub(super) fn check_presets(rules: &Rules) -> Result<(), PolicyError> {
    let marks = rules.presets.iter().flat_map(|(preset, values)| {
        values.values().filter(|(name, _)| *name == "mark").map(move |(_, mark)| (preset, mark))
    });
    match marks.into_iter().find(|(_, mark)| !rules.marks.contains_key(*mark)) {
        Some((preset, mark)) => Err(PolicyError::Mark { preset: preset.clone(), mark: mark.to_owned() }),
        None => Ok(()),
    }
}

/// The key of a picture that the resize service may read.
fn key(text: &str) -> Result<Key, PolicyError> {
    let key = Key::parse(text).ok().filter(|key| matches!(key.area(), Area::Files | Area::Private));
    key.ok_or_else(|| {
        PolicyError::value("marks.key", "the key of a PNG or JPEG, such as private/marks/logo.png")
    })
}

fn thousandths(field: &'static str, number: f64, min: u16, max: u16) -> Result<u16, PolicyError> {
    let rounded = (number * 1000.0).round();
    if (f64::from(min)..=f64::from(max)).contains(&rounded) {
        return Ok(rounded as u16);
    }
    let share = |thousandths: u16| f64::from(thousandths) / 1000.0;
    Err(PolicyError::value(field, format!("a number from {} to {}", share(min), share(max))))
}
