"""The end-to-end suite of the s3s project judges the local S3."""

import json
import os
import pathlib
import subprocess

import files

VERSION = "0.14.1"
FOLDER = pathlib.Path(os.environ["FOLDER"])


def program():
    """The suite, which is a program: built from crates.io, with the packages of its own lock file."""
    built = FOLDER / "bin/s3s-e2e"
    install = ["cargo", "install", "--quiet", "s3s-e2e", "--version", VERSION, "--locked", "--debug", "--no-track"]
    if not built.exists():
        subprocess.run([*install, "--root", FOLDER, "--target-dir", f"{os.environ['TARGET']}/judges/target"], check=True)
    return built


def failure(run):
    """Why a test, or the preparation of its bucket, has failed, or None."""
    match run and run["result"]:
        case None | "Ok":
            return None
        case {"Err": reason}:
            return " ".join(reason.split())[:300]
        case other:
            return str(other)


def results(report):
    for suite in report["suites"]:
        for fixture in suite["fixtures"]:
            name = f"{suite['name']}/{fixture['name']}"
            for when in ("setup", "teardown"):
                if fixture[when] and failure(fixture[when]):
                    yield suite["name"], f"{name}/{when}", failure(fixture[when])
            for case in fixture["cases"]:
                reason = failure(case["run"]) or (None if case["passed"] else "it did not run")
                yield suite["name"], f"{name}/{case['name']}", reason


def main():
    report = FOLDER / "report.json"
    report.unlink(missing_ok=True)
    # It creates its own buckets.
    account = {"AWS_ENDPOINT_URL": os.environ["S3"], "RUST_LOG": "off"}
    subprocess.run([program(), "--json", report], env=os.environ | account, stdout=subprocess.DEVNULL, check=False)
    listed = list(results(json.loads(report.read_text())))
    files.report(f"s3s-e2e {VERSION} (crates.io)", "its cases, in buckets that it creates and removes", listed)


main()
