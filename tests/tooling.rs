//! The repository's own commands: their `--help`, the selection of tests, the check for import circles.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn run(program: &str, arguments: &[&str]) -> Output {
    let output = Command::new(repository().join(program)).args(arguments).env("PATH", PATH).output();
    output.unwrap_or_else(|error| panic!("{program} can't be started: {error}"))
}

/// A `PATH` without compilers. A command that answers with it has neither built nor installed anything.
const PATH: &str = "/usr/bin:/bin";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn help_answers_without_a_build() {
    for program in ["run", "test", "bench", "judge", "package", "soak"] {
        let output = run(program, &["--help"]);
        assert!(output.status.success(), "{program}: {}", text(&output.stderr));
        assert_eq!(text(&output.stderr), "", "{program}");
        let help = text(&output.stdout);
        assert!(help.lines().next().unwrap().contains(&format!("./{program}")), "{program}: {help}");
        let misplaced = help.lines().filter(|line| !line.starts_with("  ")).find(|line| line.contains(" --"));
        assert_eq!(misplaced, None, "{program}: each option starts a line of its own");
    }
}

#[test]
fn the_checks_of_a_soak_wait_while_promises_are_being_kept() {
    let module = "tests/soak/patience.py";
    let output =
        Command::new("python3").args(["-B", "-m", "doctest", module]).current_dir(repository()).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", text(&output.stdout));
}

#[test]
fn an_option_that_run_does_not_have_is_refused_before_the_build() {
    for (option, status) in [("--prot", 1), ("--port-", 1), ("-x", 1), ("--help", 0)] {
        let output = run("run", &[option, "1"]);
        assert_eq!(output.status.code(), Some(status), "{option}: {}", text(&output.stderr));
        let refusal = format!("error: there is no option '{option}'; ./run --help lists them\n");
        assert_eq!(text(&output.stderr), if status == 1 { refusal } else { String::new() });
    }
}

#[test]
fn a_command_that_run_does_not_have_is_refused_before_the_build() {
    let output = run("run", &["uplaod", "cat.jpg"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr), "error: there is no command 'uplaod'; ./run --help lists them\n");
}

/// Names of options in a help text, such as `--port`.
fn options(help: &str) -> BTreeSet<&str> {
    help.split(|char: char| !char.is_ascii_lowercase() && char != '-')
        .filter(|word| word.starts_with("--"))
        .collect()
}

#[test]
fn the_help_of_bench_lists_every_option_of_its_program() {
    let help = text(&run("bench", &["--help"]).stdout);
    let program = fs::read_to_string(repository().join("benches/peers/side_by_side.py")).unwrap();
    let declared: BTreeSet<&str> = program
        .split("add_argument(\"")
        .skip(1)
        .filter(|argument| !argument.split("add_argument").next().unwrap().contains("SUPPRESS"))
        .map(|argument| argument.split('"').next().unwrap())
        .collect();
    assert!(declared.len() > 3, "{declared:?}");
    assert_eq!(options(&help), declared);
}

#[test]
fn a_test_is_found_by_a_part_of_its_path() {
    let check = |name: &str, expected: &[&str]| {
        let output = run("scripts/find-tests", &[name]);
        let found = text(&output.stdout);
        assert_eq!(found.lines().collect::<Vec<_>>(), expected, "{name}: {}", text(&output.stderr));
    };
    check("a_test_is_found_by_a_part_of_its_path", &["e2e tooling"]);
    check("grammar::agreement", &["e2e grammar"]);
    check("no_test_is_called_this", &[]);
}

#[test]
fn every_name_of_tests_in_the_documents_finds_tests() {
    let help = text(&run("test", &["--help"]).stdout);
    let examples = help.split("in their path, such as ").nth(1).unwrap().split('.').next().unwrap();
    let mut names: BTreeSet<String> = examples.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    for document in documents(&repository()) {
        let content = fs::read_to_string(document).unwrap();
        let commands = content.split("./test ").skip(1);
        let arguments = commands.map(|rest| rest.split([' ', '`', '\n']).next().unwrap());
        names.extend(
            arguments
                .filter(|name| name.starts_with(|char: char| char.is_ascii_lowercase()))
                .map(str::to_owned),
        );
    }
    assert!(names.len() > 8, "{names:?}");
    for name in names {
        let found = text(&run("scripts/find-tests", &[&name]).stdout);
        assert_ne!(found, "", "`./test {name}` finds no test");
    }
}

