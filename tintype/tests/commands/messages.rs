//! Mistakes at the command line: each message says what to do.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use super::{CommandOutput, run};
use crate::program::{Program, tintype};

/// The built-in policy.
const POLICY: &str = include_str!("../../../cdn-config/policy.json");

#[test]
fn signing_outside_the_folder_of_a_stack_fails_and_creates_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["sign", "/private/1/a.jpg"][..], &["session", "--owner", "alice"]] {
        let printed = run(folder.path(), arguments);
        assert_eq!((printed.status, printed.out.as_str()), (1, ""), "{arguments:?}");
        let data = folder.path().join("data");
        assert!(printed.err.contains(data.to_str().unwrap()), "{}", printed.err);
        assert!(printed.err.contains("--data"), "{}", printed.err);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{arguments:?}");
    }
}

#[test]
fn doctor_reports_a_stack_that_is_down_once() {
    let folder = tempfile::tempdir().unwrap();
    let printed = run(folder.path(), &["doctor", "--url", "http://127.0.0.1:9"]);
    assert_eq!(printed.status, 1);
    assert_eq!(printed.out.lines().count(), 1, "{}", printed.out);
    assert!(printed.out.contains("nothing answers at http://127.0.0.1:9 ("), "{}", printed.out);
    assert!(printed.out.contains("`tintype local`") && printed.out.contains("--url"), "{}", printed.out);
    assert_eq!(printed.err, "tintype: 1 check failed\n");
    for (url, expected) in [
        ("localhost:8080", "write http://localhost:8080"),
        ("https://cdn.example.com/files", "it has the path /files; write https://cdn.example.com"),
    ] {
        let printed = run(folder.path(), &["doctor", "--url", url]);
        assert_eq!(printed.status, 2);
        assert!(printed.err.contains(expected), "{}", printed.err);
    }
}

#[test]
fn the_help_of_run_lists_every_command_of_the_program() {
    let program = run(&std::env::temp_dir(), &["--help"]).out;
    let (_, commands) = program.split_once("Commands:\n").unwrap();
    // The lines of a long description begin with more spaces.
    let lines = commands.lines().take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let names: Vec<&str> = names.filter(|name| !matches!(*name, "" | "local" | "help")).collect();
    assert!(names.contains(&"upload"), "{program}");
    let script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../run")).arg("--help").output().unwrap();
    let help = String::from_utf8(script.stdout).unwrap();
    let is_word = |name: &str| help.split([' ', ',', '\n']).any(|word| word == name);
    assert!(names.iter().all(|name| is_word(name)), "{names:?}: {help}");
}

#[test]
fn the_version_names_the_program_and_its_commit() {
    let printed = run(&std::env::temp_dir(), &["--version"]);
    let version = printed.out.strip_prefix("tintype ").unwrap().trim_end();
    assert!(version.starts_with(env!("CARGO_PKG_VERSION")), "{version}");
    let commit = version.split_once(" (").map(|(_, commit)| commit.trim_end_matches(')'));
    // A source archive has no commit.
    assert!(commit.is_none_or(|commit| commit.bytes().all(|byte| byte.is_ascii_hexdigit())), "{version}");
}

#[test]
fn a_policy_is_explained_or_refused_at_a_member_and_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let check = |content: &str| {
        fs::write(folder.path().join("policy.json"), content).unwrap();
        run(folder.path(), &["check-policy", "policy.json"])
    };
    let printed = check(POLICY);
    assert_eq!((printed.status, printed.err.as_str()), (0, ""));
    assert!(printed.out.starts_with("policy.json is a policy.\n"), "{}", printed.out);
    assert!(
        printed.out.contains("* sizes ") && printed.out.contains("variants of a source"),
        "{}",
        printed.out
    );
    for (content, expected) in [
        ("{}", "policy.json: policy: unsigned: it is required but missing\n"),
        (
            "{\n  \"unsigned\": 1\n}",
            "policy.json: policy: unsigned: it has the wrong type (line 2, column 15)\n",
        ),
        ("{,}", "policy.json: policy: it is not JSON: key must be a string (line 1, column 2)\n"),
    ] {
        let printed = check(content);
        assert_eq!((printed.status, printed.out.as_str()), (1, ""), "{content}");
        assert!(printed.err.starts_with(&format!("tintype: {expected}")), "{}", printed.err);
    }
    let printed = run(folder.path(), &["check-policy", "none.json"]);
    assert!(printed.err.starts_with("tintype: the policy none.json can't be read: "), "{}", printed.err);
}

