//! Writes a page that shows each picture of a folder after each operation, for visual review: `scripts/contact-sheet`.
//!
//! Arguments: the folder of pictures, and the folder for `index.html` and the variants.

use std::error::Error as StdError;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use contract::limits::Limits;
use contract::policy::DefaultQualities;
use contract::variant::{Quality, Variant};
use resize::pipeline::render;
use resize::settings::{JpegDecoder, Settings};
use resize::stopwatch::Stopwatch;

/// The columns of the page. Variants are small, so that hundreds of rows fit into it.
const VARIANTS: [&str; 13] = [
    "w=128,h=128,fm=auto.base",
    "w=128,h=128,fm=auto.webp",
    "w=128,h=128,fm=auto.avif",
    "w=128,h=128,fm=png",
    "w=128,h=128,light=linear,fm=png",
    "w=128,h=128,fm=gif",
    "w=128,h=128,fit=clip,fm=webp",
    "w=128,h=128,fit=crop,crop=attention,fm=webp",
    "w=128,h=128,fit=fill,bg=ff00ff,fm=jpeg",
    "w=128,rot=90,flip=h,fm=webp",
    "w=128,trim=auto,fm=webp",
    "w=128,blur=200,fm=webp",
    "w=128,sharp=80,fm=webp",
];

fn main() -> Result<(), Box<dyn StdError>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(pictures), Some(output)) = (arguments.next(), arguments.next()) else {
        return Err("two arguments are needed: the folder of pictures and the folder to write to".into());
    };
    fs::create_dir_all(&output)?;
    let mut files = Vec::new();
    collect(&pictures, &mut files)?;
    files.sort();

    let mut page = format!("{HEAD}<tr><th>source</th>");
    VARIANTS.iter().try_for_each(|variant| write!(page, "<th>{variant}</th>"))?;
    for (at, file) in files.iter().enumerate() {
        let name = file.strip_prefix(&pictures)?.display().to_string();
        write!(page, "</tr>\n<tr><td>{}</td>", escaped(&name))?;
        let bytes = fs::read(file)?;
        for (column, variant) in VARIANTS.iter().enumerate() {
            page += &cell(&bytes, &variant.parse()?, &output, &format!("{at}-{column}"))?;
        }
    }
    page += "</tr></table>\n";
    fs::write(output.join("index.html"), page)?;
    Ok(())
}

const HEAD: &str = "<!doctype html><meta charset=utf-8><title>Contact sheet</title><style>\
    body{font:10px sans-serif;background:#ccc}td{max-width:140px;overflow-wrap:anywhere;vertical-align:top}\
    td img{display:block;background:repeating-conic-gradient(#fff 0 25%,#ddd 0 50%) 0 0/16px 16px}\
    i{color:#a00}</style><table>";

/// A table cell with a variant, or with the reason why it can't be rendered.
fn cell(bytes: &[u8], variant: &Variant, output: &Path, name: &str) -> Result<String, Box<dyn StdError>> {
    let qualities = DefaultQualities { jpeg: quality(80)?, webp: quality(76)?, avif: quality(76)? };
    let avif_budget = Duration::from_millis(100);
    let settings = Settings {
        limits: Limits::default(),
        qualities,
        avif_budget,
        jpeg_decoder: JpegDecoder::Own,
        profile: contract::policy::Profile::Standard,
        is_progressive: false,
        keeps_credit: false,
    };
    let watch = Stopwatch::start(Instant::now, Duration::from_secs(20));
    match render(bytes, variant, &settings, watch) {
        Ok(encoded) => {
            let file = format!("{name}.{}", encoded.format.extension());
            let described = format!("{}×{} {} bytes", encoded.width, encoded.height, encoded.bytes.len());
            fs::write(output.join(&file), encoded.bytes)?;
            Ok(format!("<td><img loading=lazy src={file}>{described}</td>"))
        }
        Err(error) => Ok(format!("<td><i>{}</i></td>", escaped(&error.to_string()))),
    }
}

fn quality(number: u32) -> Result<Quality, &'static str> {
    Quality::clamped(number).ok_or("a quality is 1 to 100")
}

/// All files below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