#[test]
fn every_module_whose_tests_start_a_program_says_so_in_needs_txt() {
    let folder = repository().join("tests");
    let listed = fs::read_to_string(folder.join("needs.txt")).unwrap();
    let needs_of = |module: &str| -> String {
        let mut lines = listed.lines().filter(|line| line.split(' ').next() == Some(module));
        lines.next().unwrap_or_default().to_owned()
    };
    let signs = [
        ("TINTYPE_PYTHON", "python"),
        ("Command::new(\"njs\")", "njs"),
        ("Command::new(\"ffmpeg\")", "ffmpeg"),
        ("TINTYPE_PACKAGES", "packages"),
    ];
    let main = fs::read_to_string(folder.join("main.rs")).unwrap();
    let modules: Vec<&str> = main
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .filter(|module| !["support", "tooling"].contains(module))
        .collect();
    assert!(modules.len() > 30, "{modules:?}");
    for module in modules {
        let source = sources(&folder, module);
        for (sign, need) in signs {
            if source.contains(sign) {
                assert!(
                    needs_of(module).contains(need),
                    "tests/{module}: {sign}, but needs.txt lacks '{need}'"
                );
            }
        }
        if source.contains("Command::new(\"node\")") {
            assert!(!needs_of(module).is_empty(), "tests/{module} starts Node.js, but needs.txt lacks it");
        }
    }
}

/// The text of an end-to-end test module and of the modules inside it.
fn sources(folder: &Path, module: &str) -> String {
    let mut text = fs::read_to_string(folder.join(format!("{module}.rs"))).unwrap();
    let Ok(entries) = fs::read_dir(folder.join(module)) else { return text };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    text
}

#[test]
fn every_relative_link_of_the_documents_leads_to_a_file() {
    let mut links = 0;
    for document in documents(&repository()) {
        let content = fs::read_to_string(&document).unwrap();
        for target in content.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap();
            if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                continue;
            }
            assert!(document.parent().unwrap().join(path).exists(), "{}: {target}", document.display());
            links += 1;
        }
    }
    assert!(links > 50, "{links} links were found");
}

#[test]
fn every_test_that_the_documents_name_exists() {
    let mut count = 0;
    for document in documents(&repository()) {
        let content = fs::read_to_string(&document).unwrap();
        for (file, name) in content.split('`').filter_map(|code| code.split_once(": ")) {
            let has_extension = |name: &str| Path::new(file).extension().is_some_and(|found| found == name);
            let is_rust = has_extension("rs");
            if file.contains(' ') || !is_rust && !has_extension("ts") {
                continue;
            }
            let source = fs::read_to_string(repository().join(file)).unwrap_or_default();
            let found = if is_rust { format!("fn {name}(") } else { format!("test(\"{name}\"") };
            assert!(source.contains(&found), "{}: {file} has no test {name}", document.display());
            count += 1;
        }
    }
    assert!(count > 40, "{count} tests are named");
}

/// The Markdown files below a folder, without those of packages and builds.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir()
            && !name.starts_with('.')
            && !["node_modules", "target", "dist"].contains(&name.as_str())
        {
            found.extend(documents(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_circle_of_imports_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let crate_of = |files: &[(&str, &str)]| {
        let src = folder.path().join("src");
        let _ = fs::remove_dir_all(&src);
        fs::create_dir_all(src.join("door")).unwrap();
        fs::write(folder.path().join("Cargo.toml"), "[package]\nname = \"house\"\n").unwrap();
        for (name, text) in files {
            fs::write(src.join(name), text).unwrap();
        }
        let arguments = ["scripts/check-circles", folder.path().to_str().unwrap()];
        Command::new("python3").args(arguments).current_dir(repository()).output().unwrap()
    };
    let check = |files: &[(&str, &str)], expected: Option<&str>| {
        let output = crate_of(files);
        let complaint = text(&output.stderr);
        assert_eq!(output.status.success(), expected.is_none(), "{files:?}: {complaint}");
        assert!(complaint.contains(expected.unwrap_or_default()), "{files:?}: {complaint}");
    };
    let lib = ("lib.rs", "mod door;\nmod wall;\n");
    check(&[lib, ("door.rs", "use crate::wall::Wall;\n"), ("wall.rs", "pub struct Wall;\n")], None);
    check(
        &[lib, ("door.rs", "use crate::wall::Wall;\n"), ("wall.rs", "use crate::door::Door;\n")],
        Some("src/wall.rs -> src/door.rs"),
    );
    let parent = "mod lock;\npub struct Door;\nfn open() { lock::open(); }\n";
    check(&[lib, ("door.rs", parent), ("wall.rs", ""), ("door/lock.rs", "pub fn open() {}\n")], None);
    check(
        &[
            lib,
            ("door.rs", parent),
            ("wall.rs", ""),
            ("door/lock.rs", "use super::Door;\npub fn open() {}\n"),
        ],
        Some("src/door/lock.rs -> src/door.rs"),
    );
    let in_tests = "#[cfg(test)]\nmod tests {\n    use crate::door::Door;\n}\n";
    check(&[lib, ("door.rs", "use crate::wall::Wall;\n"), ("wall.rs", in_tests)], None);
}
