use super::*;

const NOW: Duration = Duration::from_secs(1_600_000_000);

fn kept(status: u16, pairs: &[(&'static str, &str)]) -> u64 {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(*name, value.parse().unwrap());
    }
    let lifetimes = Lifetimes::default();
    lifetimes.of(StatusCode::from_u16(status).unwrap(), &headers, SystemTime::UNIX_EPOCH + NOW).as_secs()
}

#[test]
fn a_lifetime_is_the_one_for_shared_caches() {
    let check = |value: &str, seconds: u64| {
        assert_eq!(kept(200, &[("cache-control", value)]), seconds, "{value:?}");
    };
    check("public, max-age=60", 60);
    check("max-age=60, s-maxage=5", 5);
    check("MAX-AGE=60", 60);
    check("max-age=\"60\"", 60);
    check("max-age=60, max-age=5", 60);
    check("max-age=60, no-store", 0);
    check("max-age=60, No-Cache", 0);
    check("private, max-age=60", 0);
    check("no-cache", 0);
    check("public", 0);
    for value in ["max-age=x", "max-age=60x", "max-age=-60", "max-age=6.5", "max-age="] {
        check(value, 0);
    }
    check("max-age=99999999999999999999", 31_536_000);
}

#[test]
fn a_response_without_max_age_is_kept_until_it_expires() {
    const THEN: &str = "Sun, 13 Sep 2020 12:26:40 GMT";
    const MINUTE_LATER: &str = "Sun, 13 Sep 2020 12:27:40 GMT";
    assert_eq!(kept(200, &[("expires", MINUTE_LATER)]), 60);
    assert_eq!(kept(200, &[("expires", MINUTE_LATER), ("date", THEN)]), 60);
    assert_eq!(kept(200, &[("expires", MINUTE_LATER), ("date", MINUTE_LATER)]), 0);
    assert_eq!(kept(200, &[("expires", THEN)]), 0);
    assert_eq!(kept(200, &[("expires", "0")]), 0);
    assert_eq!(kept(200, &[("expires", MINUTE_LATER), ("cache-control", "max-age=5")]), 5);
    assert_eq!(kept(200, &[("expires", MINUTE_LATER), ("cache-control", "no-store")]), 0);
}

#[test]
fn the_age_at_the_origin_is_a_part_of_the_lifetime() {
    let check = |age: &str, seconds: u64| {
        assert_eq!(kept(200, &[("cache-control", "max-age=60"), ("age", age)]), seconds, "{age:?}");
    };
    check("10", 50);
    check("60", 0);
    check("9999", 0);
    check("7, 50", 53);
    check("x", 60);
}

#[test]
fn an_error_is_cached_if_cloudfront_caches_its_status() {
    let check = |status: u16, value: &str, seconds: u64| {
        assert_eq!(kept(status, &[("cache-control", value)]), seconds, "{status} {value:?}");
    };
    for status in [400, 403, 405, 412, 415] {
        check(status, "public, max-age=3600", 3600);
        check(status, "no-store", 0);
    }
    for status in [401, 410, 413, 416, 422, 429] {
        check(status, "public, max-age=3600", 0);
    }
    check(404, "public, max-age=60", 60);
    check(404, "no-store", 1);
    check(414, "no-store", 10);
    for status in 500..=504 {
        check(status, "no-store", 0);
        check(status, "public, max-age=60", 60);
    }
}

#[test]
fn a_response_without_a_lifetime_has_the_default_and_every_lifetime_is_within_the_limits() {
    let lifetimes = Lifetimes {
        min: Duration::from_secs(5),
        default: Duration::from_mins(1),
        max: Duration::from_secs(100),
        errors: vec![(404, 7)],
    };
    let check = |status: u16, value: Option<&'static str>, seconds: u64| {
        let mut headers = HeaderMap::new();
        headers.extend(value.map(|value| (header::CACHE_CONTROL, value.parse().unwrap())));
        let lifetime =
            lifetimes.of(StatusCode::from_u16(status).unwrap(), &headers, SystemTime::UNIX_EPOCH + NOW);
        assert_eq!(lifetime.as_secs(), seconds, "{status} {value:?}");
    };
    check(200, None, 60);
    check(200, Some("max-age=20"), 20);
    check(200, Some("max-age=500"), 100);
    check(200, Some("no-store"), 5);
    check(404, None, 7);
    check(404, Some("max-age=20"), 20);
    check(414, None, 10);
    check(429, None, 0);
}
