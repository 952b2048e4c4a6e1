//! Writes a page that shows pictures of every kind after each operation, for visual review: `scripts/contact-sheet`.
//!
//! Arguments: the folder for `index.html` and the variants, and maybe a folder of pictures. Without it, pictures are made
//! of the kinds that folders of photos lack.

mod kinds;
mod night;

use std::error::Error as StdError;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use contract::key::Key;
use contract::limits::Limits;
use contract::mark::Mark;
use contract::policy::DefaultQualities;
use contract::variant::{Gravity, Quality, Variant};
use resize::error::Error;
use resize::mark::MarkFile;
use resize::pipeline::{Encoded, render_file};
use resize::settings::{JpegDecoder, Settings};
use resize::source::file::File;
use resize::stopwatch::Stopwatch;

/// The columns of the page. Variants are small, so that hundreds of rows fit into it.
const VARIANTS: [&str; 16] = [
    "w=128,h=128,fm=auto.base",
    "w=128,h=128,fm=auto.webp",
    "w=128,h=128,fm=auto.avif",
    "w=128,h=128,fm=png",
    "w=128,h=128,light=linear,fm=png",
    "w=128,h=128,fm=gif",
    "w=128,h=128,fit=clip,fm=webp",
    "w=128,h=128,fit=crop,crop=attention,fm=webp",
    "w=128,h=128,fit=crop,crop=faces,fm=webp",
    "w=128,h=128,fit=fill,bg=ff00ff,fm=jpeg",
    "w=128,rot=90,flip=h,fm=webp",
    "w=128,trim=auto,fm=webp",
    "w=128,blur=200,fm=webp",
    "w=128,sharp=80,fm=webp",
    "w=128,mark=logo,fm=webp",
    "w=128,frame=2,fm=webp",
];

/// A picture of the page.
struct Picture {
    name: String,
    bytes: Vec<u8>,
}

fn main() -> Result<(), Box<dyn StdError>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let output = arguments.next().ok_or("the folder to write to is needed")?;
    fs::create_dir_all(&output)?;
    let pictures = match arguments.next() {
        Some(folder) => pictures_of(&folder)?,
        None => kinds::pictures()?,
    };
    let mut page = format!("{HEAD}<tr><th>source</th>");
    VARIANTS.iter().try_for_each(|variant| write!(page, "<th>{variant}</th>"))?;
    for (at, Picture { name, bytes }) in pictures.iter().enumerate() {
        write!(page, "</tr>\n<tr><td>{}</td>", escaped(name))?;
        for (column, variant) in VARIANTS.iter().enumerate() {
            page += &cell(bytes, variant, &output, &format!("{at}-{column}"))?;
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
fn cell(bytes: &[u8], variant: &str, output: &Path, name: &str) -> Result<String, Box<dyn StdError>> {
    match rendered(bytes, variant)? {
        Ok(encoded) => {
            let file = format!("{name}.{}", encoded.format.extension());
            let described = format!("{}×{} {} bytes", encoded.width, encoded.height, encoded.bytes.len());
            fs::write(output.join(&file), encoded.bytes)?;
            Ok(format!("<td><img loading=lazy src={file}>{described}</td>"))
        }
        Err(error) => Ok(format!("<td><i>{}</i></td>", escaped(&error.to_string()))),
    }
}

/// The variant of a file with the qualities of the built-in policy.
fn rendered(bytes: &[u8], variant: &str) -> Result<Result<Encoded, Error>, Box<dyn StdError>> {
    let quality = |number| Quality::clamped(number).ok_or("a quality is 1 to 100");
    let settings = Settings {
        limits: Limits::default(),
        qualities: DefaultQualities { jpeg: quality(80)?, webp: quality(76)?, avif: quality(76)? },
        avif_budget: Duration::from_millis(100),
        jpeg_decoder: JpegDecoder::Own,
        profile: contract::policy::Profile::Standard,
        is_progressive: false,
        keeps_credit: false,
    };
    let variant: Variant = variant.parse()?;
    let key = Key::parse("files/logo.png")?;
    let mark = Mark { key, place: Gravity::BottomRight, width: 300, margin: 30, opacity: 800 };
    let logo = kinds::logo()?;
    let mark = variant.mark().is_some().then_some(MarkFile { mark: &mark, bytes: &logo });
    let watch = Stopwatch::start(Instant::now, Duration::from_secs(20));
    Ok(render_file(File::Whole(bytes), &variant, mark, &settings, watch))
}

/// All files below a folder, by name.
fn pictures_of(folder: &Path) -> Result<Vec<Picture>, Box<dyn StdError>> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let read = |file: &PathBuf| {
        let name = file.strip_prefix(folder)?.display().to_string();
        Ok(Picture { name, bytes: fs::read(file)? })
    };
    files.iter().map(read).collect()
}

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
