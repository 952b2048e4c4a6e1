//! Mistakes around a local stack: a setting that nothing reads, a folder, a port or an address that is another's.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::Stdio;

use service::env::VARIABLES;
use tintype::local::READ_VARIABLES;

use super::run;
use crate::program::{Program, tintype};

/// What a stack prints on standard error until its addresses are printed, or until it ends with an error.
fn errors_of_a_start(variables: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut child = tintype(&["local", "--port", "0"])
        .current_dir(folder.path())
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The stack ends when the reader of its addresses has gone.
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    child.wait().unwrap();
    errors
}

#[test]
fn run_knows_every_option_of_the_stack() {
    let script = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../run")).unwrap();
    let help = run(&std::env::temp_dir(), &["local", "--help"]).out;
    let options: Vec<&str> = help.split([' ', ',', '\n']).filter(|word| word.starts_with("--")).collect();
    assert!(options.len() > 3, "{help}");
    for option in options.into_iter().filter(|option| *option != "--help") {
        assert!(script.contains(&format!("\n#   {option} ")), "{option}");
    }
}

#[test]
fn no_variable_is_ignored_without_a_word() {
    // No variable that is read accepts this value.
    for variable in READ_VARIABLES {
        let errors = errors_of_a_start(&[(variable.name, "?")]);
        assert!(errors.starts_with("tintype: ") && errors.contains(variable.name), "{errors}");
    }
    let is_ignored = |name: &&str| {
        name.starts_with("TINTYPE_") && READ_VARIABLES.iter().all(|variable| variable.name != *name)
    };
    let ignored = VARIABLES.iter().map(|variable| variable.name).filter(is_ignored);
    let misspelt = "TINTYPE_UPLOADS_TYPES";
    let variables: Vec<_> = ignored.chain([misspelt]).map(|name| (name, "?")).collect();
    assert!(variables.len() > 15, "{variables:?}");
    let errors = errors_of_a_start(&variables);
    for (name, _) in variables {
        assert!(errors.contains(&format!("{name} is set, but `tintype local` doesn't read it")), "{errors}");
    }
    assert_eq!(errors_of_a_start(&[("TINTYPE_UPLOAD_TYPES", "image/png")]), "");
}

#[test]
fn a_data_folder_that_can_t_be_used_is_refused_with_the_option_to_name_another() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    for data in ["file", "file/data", "/proc/data"] {
        let printed = run(folder.path(), &["local", "--port", "0", "--data", data]);
        assert_eq!((printed.status, printed.out.as_str()), (1, ""));
        assert!(
            printed.err.starts_with(&format!("tintype: the data folder {data} can't be used: ")),
            "{}",
            printed.err
        );
        assert!(printed.err.ends_with("; name another folder with --data\n"), "{}", printed.err);
    }
}

#[test]
fn a_port_of_another_program_is_refused_with_the_option_to_name_another() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().min(65_533).to_string();
    let printed = run(folder.path(), &["local", "--port", &port]);
    assert_eq!((printed.status, printed.out.as_str()), (1, ""));
    assert!(
        printed.err.contains("name another first one with --port, or free ones with --port 0"),
        "{}",
        printed.err
    );
}

#[test]
fn the_address_of_another_server_is_refused_with_the_option_to_name_the_right_one() {
    let folder = tempfile::tempdir().unwrap();
    let stack = Program::start(&folder.path().join("data"));
    fs::write(folder.path().join("cat.png"), b"\x89PNG\r\n\x1a\n").unwrap();
    let printed = run(folder.path(), &["upload", "--signer", &stack.s3, "cat.png"]);
    assert_eq!(
        printed.err,
        "tintype: cat.png: the answer is not a signer's, but status 501: NotImplemented (Unknown operation); name the \
         signer with --signer\n"
    );
    let printed = run(folder.path(), &["doctor", "--url", &stack.s3]);
    assert_eq!(printed.out.lines().count(), 1, "{}", printed.out);
    assert!(printed.out.contains("is this a Tintype? Name the URL"), "{}", printed.out);
    let printed = run(folder.path(), &["doctor", "--url", &stack.edge, "--session", "abc"]);
    assert!(printed.out.contains("status 403: the session can't be read; use --session"), "{}", printed.out);
}

#[test]
fn a_number_that_can_t_be_read_is_refused_with_its_range() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, expected) in [
        (["local", "--port", "http"], "from 0 to 65533"),
        (["local", "--port", "65534"], "from 0 to 65533"),
        (["local", "--port", "-1"], "from 0 to 65533"),
        (["doctor", "--seconds", "1m"], "from 0 to 4294967295"),
        (["upload", "--seconds", "1m"], "from 0 to 4294967295"),
        (["session", "--seconds", "1h"], "from 1 to 4294967295"),
        (["session", "--max-bytes", "10MB"], "from 1 to 18446744073709551615"),
        (["session", "--max-files", "0"], "from 1 to 18446744073709551615"),
    ] {
        let printed = run(folder.path(), &arguments);
        assert_eq!(printed.status, 2, "{arguments:?}");
        let expected = format!("it is not a whole number {expected}");
        assert!(printed.err.contains(&expected), "{}", printed.err);
    }
}
