"""Sends requests that Schemathesis makes of the document to a running stack (EDGE). Every answer must be one that the document
describes, and none a 5xx. The requests are the same in each run. Arguments are passed on to Schemathesis."""

import os
import subprocess
import sys
import tempfile

from document import FILE

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]

command = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run", str(FILE)]
command += ["--url", os.environ["EDGE"], "--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing"]
# There is no time limit for one example, because a busy machine would exceed it.
command += ["--max-examples", "15", "--generation-deterministic", "--suppress-health-check", "all"]
command += ["--request-timeout", "60", "--continue-on-failure", "--no-color", *sys.argv[1:]]
# Schemathesis leaves a folder where it runs.
with tempfile.TemporaryDirectory() as folder:
    sys.exit(subprocess.run(command, cwd=folder, check=False).returncode)
