//! Requests every URL of a picture in `README.md` and `docs/*.md` from a running stack. The picture must have the size
//! that the documented rules give, and the size that the line states.

use cdn_config::policy::Policy;
use contract::parameters::known_names;
use contract::preset::Preset;
use serde_json::json;

use crate::support::Running;
use crate::support::pictures::{jpeg, quarters};

const API: &str = include_str!("../docs/image-api.md");

/// Width and height of the source in pixels, larger than in every example.
const SOURCE: (f64, f64) = (2400.0, 1800.0);

/// A query in a document.
#[derive(Debug)]
struct Example {
    /// File and line, for messages.
    place: String,
    query: String,
    /// `true` if the line says that the query needs a signature.
    is_signed: bool,
    /// The size that the line states, in pixels.
    size: Option<(u32, u32)>,
}

impl Example {
    fn value(&self, name: &str) -> Option<&str> {
        self.query
            .split('&')
            .find_map(|pair| pair.split_once('=').filter(|(n, _)| *n == name))
            .map(|(_, v)| v)
    }

    fn number(&self, names: [&str; 2]) -> Option<f64> {
        names.into_iter().find_map(|name| self.value(name)).map(|value| value.parse().unwrap())
    }

    /// The size that the documented rules give: unsigned widths are rounded up to the ladder, crops have the requested
    /// shape, everything else stays inside the box.
    fn expected(&self) -> (f64, f64) {
        let dpr = self.number(["dpr", "dpr"]).unwrap_or(1.0);
        let (width, height) = (self.number(["w", "width"]), self.number(["h", "height"]));
        let ladder = Policy::built_in().rules.ladder;
        let step = |css: f64| {
            let pixels = css * dpr;
            let mut rungs = ladder.iter().map(|rung| f64::from(rung.pixels()));
            if self.is_signed { pixels } else { rungs.find(|rung| *rung >= pixels).unwrap() }
        };
        let ratio = self.value("ar").map(|ar| {
            let (across, down) = ar.split_once(':').unwrap();
            across.parse::<f64>().unwrap() / down.parse::<f64>().unwrap()
        });
        let ratio = ratio.or_else(|| Some(width? / height?));
        let source = match (self.value("rect"), self.value("rot")) {
            (Some(rect), _) => {
                let sides: Vec<f64> = rect.split(',').map(|side| side.parse().unwrap()).collect();
                (sides[2], sides[3])
            }
            (None, Some("90" | "270")) => (SOURCE.1, SOURCE.0),
            (None, _) => SOURCE,
        };
        match (self.value("fit"), ratio) {
            (Some("crop"), Some(ratio)) => {
                let width = step(width.unwrap_or_else(|| height.unwrap() * ratio));
                (width, width / ratio)
            }
            (Some("fill" | "scale"), Some(_)) => (step(width.unwrap()), step(height.unwrap())),
            _ => {
                let by_width = width.map_or(1.0, |width| step(width) / source.0);
                let by_height = height.map_or(1.0, |height| step(height) / source.1);
                let factor = by_width.min(by_height).min(1.0);
                (source.0 * factor, source.1 * factor)
            }
        }
    }
}

/// The ends of paths whose queries aren't those of pictures: lists of files, and frames of videos.
const OTHERS: [&str; 2] = ["/library/files", "/frame.jpg"];

/// The queries of a line: the texts after a question mark that begin with a parameter's name and are complete.
fn queries(line: &str) -> Vec<String> {
    let of_part = |part: &str| {
        let end =
            part.find(|c: char| !c.is_ascii_alphanumeric() && !"=&.,:_-%".contains(c)).unwrap_or(part.len());
        let (query, rest) = part.split_at(end);
        let name = query.split(['=', '&']).next().unwrap_or_default();
        let is_whole = !rest.starts_with(['…', '$', '{']) && !query.ends_with('=');
        let is_whole = is_whole && known_names().contains(&name);
        is_whole.then(|| query.trim_end_matches(['.', ',', ':']).to_owned())
    };
    let parts: Vec<&str> = line.split('?').collect();
    let after_pictures = parts.windows(2).filter(|pair| !OTHERS.iter().any(|end| pair[0].ends_with(end)));
    after_pictures.filter_map(|pair| of_part(pair[1])).collect()
}

/// The first `WIDTH × HEIGHT` of a text.
fn stated_size(text: &str) -> Option<(u32, u32)> {
    let (before, after) = text.split_once(" × ").or_else(|| text.split_once('×'))?;
    let width = before.rsplit(|c: char| !c.is_ascii_digit()).next()?;
    let height = after.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

/// The examples of a page. A command over several lines counts as one line.
fn examples_of(name: &str, page: &str) -> Vec<Example> {
    let mut found = Vec::new();
    for (number, line) in page.replace("\\\n", "").lines().enumerate() {
        let queries = queries(line);
        let is_signed = ["✍", "run sign", "signed-urls"].iter().any(|mark| line.contains(mark));
        let size = if queries.len() == 1 { line.split_once(&queries[0]) } else { None };
        let size = size.and_then(|(_, rest)| stated_size(rest));
        found.extend(queries.into_iter().map(|query| Example {
            place: format!("{name}, line {}", number + 1),
            query,
            is_signed,
            size,
        }));
    }
    found
}

/// The path and the text of `README.md` and of each page of `docs`.
fn pages() -> Vec<(String, String)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let mut files = vec![format!("{root}/README.md")];
    let docs = std::fs::read_dir(format!("{root}/docs")).unwrap().map(|entry| entry.unwrap().path());
    files.extend(
        docs.filter(|path| path.extension().is_some_and(|end| end == "md"))
            .map(|path| path.display().to_string()),
    );
    files.sort();
    files.into_iter().map(|file| (file.clone(), std::fs::read_to_string(file).unwrap())).collect()
}

