//! Plans the captions of a CMAF group.

use super::error::PlanError;
use super::model::CaptionPlan;
use crate::settings::{CaptionDescription, Input, Output};

/// The captions of an output that has nothing else; `None` for an output without captions.
pub(super) fn plan(
    input: &Input,
    output: &Output,
    local: &str,
    path: &str,
) -> Result<Option<CaptionPlan>, PlanError> {
    let description = match output.caption_descriptions.as_slice() {
        [] => return Ok(None),
        [description] if output.video_description.is_none() && output.audio_descriptions.is_empty() => {
            description
        }
        [_, ..] => {
            return Err(PlanError::at(
                path,
                "WebVTT needs an output of its own, without video, audio and other captions",
            ));
        }
    };
    let CaptionDescription {
        caption_selector_name: name, custom_language_code, language_description, ..
    } = description;
    if !custom_language_code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(PlanError::at(
            path,
            "customLanguageCode: a language's tag has letters, digits and hyphens",
        ));
    }
    let selector = input.caption_selectors.get(name).ok_or_else(|| {
        PlanError::at(path, &format!("captionSelectorName: the input has no caption selector '{name}'"))
    })?;
    Ok(Some(CaptionPlan {
        local: local.to_owned(),
        modifier: output.name_modifier.clone(),
        source: selector.source_settings.file_source_settings.source_file.clone(),
        language: custom_language_code.clone(),
        label: language_description.clone().unwrap_or_else(|| custom_language_code.clone()),
    }))
}
