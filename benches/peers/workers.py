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


def commands(tintype):
    """The command of each peer. `tintype` is the path of Tintype's worker."""
    python = [sys.executable, str(HERE / "python_worker.py")]
    return {
        BASE: ["node", str(HERE / "sharp_worker.mjs")],
        OURS: [tintype],
        CONTROL: [tintype],
        "libvips": [*python, "vips"],
        "Pillow": [*python, "pillow"],
    }


class Worker:
    """A running peer, pinned to one core."""

    def __init__(self, command, core):
        environment = {**os.environ, "VIPS_CONCURRENCY": "1"}
        self.process = subprocess.Popen(
            ["taskset", "--cpu-list", str(core), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self.greeting = self._read()

    def ask(self, job):
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        return self._read()

    def peak_kb(self):
        """The peak memory in KiB of this program alone, without the memory of the process before `exec`."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s*(\d+)", status).group(1))

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def _read(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"error: a worker ended: {self.process.args}")
        return json.loads(line)
