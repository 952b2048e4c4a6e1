//! Documents that were made to do harm: they ask for more memory or time than any page needs.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

#[path = "../../../resize/src/decode/pdf/tests/writer.rs"]
mod writer;

use writer::{document, file, stream};

const PAGE: &str = "/MediaBox[0 0 100 100]";

/// The names and contents of the documents.
pub(super) fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("streams.pdf", nested_streams()),
        ("image.pdf", vast_image()),
        ("forms.pdf", repeated_forms()),
        ("masks.pdf", nested_masks()),
        ("tiles.pdf", tiny_tiles()),
        ("tree.pdf", deep_tree()),
        ("cycle.pdf", cyclic_tree()),
        ("kids.pdf", repeated_page()),
        ("table.pdf", vast_table()),
        ("size.pdf", document(&[("/MediaBox[0 0 99999999999999 99999999999999]", "0 0 9 9 re f")], "")),
        ("dashes.pdf", document(&[(PAGE, "[.000001] 0 d 0 0 m 1000000 1000000 l S")], "")),
        ("states.pdf", document(&[(PAGE, &"q ".repeat(5_000_000))], "")),
    ]
}

/// A document of one page with these resources and this content, and the objects from number 5 on.
fn with_resources(resources: &str, content: Vec<u8>, others: Vec<Vec<u8>>) -> Vec<u8> {
    let page = format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<{resources}>>{PAGE}>>");
    let first = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", &page];
    let mut objects: Vec<Vec<u8>> = first.map(|object| object.as_bytes().to_vec()).to_vec();
    objects.push(content);
    objects.extend(others);
    file(&objects, "")
}

/// Gigabytes of spaces, compressed twice.
fn nested_streams() -> Vec<u8> {
    stream_of_page("/Filter[/FlateDecode/FlateDecode]", &compressed(&spaces()))
}

fn stream_of_page(entries: &str, content: &[u8]) -> Vec<u8> {
    with_resources("", stream(entries, content), Vec::new())
}

/// Four gigabytes of spaces in the format of zlib: a block of 16 MiB, which ends at a whole byte, many times.
fn spaces() -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.flush().unwrap();
    let start = encoder.get_ref().len();
    encoder.write_all(&vec![b' '; 16 << 20]).unwrap();
    encoder.flush().unwrap();
    let (head, block) = encoder.get_ref().split_at(start);
    [head, &block.repeat(256)].concat()
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A picture of 3,600 megapixels, of which all data are there.
fn vast_image() -> Vec<u8> {
    let entries = "/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceGray\
                   /Filter/FlateDecode";
    let content = stream("", b"100 0 0 100 0 0 cm /X Do");
    with_resources("/XObject<</X 5 0 R>>", content, vec![stream(entries, &spaces())])
}

/// Forms that draw the next one ten times, ten deep.
fn repeated_forms() -> Vec<u8> {
    let forms = (6..16).map(|next| {
        let entries =
            format!("/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</X {next} 0 R>>>>");
        stream(&entries, "/X Do 0 0 9 9 re f ".repeat(10).as_bytes())
    });
    with_resources("/XObject<</X 5 0 R>>", stream("", b"/X Do"), forms.collect())
}

/// Transparent groups, each masked by the next one, which it also contains.
fn nested_masks() -> Vec<u8> {
    let groups = (6..600).map(|next| {
        let state =
            format!("/ExtGState<</M<</SMask<</S/Luminosity/G {next} 0 R>>>>>>/XObject<</X {next} 0 R>>");
        let entries = format!(
            "/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Group<</S/Transparency/I true>>/Resources<<{state}>>"
        );
        stream(&entries, b"/M gs /X Do 0 0 9 9 re f")
    });
    with_resources("/XObject<</X 5 0 R>>", stream("", b"/X Do"), groups.collect())
}

/// A pattern whose tiles are a millionth of a point apart.
fn tiny_tiles() -> Vec<u8> {
    let entries =
        "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep .000001/YStep .000001/Resources<<>>";
    let content = stream("", b"/Pattern cs /P scn 0 0 100 100 re f");
    with_resources("/Pattern<</P 5 0 R>>", content, vec![stream(entries, b"0 0 9 9 re f")])
}

/// A hundred thousand nodes between the root of the pages and the only page.
fn deep_tree() -> Vec<u8> {
    let node = |kid: usize| format!("<</Type/Pages/Count 1/Kids[{kid} 0 R]>>").into_bytes();
    let mut objects = vec![b"<</Type/Catalog/Pages 2 0 R>>".to_vec()];
    objects.extend((3..100_003).map(node));
    objects.push(format!("<</Type/Page{PAGE}>>").into_bytes());
    file(&objects, "")
}

/// Nodes of pages that contain each other twice.
fn cyclic_tree() -> Vec<u8> {
    let objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 9/Kids[3 0 R 3 0 R]>>"];
    let mut objects: Vec<Vec<u8>> = objects.map(|object| object.as_bytes().to_vec()).to_vec();
    objects.push(b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>".to_vec());
    file(&objects, "")
}

/// Nodes of pages that contain the next one ten times, eight deep: a hundred million pages.
fn repeated_page() -> Vec<u8> {
    let node = |kid: usize| {
        let kids = format!("{kid} 0 R ").repeat(10);
        format!("<</Type/Pages/Count 100000000/Kids[{kids}]>>").into_bytes()
    };
    let mut objects = vec![b"<</Type/Catalog/Pages 2 0 R>>".to_vec()];
    objects.extend((3..11).map(node));
    objects.push(format!("<</Type/Page{PAGE}>>").into_bytes());
    file(&objects, "")
}

/// A table of four thousand million objects.
fn vast_table() -> Vec<u8> {
    let entries = "/Type/XRef/Size 4000000000/Index[0 4000000000]/W[1 4 2]/Root 1 0 R/Filter/FlateDecode";
    let mut file = b"%PDF-1.7\n1 0 obj\n".to_vec();
    file.extend(stream(entries, &spaces()));
    file.extend(b"\nendobj\nstartxref\n9\n%%EOF\n");
    file
}
