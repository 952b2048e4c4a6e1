//! The error of running a job.

use super::process::ProcessError;
use super::storage::StorageError;
use crate::package::PackageError;
use crate::plan::PlanError;
use crate::settings::SettingsError;

/// The reason why a job fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    #[error("unable to open the input: {0}")]
    Input(StorageError),
    #[error("the input can't be read: {0}")]
    Demux(ProcessError),
    #[error("{0}")]
    Settings(#[from] SettingsError),
    #[error("{0}")]
    Plan(#[from] PlanError),
    #[error("{0}")]
    Transcode(ProcessError),
    #[error("{0}")]
    Package(#[from] PackageError),
    #[error("an output can't be written: {0}")]
    Output(StorageError),
    #[error("the job's folder can't be created: {0}")]
    Folder(#[from] std::io::Error),
    #[error("the work ended early: {0}")]
    Thread(#[from] tokio::task::JoinError),
}

impl RunError {
    /// `MediaConvert`'s error code for the nearest cause.
    pub(crate) const fn code(&self) -> u16 {
        match self {
            Self::Settings(_) | Self::Plan(PlanError::Setting { .. }) => 1010,
            Self::Plan(PlanError::Source(_)) => 1030,
            Self::Demux(_) => 1076,
            Self::Input(_) => 1404,
            Self::Output(_) => 1517,
            Self::Transcode(_) | Self::Package(_) | Self::Folder(_) | Self::Thread(_) => 1999,
        }
    }
}