#[tokio::test]
async fn every_url_in_the_documents_gives_a_picture_of_the_documented_size() {
    let mut policy = Policy::built_in();
    policy.rules.presets =
        [("card".to_owned(), Preset::parse("w=200&h=200&fit=crop&sharp=20").unwrap())].into();
    let stack = Running::with_policy(policy).await;
    let source = jpeg(&quarters(SOURCE.0 as u32, SOURCE.1 as u32));
    let photo = stack.upload("photo.jpg", "image/jpeg", &source).await;
    let examples: Vec<Example> = pages().iter().flat_map(|(name, page)| examples_of(name, page)).collect();
    assert!(examples.len() > 50, "{}", examples.len());
    assert!(examples.iter().filter(|example| example.size.is_some()).count() >= 8);
    for example in examples {
        let Example { place, query, is_signed, size } = &example;
        let place = format!("{place}: ?{query}");
        let url = format!("{photo}?{query}");
        let url = if *is_signed {
            let (status, answer) = stack.ask_signer("/signed-urls", &json!({ "url": url })).await;
            assert_eq!(status, 200, "{place}: {answer}");
            answer["url"].as_str().unwrap().to_owned()
        } else {
            url
        };
        let got = stack.get(&url).await;
        assert_eq!(got.status, 200, "{place}: {}", String::from_utf8_lossy(&got.body));
        if query == "original" {
            assert!(got.body == source, "{place}");
            continue;
        }
        if query.contains("fm=json") || query.contains("explain=1") {
            assert!(got.json().is_object(), "{place}");
            continue;
        }
        if let Some(format) = example.value("fm").filter(|format| *format != "auto") {
            assert_eq!(got.header("content-type"), format!("image/{format}"), "{place}");
        }
        if let Some(name) = example.value("dl") {
            let disposition = got.header("content-disposition");
            let stem = name.split('.').next().unwrap();
            assert!(
                disposition.starts_with("attachment") && disposition.contains(stem),
                "{place}: {disposition}"
            );
        }
        let (width, height) = got.picture().dimensions();
        if let Some(size) = size {
            assert_eq!((width, height), *size, "{place}");
        }
        if !query.contains("preset=") {
            let expected = example.expected();
            let is_near = |pixels: u32, expected: f64| (f64::from(pixels) - expected).abs() <= 1.0;
            let is_expected = is_near(width, expected.0) && is_near(height, expected.1);
            assert!(is_expected, "{place}: {width}×{height} instead of {expected:?}");
        }
    }
}

#[test]
fn each_row_of_the_migration_tables_has_a_request() {
    // What a request can't show.
    let others = ["always", "never", "`s`", "`expires`"];
    let mut rows = 0;
    let tables: Vec<(String, String)> =
        pages().into_iter().filter(|(name, _)| name.contains("/migrate-")).collect();
    assert_eq!(tables.len(), 5);
    for (name, page) in tables {
        for line in page.lines().skip_while(|line| !line.starts_with("| ---")).skip(1) {
            let Some(here) = line.split(" | ").nth(1) else { continue };
            let is_other = others.iter().any(|other| here.starts_with(other));
            assert!(is_other || !queries(here).is_empty(), "{name}: {line}");
            rows += 1;
        }
    }
    assert!(rows > 80, "{rows}");
}

/// The rows under "Examples of each feature".
fn rows() -> Vec<Example> {
    let (_, section) = API.split_once("## Examples of each feature").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows: Vec<&str> = section.lines().filter(|line| line.starts_with("| `?")).collect();
    examples_of("docs/image-api.md", &rows.join("\n"))
}

#[tokio::test]
async fn a_marked_example_without_its_signature_is_refused_or_gives_another_variant() {
    let stack = Running::start().await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(800, 600))).await;
    for Example { query, .. } in rows().into_iter().filter(|example| example.is_signed) {
        let status = stack.get(&format!("{photo}?{query}")).await.status;
        // Without a signature these two give another variant: the next rung, and no version.
        assert!(status == 403 || matches!(&*query, "w=333" | "w=640&v=2"), "{query}: {status}");
    }
}

#[test]
fn every_parameter_has_an_example() {
    let rows = rows();
    assert!(rows.len() > 25, "{}", rows.len());
    // Documented elsewhere: presets, marks, moments of videos, links, imgix' `auto`, and parameters that have an effect only with others.
    let elsewhere = ["preset", "mark", "t", "enlarge", "auto", "expires", "s"];
    for parameter in contract::parameters::PARAMETERS {
        let has_example = |name: &str| {
            rows.iter().any(|row| row.query.split('&').any(|pair| pair.split('=').next() == Some(name)))
        };
        assert!(
            elsewhere.contains(&parameter.name) || parameter.names().any(has_example),
            "{} has no row under 'Examples of each feature'",
            parameter.name
        );
    }
}

#[test]
fn the_documented_loader_is_the_tested_loader() {
    let tested = include_str!("../examples/next-image/loader.mjs");
    for line in tested.lines().filter(|line| !line.starts_with("//")) {
        assert!(API.contains(line), "{line}");
    }
}
