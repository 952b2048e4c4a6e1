use super::*;

fn parse(body: &str) -> Result<RequestBody, SignError> {
    RequestBody::parse(body.as_bytes(), 2)
}

#[test]
fn a_file_needs_a_name_and_a_type() {
    let Ok(RequestBody::One(request)) = parse(r#"{"filename":"cat.png","type":"image/png"}"#) else {
        panic!()
    };
    assert_eq!(request.file_name, "cat.png");
    assert_eq!(request.declared_type.media_type.as_str(), "image/png");
    assert_eq!((request.bytes, request.sha256), (None, None));
    assert_eq!((request.visibility, request.method), (Visibility::Public, UploadMethod::Post));
    assert_eq!(request.metadata, Metadata::default());
}

#[test]
fn every_field_is_read() {
    let body = r#"{"filename":"a","type":"video/mp4","size":5368709121,"visibility":"private","method":"PUT",
        "sha256":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=","metadata":{"album":"7"}}"#;
    let Ok(RequestBody::One(request)) = parse(body) else { panic!() };
    assert_eq!(request.bytes, Some(5_368_709_121));
    assert!(request.sha256.is_some());
    assert_eq!((request.visibility, request.method), (Visibility::Private, UploadMethod::Put));
    assert_eq!(request.metadata.headers().next(), Some(("x-amz-meta-album".to_owned(), "7".to_owned())));
}

#[test]
fn null_equals_a_missing_field() {
    let body = r#"{"filename":"a","type":"image/png","size":null,"sha256":null,"visibility":null,
        "metadata":null,"method":null}"#;
    assert_eq!(parse(body), parse(r#"{"filename":"a","type":"image/png"}"#));
}

#[test]
fn an_error_names_the_field() {
    let check = |body: &str, expected: &str| {
        assert_eq!(parse(body).unwrap_err().to_string(), expected, "{body}");
    };
    check("[]", "it must be a JSON object");
    check("{}", "filename: it is missing");
    check(r#"{"filename":"a"}"#, "type: it is missing");
    check(r#"{"filename":1,"type":"image/png"}"#, "filename: it must be a text");
    check(r#"{"filename":null,"type":"image/png"}"#, "filename: it must be a text");
    check(r#"{"filename":"a","type":"png"}"#, "type: it must be a media type such as image/png");
    let with = |field: &str| format!(r#"{{"filename":"a","type":"image/png",{field}}}"#);
    check(&with(r#""size":"1""#), "size: it must be a whole number of bytes");
    check(&with(r#""size":-1"#), "size: it must be a whole number of bytes");
    check(&with(r#""size":1.5"#), "size: it must be a whole number of bytes");
    check(&with(r#""size":1e3"#), "size: it must be a whole number of bytes");
    check(&with(r#""size":0"#), "size: an empty file can't be uploaded");
    check(
        &with(r#""sha256":"abc""#),
        "sha256: it must be a SHA-256 in 64 hexadecimal digits or 44 characters of base64",
    );
    check(&with(r#""visibility":"secret""#), "visibility: it must be public or private");
    check(&with(r#""method":"PATCH""#), "method: it must be POST or PUT");
    check(&with(r#""metadata":[]"#), "metadata: it must be a JSON object");
    check(&with(r#""metadata":{"a":1}"#), "metadata.a: it must be a text");
    check(&with(r#""tags":[]"#), "tags: there is no such field");
}

#[test]
fn a_body_that_is_not_json_is_refused() {
    let check = |body: &[u8]| {
        let error = RequestBody::parse(body, 1).unwrap_err();
        assert!(matches!(error.cause, Cause::NotJson(_)), "{error}");
    };
    check(b"");
    check(b"{");
    check(br#"{"filename":"a"} x"#);
    check(b"\xff");
    check(b"1e400");
    check("[".repeat(60_000).as_bytes());
}

#[test]
fn a_batch_has_at_least_one_file_and_at_most_the_limit() {
    let file = r#"{"filename":"a","type":"image/png"}"#;
    let body = |files: &[&str]| format!(r#"{{"files":[{}]}}"#, files.join(","));
    assert!(matches!(parse(&body(&[file, file])), Ok(RequestBody::Batch(files)) if files.len() == 2));
    let check = |body: &str, expected: &str| {
        assert_eq!(parse(body).unwrap_err().to_string(), expected, "{body}");
    };
    check(&body(&[file, file, file]), "files: 3 files in one request, at most 2 are allowed");
    check(&body(&[]), "files: at least one file is needed");
    check(&body(&[file, "7"]), "files[1]: it must be a JSON object");
    check(&body(&[file, r#"{"filename":"a"}"#]), "files[1].type: it is missing");
    check(r#"{"files":{}}"#, "files: it must be a list");
    check(r#"{"files":[],"type":"image/png"}"#, "type: there is no such field");
}
