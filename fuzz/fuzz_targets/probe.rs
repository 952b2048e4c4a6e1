//! Reads the header of any bytes: the result must be an error, or a source with pixels and frames that can be planned.
#![no_main]

use contract::limits::Limits;
use contract::variant::Variant;
use fuzz::settings;
use libfuzzer_sys::fuzz_target;
use resize::error::Error;
use resize::plan::Plan;
use resize::source::Source;

fuzz_target!(|bytes: &[u8]| {
    let settings = settings(Limits::default());
    let Ok(source) = Source::open(bytes, &settings.limits) else { return };
    assert!(source.info().size.pixels() > 0 && source.info().frames() > 0);
    let variant: Variant = "w=64,h=48,fit=crop,fm=auto.webp".parse().expect("a canonical text");
    let peak_bytes = match Plan::new(&source, &variant, &settings) {
        Ok(plan) => plan.peak_bytes(),
        Err(Error::TooMuchMemory { bytes, .. }) => bytes,
        Err(error) => panic!("{error:?}"),
    };
    assert!(peak_bytes >= bytes.len() as u64);
});
