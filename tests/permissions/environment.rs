//! The environment variables of the functions, both ways: each program starts with the variables of the template alone, and reads each
//! of them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::process::Command;

use serde_json::Value;

use crate::deployment::template::Template;

/// Names the program that a process of this test starts.
const PROGRAM: &str = "PROGRAM";

/// Lambda sets these itself.
const BY_LAMBDA: [(&str, &str); 3] =
    [("AWS_REGION", "us-east-1"), ("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "secret")];

type Environment = BTreeMap<String, OsString>;

#[test]
fn every_program_starts_with_its_variables_and_reads_all_of_them() {
    let mut failures = Vec::new();
    for template in [Template::complete(), Template::with_every_variable()] {
        for (program, variables) in functions(&template) {
            if let Err(output) = start(&program, &variables) {
                failures.push(format!("{program} doesn't start with {variables:?}: {output}"));
            }
            for name in variables.keys() {
                let mut variables = variables.clone();
                // A program that reads the variable refuses a value that isn't UTF-8.
                variables.insert(name.clone(), OsString::from_vec(vec![0xff]));
                let expected = format!("the environment variable {name} is not UTF-8");
                if !start(&program, &variables).is_err_and(|output| output.contains(&expected)) {
                    failures.push(format!("{program} doesn't read {name}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The functions of a template, each with its variables. Secrets have values instead of ARNs.
fn functions(template: &Template) -> BTreeMap<String, Environment> {
    let account = template.in_local_account();
    let mut functions = BTreeMap::new();
    for (id, function) in account.of_type("AWS::Lambda::Function") {
        let variables = account.resolve(&function["Environment"]["Variables"]).unwrap();
        if function["Runtime"] != "provided.al2023" {
            assert_eq!(variables, Value::Null, "{id} is none of these programs");
            continue;
        }
        let value = |(name, value): (&String, &Value)| {
            let value = match value.as_str().unwrap() {
                // The tests are built without TLS.
                "https://app.example.com/hook" => "http://app.example.com/hook",
                value if !value.starts_with("arn:aws:secretsmanager:") => value,
                _ if name == "TINTYPE_WEBHOOK_SECRET" => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                _ => "0123456789abcdef0123456789abcdef",
            };
            (name.clone(), OsString::from(value))
        };
        let variables = variables.as_object().unwrap().iter().map(value).collect();
        let (program, _) = id.split_once("Function").unwrap();
        functions.insert(program.to_owned(), variables);
    }
    functions
}

/// Starts a program in an environment, up to the point where it would wait for requests. Returns the output if it fails.
fn start(program: &str, variables: &Environment) -> Result<(), String> {
    let name = "permissions::environment::the_program_of_this_process_starts";
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env_clear()
        .envs(BY_LAMBDA)
        .envs(variables)
        .env(PROGRAM, program)
        .output()
        .unwrap();
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("running 1 test"), "{text}");
    if output.status.success() { Ok(()) } else { Err(text) }
}

/// Does nothing but in a process that [`start`] starts.
#[tokio::test]
async fn the_program_of_this_process_starts() {
    let Ok(program) = std::env::var(PROGRAM) else { return };
    match program.as_str() {
        "DeliveryResize" => {
            let policy = cdn_config::policy::Policy::built_in();
            resize::edge::config::StoreConfig::from_env(policy.keep)
                .unwrap_or_else(|error| panic!("{error}"));
            resize::edge::config::Config::from_env(&policy).unwrap_or_else(|error| panic!("{error}"));
        }
        "DeliveryUpkeep" => {
            drop(resize::edge::upkeep::Upkeep::from_env().unwrap_or_else(|error| panic!("{error}")));
        }
        "LibraryKeeper" => {
            drop(
                resize::edge::library_keeper::LibraryKeeper::from_env()
                    .unwrap_or_else(|error| panic!("{error}")),
            );
        }
        "UploadSigner" => {
            drop(upload_signer::config::from_env().await.unwrap_or_else(|error| panic!("{error}")));
        }
        "UploadFinalizer" => {
            drop(upload_signer::config::finalizer_from_env().unwrap_or_else(|error| panic!("{error}")));
        }
        "VideoTrigger" => {
            drop(transcode_trigger::edge::config::from_env().unwrap_or_else(|error| panic!("{error}")));
        }
        "WebhookNotifier" => {
            drop(upload_signer::config::notifier_from_env().await.unwrap_or_else(|error| panic!("{error}")));
        }
        _ => panic!("there is no program {program}"),
    }
}
