//! A cloud assembly: the folder that the CDK synthesises, with a template and the code of functions.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::archive;
use crate::error::DeployError;

const TEMPLATE: &str = ".template.json";

/// A cloud assembly with one stack.
#[derive(Debug)]
pub(crate) struct Assembly {
    /// The stack's name.
    pub(crate) stack: String,
    /// The template.
    pub(crate) template: Value,
    folder: PathBuf,
    files: BTreeMap<String, Asset>,
}

#[derive(Deserialize)]
struct Assets {
    files: BTreeMap<String, Asset>,
}

#[derive(Debug, Deserialize)]
struct Asset {
    source: Source,
}

#[derive(Debug, Deserialize)]
struct Source {
    path: String,
    packaging: Packaging,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Packaging {
    /// A folder, which the CDK's CLI zips.
    Zip,
    /// A file, which is uploaded as it is.
    File,
}

impl Assembly {
    /// Reads the assembly in a folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, DeployError> {
        let error = |reason: String| DeployError::Assembly { folder: folder.to_owned(), reason };
        let mut stacks = Vec::new();
        for entry in fs::read_dir(folder).map_err(DeployError::file(folder))? {
            let name = entry.map_err(DeployError::file(folder))?.file_name();
            stacks.extend(name.to_str().and_then(|name| name.strip_suffix(TEMPLATE)).map(str::to_owned));
        }
        stacks.sort();
        let [stack] = &stacks[..] else {
            let reason = match stacks.len() {
                0 => "it has no template".to_owned(),
                count => format!(
                    "it has {count} stacks ({}), and only one is emulated: try the configuration with the region us-east-1, \
                     where CloudFront's resources need no stack of their own",
                    stacks.join(", ")
                ),
            };
            return Err(error(reason));
        };
        let template = json(&folder.join(format!("{stack}{TEMPLATE}")), folder)?;
        let assets: Assets = json(&folder.join(format!("{stack}.assets.json")), folder)?;
        Ok(Self { stack: stack.clone(), template, folder: folder.to_owned(), files: assets.files })
    }

    /// The folder with the unpacked code of an asset. A package is unpacked below `work`.
    pub(crate) fn code(&self, hash: &str, work: &Path) -> Result<PathBuf, DeployError> {
        let error = |reason: String| DeployError::Assembly { folder: self.folder.clone(), reason };
        let asset = self.files.get(hash).ok_or_else(|| error(format!("it has no asset {hash}")))?;
        let path = self.folder.join(&asset.source.path);
        match asset.source.packaging {
            Packaging::Zip => fs::canonicalize(&path).map_err(DeployError::file(path)),
            Packaging::File => {
                let target = work.join(hash);
                archive::unpack(&path, &target).map_err(DeployError::file(path))?;
                fs::canonicalize(&target).map_err(DeployError::file(target))
            }
        }
    }
}

fn json<T: serde::de::DeserializeOwned>(file: &Path, folder: &Path) -> Result<T, DeployError> {
    let text = fs::read_to_string(file).map_err(DeployError::file(file))?;
    serde_json::from_str(&text).map_err(|error| DeployError::Assembly {
        folder: folder.to_owned(),
        reason: format!("{}: {error}", file.display()),
    })
}
