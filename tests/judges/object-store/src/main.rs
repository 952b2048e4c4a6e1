//! Runs the integration tests of the crate `object_store` over the S3 at the URL in `S3`. Prints a line of JSON for each: its name,
//! and the reason why it failed or null.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum, S3CopyIfNotExists};
use object_store::integration::*;

/// A bucket of the local stack that nothing else writes to.
const BUCKET: &str = "tintype-variants";

type Test = fn(AmazonS3) -> Pin<Box<dyn Future<Output = ()>>>;

/// A test with its name.
macro_rules! test {
    ($name:ident($($argument:tt)*)) => {
        (stringify!($name), (|store| { Box::pin(async move { run!(store, $name($($argument)*)) }) }) as Test)
    };
}

/// Calls a test, whose argument `store` is the client.
macro_rules! run {
    ($store:ident, $name:ident(store)) => { $name(&$store).await };
    ($store:ident, $name:ident(store, store)) => { $name(&$store, &$store).await };
    ($store:ident, $name:ident(store, $more:expr)) => { $name(&$store, $more).await };
}

/// The tests, in the order of `object_store`'s own run over S3.
const TESTS: [(&str, Test); 18] = [
    test!(put_get_delete_list(store)),
    test!(list_with_offset_exclusivity(store)),
    test!(get_opts(store)),
    test!(list_uses_directories_correctly(store)),
    test!(list_with_delimiter(store)),
    test!(rename_and_copy(store)),
    test!(copy_rename_nonexistent_object(store)),
    test!(copy_if_not_exists(store)),
    test!(stream_get(store)),
    test!(multipart(store, store)),
    test!(multipart_with_opts(store, store)),
    test!(multipart_put_part_out_of_order(store, store)),
    test!(multipart_race_condition(store, true)),
    test!(multipart_out_of_order(store)),
    test!(put_get_attributes(store)),
    test!(list_paginated(store, store)),
    test!(put_opts(store, true)),
    test!(missing_object(store)),
];

async fn missing_object(store: &AmazonS3) {
    let error = get_nonexistent_object(store, None).await.expect_err("a missing object");
    assert!(matches!(error, object_store::Error::NotFound { .. }), "{error:?}");
}

fn client() -> AmazonS3Builder {
    let url = std::env::var("S3").expect("the variable S3");
    let client = AmazonS3Builder::from_env().with_endpoint(url).with_allow_http(true).with_bucket_name(BUCKET);
    client.with_copy_if_not_exists(S3CopyIfNotExists::Multipart)
}

fn main() {
    // The client isn't built without a library for TLS.
    rustls::crypto::ring::default_provider().install_default().expect("the first provider");
    let reasons = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&reasons);
    set_hook(Box::new(move |panic| noted.lock().expect("reasons").push(panic.to_string())));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let clients = [
        ("", client()),
        (" with unsigned contents", client().with_unsigned_payload(true)),
        (" with SHA-256", client().with_checksum_algorithm(Checksum::SHA256)),
        (" with CRC-64", client().with_checksum_algorithm(Checksum::CRC64NVME)),
    ];
    for (kind, client) in clients {
        for (name, test) in TESTS {
            let store = client.clone().build().expect("a client");
            let outcome = catch_unwind(AssertUnwindSafe(|| runtime.block_on(test(store))));
            let reasons = std::mem::take(&mut *reasons.lock().expect("reasons"));
            let failure = outcome.err().map(|_| reasons.join("; "));
            let line = serde_json::json!({ "name": format!("{name}{kind}"), "failure": failure });
            writeln!(std::io::stdout(), "{line}").expect("a reader");
        }
    }
}
