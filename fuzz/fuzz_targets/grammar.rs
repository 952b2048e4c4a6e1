//! Routes any path, query and `Accept` header: the result must be an error, or a variant whose canonical path parses to
//! the same variant.
#![no_main]

use std::sync::LazyLock;

use cdn_config::policy::Policy;
use contract::policy::{Rules, UnsignedAccess};
use contract::request::{Route, Verifier, from_canonical_path, route};
use libfuzzer_sys::fuzz_target;

static RULES: LazyLock<Vec<Rules>> = LazyLock::new(|| {
    let rules = |unsigned| Rules { unsigned, ..Policy::built_in().rules };
    UnsignedAccess::ALL.into_iter().map(rules).collect()
});

fuzz_target!(|input: &str| {
    let mut lines = input.splitn(3, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (target, accept) = (line(), line());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    for rules in RULES.iter() {
        let Ok(route) = route(path, query, accept, rules, Verifier::NONE) else { continue };
        let canonical = route.origin_path();
        if let Route::Variant(key, variant) = route {
            assert_eq!(from_canonical_path(&canonical), Some((key, variant)), "{canonical}");
        }
    }
});
