//! Writes small PDF documents. The end-to-end tests and the tests of isolation include this file, too.

use std::fmt::Write as _;

/// A page: the entries of its dictionary, and its content.
pub(crate) type Page<'a> = (&'a str, &'a str);

/// A document of these pages, and the further entries of its trailer.
pub(crate) fn document(pages: &[Page<'_>], trailer: &str) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|at| format!("{} 0 R", 3 + 2 * at)).collect();
    let kids = kids.join(" ");
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Count {}/Kids[{kids}]>>", pages.len()).into_bytes(),
    ];
    for (at, (entries, content)) in pages.iter().enumerate() {
        let font = "<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>";
        let resources = format!("/Resources<</Font{font}>>");
        let page = format!("<</Type/Page/Parent 2 0 R/Contents {} 0 R{resources}{entries}>>", 4 + 2 * at);
        objects.push(page.into_bytes());
        objects.push(stream("", content.as_bytes()));
    }
    file(&objects, trailer)
}

/// A stream with the further entries of its dictionary.
pub(crate) fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<<{entries}/Length {}>>stream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

/// A file of objects, which are numbered from 1. The first one is the catalog.
pub(crate) fn file(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        file.extend(format!("{} 0 obj\n", number + 1).into_bytes());
        file.extend([object, &b"\nendobj\n"[..]].concat());
    }
    let start = file.len();
    let size = objects.len() + 1;
    file.extend(
        format!("{table}trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n")
            .into_bytes(),
    );
    file
}
