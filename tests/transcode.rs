//! The trigger over a real S3 and a simulated MediaConvert: every version of a video becomes exactly one job.
//!
//! `fixture` runs the trigger over `aws`, the simulated services; `probe_results` are answers of `Probe`. `one_job` tests
//! repeated and reordered events, `crashes` processes that end early, `failures` errors of MediaConvert, `jobs` the body of
//! `CreateJob`, `captions` the captions that
//! metadata names, `withdrawn` videos that are removed, withdrawn or replaced while a job runs.

mod aws;
mod captions;
mod crashes;
mod failures;
mod fixture;
mod jobs;
mod one_job;
pub(crate) mod probe_results;
mod withdrawn;
