//! `docs/configuration.md` says what `service::env` declares.

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/configuration.md");
const BEGIN: &str = "<!-- variables: begin -->\n";
const END: &str = "<!-- variables: end -->";

#[test]
fn the_configuration_page_has_the_declared_variables() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let expected = with_table(&page, &service::env::markdown()).expect("the page has both markers");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(PAGE, expected).unwrap();
    } else {
        assert!(
            page == expected,
            "docs/configuration.md is out of date: `UPDATE=1 ./test configuration` rewrites it"
        );
    }
}

#[test]
fn only_what_is_between_the_markers_is_rewritten() {
    let page = format!("before\n{BEGIN}old\n{END}\nafter\n");
    assert_eq!(with_table(&page, "new\n").unwrap(), format!("before\n{BEGIN}new\n{END}\nafter\n"));
    assert_eq!(with_table(&format!("{END} {BEGIN}"), "new\n"), None);
}

/// The page with `table` in the place of what is between the markers; none where it lacks one of them.
fn with_table(page: &str, table: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{table}{END}{after}"))
}
