//! One job for every video, whatever happens on the way: the trigger over a real S3 and a MediaConvert that does
//! what a test wants.

mod aws;

mod bench;

mod deaths;

mod jobs;

mod once;

mod trouble;

mod videos;
