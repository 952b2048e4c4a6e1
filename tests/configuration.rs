//! Tables in the documents that the code generates: the variables of `service::env` in `docs/configuration.md`, the
//! parameters of `contract::parameters` in `docs/image-api.md`, the types of `contract::media_types` in
//! `docs/upload-api.md`.

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/");

#[test]
fn the_configuration_page_has_the_declared_variables() {
    check("configuration.md", "variables", &service::env::markdown());
}

#[test]
fn the_image_api_page_has_the_declared_parameters() {
    check("image-api.md", "parameters", &contract::parameters::markdown());
}

#[test]
fn the_upload_api_page_has_the_known_types() {
    check("upload-api.md", "types", &contract::media_types::markdown());
}

#[test]
fn only_the_text_between_the_markers_is_rewritten() {
    let page = "before\n<!-- a: begin -->\nold\n<!-- a: end -->\nafter\n";
    let expected = "before\n<!-- a: begin -->\nnew\n<!-- a: end -->\nafter\n";
    assert_eq!(with_table(page, "a", "new\n").unwrap(), expected);
    assert_eq!(with_table("<!-- a: end --> <!-- a: begin -->\n", "a", "new\n"), None);
}

/// Fails if the table of a page isn't `table`. If `UPDATE` is set, writes the table instead.
fn check(page: &str, name: &str, table: &str) {
    let file = format!("{DOCS}{page}");
    let text = std::fs::read_to_string(&file).unwrap();
    let expected = with_table(&text, name, table).expect("the page has both markers");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, expected).unwrap();
    } else {
        assert!(text == expected, "docs/{page} is out of date: `UPDATE=1 ./test configuration` rewrites it");
    }
}

/// The page with `table` between the markers. `None` if a marker is missing.
fn with_table(page: &str, name: &str, table: &str) -> Option<String> {
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->"));
    let (before, rest) = page.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}{table}{end}{after}"))
}
