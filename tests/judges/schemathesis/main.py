"""Schemathesis judges the signer by `docs/openapi.json`, as `tests/openapi/generated.py` runs it, with more requests."""

import importlib.metadata
import os
import pathlib
import subprocess
import sys
import xml.etree.ElementTree

import files

OPENAPI = pathlib.Path(__file__).parents[2] / "openapi"
REPORT = pathlib.Path(os.environ["FOLDER"]) / "junit.xml"
EXAMPLES = 60


def failure(case):
    """The sentences of a case's failures and errors."""
    found = [one for kind in ("failure", "error") for one in case.findall(kind)]
    return " ".join(f"{one.get('message') or ''} {one.text or ''}" for one in found)[:1000] or None


options = ["--max-examples", str(EXAMPLES), "--report", "junit", "--report-junit-path", str(REPORT)]
REPORT.unlink(missing_ok=True)
subprocess.run([sys.executable, "-B", OPENAPI / "generated.py", *options], check=False)
cases = xml.etree.ElementTree.parse(REPORT).iter("testcase")
results = [("operations", case.get("name"), failure(case)) for case in cases]
version = importlib.metadata.version("schemathesis")
tried = f"every operation with its examples, its limits and {EXAMPLES} generated requests: statuses, media types, headers and bodies"
files.report(f"Schemathesis {version} (PyPI)", tried, results)
