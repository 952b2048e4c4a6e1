"""The files of a release, made once for all tests from a program that is built already: TINTYPE names it."""

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = os.environ["TINTYPE"]


def run(*command: object) -> str:
    """What a command prints. Fails with all of it if the command fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def release(folder: Path, program: str) -> None:
    run(ROOT / "scripts/release", "--program", program, "--output", folder)


@functools.cache
def files() -> Path:
    """The folder of the release's files."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    release(folder, PROGRAM)
    return folder
