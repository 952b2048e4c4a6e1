"""The peers as processes. Each reads a job per line and writes a result per line."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

# The strongest peer, with which the others are compared.
BASE = "sharp"
OURS = "tintype"
CONTROL = "tintype again"
OXIMG = "oximg"
LIBVIPS = "libvips"
PILLOW = "Pillow"


def commands(programs):
    """The command of each peer. `programs` holds the paths of those that `./bench` built."""
    python = [sys.executable, str(HERE / "python_worker.py")]
    return {
        BASE: ["node", str(HERE / "sharp_worker.mjs")],
        OURS: [programs.worker],
        CONTROL: [programs.worker],
        OXIMG: [programs.oximg_worker, version_of(programs.oximg)],
        LIBVIPS: [*python, "vips"],
        PILLOW: [*python, "pillow"],
    }


def version_of(program):
    printed = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return printed.split()[-1]


class Process:
    """A running program that answers each line with a line, pinned to one core."""

    def __init__(self, command, core, variables=None):
        # libvips gets one thread. oximg gets no second thread, which would share the core, and the same limit of pixels
        # as ours.
        environment = {**os.environ, "VIPS_CONCURRENCY": "1", "OXIMG_OVERLAP": "0", "OXIMG_MAX_SRC_PIXELS": "100000000", **(variables or {})}
        self.process = subprocess.Popen(
            ["taskset", "--cpu-list", str(core), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def ask(self, question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return self._read()

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def _read(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"error: a worker ended: {self.process.args}")
        return json.loads(line)


class Worker(Process):
    """A running peer. Its first line contains its version."""

    def __init__(self, command, core, variables=None):
        super().__init__(command, core, variables)
        self.greeting = self._read()

    def peak_kb(self):
        """The peak memory in KiB of this program alone, without the memory of the process before `exec`."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s*(\d+)", status).group(1))
