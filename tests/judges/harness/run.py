"""Runs one judge: run.py NAME TINTYPE FOLDER COMMAND…

Starts a local stack with the program TINTYPE (`-` starts none) and runs COMMAND. COMMAND writes to the file RESULTS an
object with `judge` (name and version), `tried` (a sentence) and `results`: a list of objects with `group`, `name` and
`failure`, which is null for what has passed. Its other environment is that of `stack.local_stack`, and FOLDER, which it may
fill. The findings are compared with NAME.exceptions, and NAME.md is written. Fails if a finding has no exception, or an
exception no finding.
"""

import contextlib
import json
import os
import pathlib
import subprocess
import sys

import exceptions
import stack
import table

DEADLINE_SECONDS = 900

JUDGES = pathlib.Path(__file__).parents[1]


def judged(program, folder, command):
    """What the judge reports."""
    results = pathlib.Path(folder) / "results.json"
    results.unlink(missing_ok=True)
    around = contextlib.nullcontext(stack.owner_environment()) if program == "-" else stack.local_stack(program)
    with around as environment:
        environment = environment | {"RESULTS": str(results), "FOLDER": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        status = subprocess.run(command, env=environment, timeout=DEADLINE_SECONDS, check=False).returncode
    if status != 0 or not results.exists():
        sys.exit(f"the judge ended with status {status} and without a complete result")
    return json.loads(results.read_text())


def main():
    name, program, folder, *command = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    report = judged(program, folder, command)
    results = report["results"]
    if not results:
        sys.exit("the judge has tried nothing")
    findings = {result["name"]: result["failure"] for result in results if result["failure"]}
    reasons, unused = exceptions.explained(findings, exceptions.read(JUDGES / f"{name}.exceptions"))
    (JUDGES / f"{name}.md").write_text(table.text(name, report, reasons))
    failures = {finding: failure for finding, failure in findings.items() if finding not in reasons}
    for finding, failure in failures.items():
        print(f"FAILED {finding}: {failure}", file=sys.stderr)
    for one in unused:
        print(f"tests/judges/{name}.exceptions: '{one}' no longer occurs: remove it", file=sys.stderr)
    tried, passed, excepted, failed = table.counts(results, reasons)
    print(f"{name}: {tried} tried, {passed} passed, {excepted} excepted, {failed} failed")
    sys.exit(1 if failures or unused else 0)


main()
