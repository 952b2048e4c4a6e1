use super::notice::MAX_NOTICE_CHARS;
use super::*;

fn packet(properties: &str) -> Vec<u8> {
    format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
         xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' \
         xmlns:iptc='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'>{properties}</rdf:RDF></x:xmpmeta>"
    )
    .into_bytes()
}

fn data_set(record: u8, name: u8, value: &[u8]) -> Vec<u8> {
    [&[0x1c, record, name][..], &(value.len() as u16).to_be_bytes(), value].concat()
}

fn resource(data_sets: &[Vec<u8>]) -> Vec<u8> {
    let content = data_sets.concat();
    let length = (content.len() as u32).to_be_bytes();
    [b"Photoshop 3.0\0".as_slice(), b"8BIM\x04\x04\0\0", &length, &content, b"8BIM\x04\x25\0\0\0\0\0\0"]
        .concat()
}

fn credited(file: &[u8]) -> [Option<String>; 3] {
    let Notices { artist, copyright, credit, .. } = Notices::read(file, true).unwrap_or_default();
    [artist, copyright, credit]
}

fn texts(texts: [&str; 3]) -> [Option<String>; 3] {
    texts.map(|text| (!text.is_empty()).then(|| text.to_owned()))
}

#[test]
fn xmp_has_notices_as_attributes_texts_and_lists() {
    let check = |properties: &str, expected| {
        let file = [b"anything", packet(properties).as_slice(), b"anything"].concat();
        assert_eq!(credited(&file), texts(expected), "{properties}");
    };
    check("<rdf:Description photoshop:Credit='Ann / Agency'/>", ["", "", "Ann / Agency"]);
    check(
        "<rdf:Description><photoshop:Credit> A &amp; B </photoshop:Credit></rdf:Description>",
        ["", "", "A & B"],
    );
    check(
        "<rdf:Description><dc:creator><rdf:Seq><rdf:li>Ann</rdf:li><rdf:li>Bo</rdf:li></rdf:Seq></dc:creator>\
         <dc:rights><rdf:Alt><rdf:li xml:lang='x-default'>© Ann</rdf:li><rdf:li xml:lang='de'>von Ann</rdf:li></rdf:Alt>\
         </dc:rights></rdf:Description>",
        ["Ann, Bo", "© Ann", ""],
    );
    check("<rdf:Description dc:title='x'/>", ["", "", ""]);
    check("<rdf:Description", ["", "", ""]);
}

#[test]
fn iptc_has_notices_in_utf_8_and_latin_1() {
    let utf8 = data_set(1, 90, b"\x1b%G");
    let names = [data_set(2, 80, "Ann Ørsted".as_bytes()), data_set(2, 80, b"Bo")].concat();
    let others =
        [data_set(2, 116, b"(c) Ann"), data_set(2, 110, b"Agency"), data_set(2, 5, b"title")].concat();
    let expected = texts(["Ann Ørsted, Bo", "(c) Ann", "Agency"]);
    assert_eq!(credited(&resource(&[utf8, names, others])), expected);
    assert_eq!(credited(&resource(&[data_set(2, 80, b"Ann \xd8rsted")])), texts(["Ann Ørsted", "", ""]));
    let cut = resource(&[data_set(2, 80, b"Ann"), data_set(2, 110, b"Agency")]);
    for end in 0..cut.len() {
        let _ = credited(&cut[..end]);
    }
}

#[test]
fn exif_comes_before_iptc_and_xmp_and_each_fills_what_is_missing() {
    let iptc = resource(&[data_set(2, 80, b"Ann")]);
    let xmp =
        packet("<rdf:Description photoshop:Credit='Agency'><dc:creator>Bo</dc:creator></rdf:Description>");
    assert_eq!(credited(&[iptc, xmp].concat()), texts(["Ann", "", "Agency"]));
}

#[test]
fn authors_are_told_only_if_they_are_to_be_kept_and_a_notice_is_one_line_of_bounded_length() {
    let long = format!("<rdf:Description photoshop:Credit='a&#10;{}'/>", "b".repeat(2000));
    let file = packet(&long);
    assert_eq!(Notices::read(&file, false), None);
    let credit = Notices::read(&file, true).unwrap().credit.unwrap();
    assert_eq!((credit.len(), credit.starts_with("abb")), (MAX_NOTICE_CHARS, true));
}

#[test]
fn the_term_of_how_a_picture_was_made_is_found_and_other_words_are_not_taken() {
    let of = |text: &str| Notices::read(text.as_bytes(), false).and_then(|notices| notices.source_type);
    let address = "http://cv.iptc.org/newscodes/digitalsourcetype/";
    assert_eq!(of(&format!("x{address}trainedAlgorithmicMedia\"")), Some("trainedAlgorithmicMedia"));
    assert_eq!(of(&format!("{address}trainedAlgorithmicMedia")), Some("trainedAlgorithmicMedia"));
    assert_eq!(
        of(&format!("{address}digitalCapture<{address}trainedAlgorithmicMedia<")),
        Some("trainedAlgorithmicMedia")
    );
    assert_eq!(of(&format!("{address}SECRETTRAIL")), None);
    assert_eq!(of(&format!("{address}digitalCaptures")), None);
    assert_eq!(of("nothing"), None);
}

#[test]
fn a_packet_that_is_longer_than_a_segment_of_a_jpeg_is_not_read() {
    let credit = |attributes: usize| {
        let many: Vec<_> = (0..attributes).map(|number| format!(" a{number:05}=''")).collect();
        let many = many.concat();
        credited(&packet(&format!("<rdf:Description photoshop:Credit='Ann'{many}/>")))
    };
    assert_eq!(credit(6_000), texts(["", "", "Ann"]));
    assert_eq!(credit(7_000), texts(["", "", ""]));
}
