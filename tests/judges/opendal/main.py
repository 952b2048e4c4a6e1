"""The behaviour tests of OpenDAL's binding for Python, which are in its source package on PyPI, judge the local S3.

The Rust crate on crates.io has no tests since version 0.23: its behaviour tests are in its repository only.
"""

import os
import pathlib
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as xml

import files

VERSION = "0.47.12"
BUCKET = "tintype-variants"
FOLDER = pathlib.Path(os.environ["FOLDER"])


def tests():
    """The folder of the tests, from the source package."""
    package = f"opendal-{VERSION}"
    archive = FOLDER / f"{package}.tar.gz"
    if not archive.exists():
        get = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-binary", "opendal", f"opendal=={VERSION}"]
        subprocess.run([sys.executable, "-m", "pip", *get, "--dest", FOLDER], check=True)
    with tarfile.open(archive) as packed:
        packed.extractall(FOLDER, filter="data")
    return FOLDER / package / "bindings/python/tests"


def outcome(case):
    """Why a test has failed, or None. The second value is the reason why it was left out."""
    for child in case:
        if child.tag in ("failure", "error"):
            return " ".join((child.get("message") or "").split())[:300], None
        if child.tag == "skipped":
            return None, child.get("message")
    return None, None


def main():
    service = {
        "OPENDAL_TEST": "s3",
        "OPENDAL_S3_BUCKET": BUCKET,
        "OPENDAL_S3_ENDPOINT": os.environ["S3"],
        "OPENDAL_S3_REGION": os.environ["AWS_REGION"],
        "OPENDAL_S3_ACCESS_KEY_ID": os.environ["AWS_ACCESS_KEY_ID"],
        "OPENDAL_S3_SECRET_ACCESS_KEY": os.environ["AWS_SECRET_ACCESS_KEY"],
    }
    report = FOLDER / "report.xml"
    command = [sys.executable, "-B", "-m", "pytest", "--quiet", "-p", "no:cacheprovider", f"--junitxml={report}", str(tests())]
    subprocess.run(command, env=os.environ | service, check=False)
    cases = [(case, *outcome(case)) for case in xml.parse(report).iter("testcase")]
    names = lambda case: (case.get("classname").rpartition(".")[2], case.get("name"))
    left_out = [case for case, _, skipped in cases if skipped]
    results = [(names(case)[0], ".".join(names(case)), failure) for case, failure, skipped in cases if not skipped]
    tried = f"its tests over one bucket; {len(left_out)} are for services with other capabilities than S3's and run nowhere here"
    files.report(f"opendal {VERSION} (PyPI)", tried, results)


main()
