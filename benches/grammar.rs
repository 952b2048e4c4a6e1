//! The URL grammar, which checks every request to the edge.

use std::hint::black_box;

use cdn_config::policy::Policy;
use contract::request::{Verifier, from_canonical_path, route};
use criterion::{Criterion, criterion_group, criterion_main};

const PATH: &str = "/files/0190163d-8694-739b-aea5-966c26f8ad91/caf%C3%A9%20au%20lait.jpg";
const QUERY: &str = "w=320&h=240&dpr=2&fit=crop&crop=top,left&q=70&utm_source=mail";
const ACCEPT: &str = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";

fn grammar(criterion: &mut Criterion) {
    let rules = Policy::built_in().rules;
    criterion.bench_function("grammar/route", |bencher| {
        bencher.iter(|| route(black_box(PATH), black_box(QUERY), black_box(ACCEPT), &rules, Verifier::NONE));
    });
    let path = "/files/0190163d-8694-739b-aea5-966c26f8ad91/caf~C3~A9~20au~20lait.jpg";
    let canonical = format!("{path}/w=640,h=480,fit=crop,crop=top-left,q=75,fm=auto.avif");
    criterion.bench_function("grammar/from_canonical_path", |bencher| {
        bencher.iter(|| from_canonical_path(black_box(&canonical)));
    });
}

criterion_group!(benches, grammar);
criterion_main!(benches);