/// Runs `tintype local` with an environment variable that prevents its start.
fn local_with(name: &str, value: &str) -> CommandOutput {
    let folder = tempfile::tempdir().unwrap();
    let mut command = tintype(&["local", "--port", "0"]);
    let output = command.current_dir(folder.path()).env(name, value).output().unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{name}: the data folder is created");
    output.into()
}

#[test]
fn an_unusable_setting_is_an_error_at_the_start() {
    for (name, value, expected) in [
        ("TINTYPE_LOG", "verbose", "'verbose' is none of the levels error, warn, info, debug, trace and off"),
        ("TINTYPE_SCAN_COMMAND", "no-such-scanner -", "there is no program 'no-such-scanner'"),
        ("TINTYPE_SCAN_COMMAND", "/no/such/scanner", "there is no program '/no/such/scanner'"),
        ("TINTYPE_UPLOAD_TYPES", "png", "'png': it is not a media type such as image/png or image/*"),
        ("TINTYPE_UPLOAD_MAX_BYTES", "10MB", "'10MB' is not a whole number from 1 to 5497558138880"),
    ] {
        let printed = local_with(name, value);
        assert_eq!((printed.status, printed.out.as_str()), (1, ""), "{name}={value}");
        assert!(printed.err.starts_with(&format!("tintype: {name}: ")), "{}", printed.err);
        assert!(printed.err.contains(expected), "{}", printed.err);
        assert_eq!(printed.err.lines().count(), 1, "{}", printed.err);
    }
}

#[test]
fn a_second_stack_in_the_same_data_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let _first = Program::start(&data);
    let printed = run(folder.path(), &["local", "--port", "0"]);
    assert_eq!((printed.status, printed.out.as_str()), (1, ""));
    let expected = "another tintype uses the data folder ./data; stop it, or name another folder with --data";
    assert_eq!(printed.err, format!("tintype: {expected}\n"));
}

#[test]
fn a_stack_ends_without_an_error_when_the_reader_of_its_addresses_closes_the_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = tintype(&["local", "--port", "0"]);
    command
        .current_dir(folder.path())
        .env("TINTYPE_LOG", "off")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "Tintype is running.\n");
    drop(output);
    let mut error = String::new();
    child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert_eq!((child.wait().unwrap().code(), error.as_str()), (Some(0), ""));
}

/// In a checkout, `./run` starts the program, and `tintype` isn't in the path.
#[test]
fn the_stack_names_its_commands_as_it_was_started() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = tintype(&["local", "--port", "0", "--data"]);
    command.arg0("./run").arg(folder.path()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let text = lines.take_while(|line| !line.starts_with("Ctrl-C")).collect::<Vec<_>>().join("\n");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(text.contains("/uploads, or `./run upload FILE`\n"), "{text}");
    assert!(text.contains("/signed-urls, or `./run sign URL`"), "{text}");
}

#[test]
fn an_unusable_option_is_refused_with_a_valid_example() {
    let serve = ["serve", "--originals", "a"];
    let session = ["session", "--owner"];
    for (command, arguments, expected) in [
        (&serve[..], &["--listen", "http"][..], "neither a port such as 8080 nor an address and port"),
        (&serve, &["--metrics-listen", "a:b"], "neither a port such as 8080 nor an address and port"),
        (&serve, &["--max-connections", "0"], "it is not a whole number from 1 to 1048576"),
        (&serve, &["--s3", "localhost:9000"], "write http://localhost:9000"),
        (&session, &[""], "it has 0 bytes, but must have 1 to 255"),
        (&session, &["a", "--type", "png"], "'png' is not a media type such as image/png or image/*"),
        (&session, &["a", "--seconds", "0"], "it is not a whole number from 1 to 4294967295"),
        (
            &["sign", "/files/1/a.jpg"],
            &["--expires", "1h"],
            "such as 1800000000, nor seconds from now, such as +3600",
        ),
        (&["doctor"], &["--origin", "www.example.com"], "write https://www.example.com"),
        (&["doctor"], &["--session", "a", "--token", "b"], "cannot be used with"),
        (&["local"], &["--port", "99999"], "it is not a whole number from 0 to 65533"),
        (&["upload"], &[], "<FILE>"),
    ] {
        let printed = run(&std::env::temp_dir(), &[command, arguments].concat());
        assert_eq!((printed.status, printed.out.as_str()), (2, ""), "{command:?} {arguments:?}");
        assert!(printed.err.contains(expected), "{}", printed.err);
    }
}
