//! Captions: a selector for each file, and an output for each language beside the renditions, as WebVTT needs it.

use aws_sdk_mediaconvert::types::{
    CaptionDescription, CaptionDestinationSettings, CaptionDestinationType, CaptionSelector,
    CaptionSourceSettings, CaptionSourceType, ContainerSettings, ContainerType, FileSourceSettings, Output,
    WebvttDestinationSettings, WebvttStylePassthrough,
};

use crate::captions::Captions;

/// The name of the input's selector of these captions.
fn selector_name(captions: &Captions) -> String {
    format!("Captions Selector {}", captions.language)
}

/// The selector of a file of captions in `bucket`, with its name.
pub(super) fn selector(captions: &Captions, bucket: &str) -> (String, CaptionSelector) {
    let file = FileSourceSettings::builder().source_file(format!("s3://{bucket}/{}", captions.key)).build();
    let source = CaptionSourceSettings::builder()
        .source_type(CaptionSourceType::Webvtt)
        .file_source_settings(file)
        .build();
    (selector_name(captions), CaptionSelector::builder().source_settings(source).build())
}

/// The output of captions in the group of the renditions.
pub(super) fn output(captions: &Captions) -> Output {
    // Cues keep their text, style and place.
    let settings =
        WebvttDestinationSettings::builder().style_passthrough(WebvttStylePassthrough::Strict).build();
    let destination = CaptionDestinationSettings::builder()
        .destination_type(CaptionDestinationType::Webvtt)
        .webvtt_destination_settings(settings)
        .build();
    let description = CaptionDescription::builder()
        .caption_selector_name(selector_name(captions))
        .custom_language_code(&captions.language)
        .language_description(&captions.language)
        .destination_settings(destination)
        .build();
    Output::builder()
        .name_modifier(format!("_captions_{}", captions.language))
        .container_settings(ContainerSettings::builder().container(ContainerType::Cmfc).build())
        .caption_descriptions(description)
        .build()
}
