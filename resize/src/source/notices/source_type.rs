//! How a picture was made. Generators write IPTC's "digital source type" into XMP, or only into the manifest of C2PA. In both it is
//! the address of a term.

use memchr::memmem;

/// The end of the address before the term. It begins with `http` or `https` and the name of the host.
const ADDRESS: &[u8] = b"cv.iptc.org/newscodes/digitalsourcetype/";

/// The terms, those of pictures by AI first: if a file has several, as one that was edited has, the first of these is told.
const TERMS: [&str; 20] = [
    "trainedAlgorithmicMedia",
    "compositeWithTrainedAlgorithmicMedia",
    "algorithmicMedia",
    "compositeSynthetic",
    "algorithmicallyEnhanced",
    "virtualRecording",
    "dataDrivenMedia",
    "composite",
    "compositeCapture",
    "digitalCreation",
    "digitalArt",
    "softwareImage",
    "screenCapture",
    "humanEdits",
    "minorHumanEdits",
    "computationalCapture",
    "print",
    "positiveFilm",
    "negativeFilm",
    "digitalCapture",
];

/// The term of a file. Other words at its place are no terms.
pub(super) fn of(file: &[u8]) -> Option<&'static str> {
    let found = memmem::find_iter(file, ADDRESS).filter_map(|at| {
        let rest = file.get(at + ADDRESS.len()..)?;
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let word = rest.get(..length)?;
        TERMS.iter().position(|term| term.as_bytes() == word)
    });
    found.min().and_then(|at| TERMS.get(at)).copied()
}
