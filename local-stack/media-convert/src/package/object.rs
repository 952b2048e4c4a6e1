//! The objects that a job uploads.

use std::path::PathBuf;

use serde_json::Value;

use crate::plan::Destination;

/// The media type of JPEG pictures.
pub(super) const JPEG: &str = "image/jpeg";

/// The objects of a job in the order of upload, and the job's report of its outputs.
#[derive(Debug, Default)]
pub(crate) struct Package {
    pub(crate) objects: Vec<Object>,
    /// `outputGroupDetails` of the job's last event.
    pub(crate) group_details: Vec<Value>,
}

impl Package {
    /// Adds a file under a name in the folder of a destination.
    pub(super) fn add_file(
        &mut self,
        destination: &Destination,
        name: &str,
        media_type: &'static str,
        path: PathBuf,
    ) {
        self.objects.push(Object::new(destination, name, media_type, Content::File(path)));
    }
}

/// An object to upload.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) media_type: &'static str,
    pub(crate) content: Content,
}

impl Object {
    /// An object with a name in the folder of a destination.
    pub(super) fn new(
        destination: &Destination,
        name: &str,
        media_type: &'static str,
        content: Content,
    ) -> Self {
        Self { bucket: destination.bucket.clone(), key: destination.key(name), media_type, content }
    }

    /// `true` if the object names other objects and must be uploaded after them.
    pub(crate) const fn is_manifest(&self) -> bool {
        match self.content {
            Content::File(_) => false,
            Content::Text(_) => true,
        }
    }
}

/// The content of an object.
#[derive(Debug)]
pub(crate) enum Content {
    /// A file of ffmpeg's.
    File(PathBuf),
    /// A playlist or manifest.
    Text(String),
}
