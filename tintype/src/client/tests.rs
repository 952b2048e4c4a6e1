use super::*;

#[test]
fn an_invalid_url_is_refused_with_a_valid_example() {
    let check = |text: &str, expected: Result<&str, &str>| match (parse_url(text), expected) {
        (Ok(url), Ok(expected)) => assert_eq!(url, expected),
        (Err(error), Err(expected)) => assert!(error.contains(expected), "{text}: {error}"),
        (parsed, expected) => panic!("{text}: {parsed:?}, not {expected:?}"),
    };
    check("http://127.0.0.1:8080", Ok("http://127.0.0.1:8080"));
    check("https://cdn.example.com/", Ok("https://cdn.example.com"));
    check("https://cdn.example.com/u/session", Ok("https://cdn.example.com/u/session"));
    check("localhost:8080", Err("write http://localhost:8080"));
    check("127.0.0.1:8080", Err("write http://127.0.0.1:8080"));
    check("cdn.example.com", Err("write https://cdn.example.com"));
    check("ftp://cdn.example.com", Err("'ftp' is neither http nor https"));
    check("http://", Err("it is not a URL such as"));
    check("http://a:b:c", Err("it is not a URL such as"));
    check("http://a/?w=1", Err("a query"));
}
