"""`tintype serve`, and what its processes cost."""

import http.client
import json
import os
import pathlib
import subprocess
import threading
import time

TICKS = os.sysconf("SC_CLK_TCK")

# The deadline of a rendering (resize/src/edge/config.rs), and the time after it in which an answer may be late, before a request
# counts as unanswered. In seconds.
DEADLINE, PATIENCE = 20, 10


class Server:
    def __init__(self, program, storage, late):
        self.patience = DEADLINE + late + PATIENCE
        command = [program, "serve", "--listen", "127.0.0.1:0", "--originals", "originals", "--s3", storage.address]
        keys = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, env={"PATH": os.environ["PATH"], **keys})
        self.panics = []
        for line in self.process.stderr:
            record = json.loads(line)
            if "address" in record:
                self.address = record["address"]
                break
        else:
            raise RuntimeError("the server doesn't start")
        threading.Thread(target=self._read_log, daemon=True).start()
        self.connection = None

    def _read_log(self):
        for line in self.process.stderr:
            if b"panicked" in line or b"a defect" in line:
                self.panics.append(line.decode(errors="replace").strip())

    def ask(self, path):
        """Status and body of the answer, and the time that it took in seconds. The status is None without an answer."""
        start = time.monotonic()
        for is_first in (True, False):
            try:
                self.connection = self.connection or http.client.HTTPConnection(self.address, timeout=self.patience)
                self.connection.request("GET", path, headers={"accept": "image/avif,image/webp"})
                answer = self.connection.getresponse()
                return answer.status, answer.read(), time.monotonic() - start
            except (OSError, http.client.HTTPException):
                self.connection = None
                # An idle connection may be closed at any moment. A request that the server took is asked only once.
                if not is_first or time.monotonic() - start > 1 or not self.runs():
                    return None, b"", time.monotonic() - start

    def runs(self):
        return self.process.poll() is None

    def stop(self):
        self.process.terminate()
        self.process.wait(60)

    def workers(self):
        """The worker processes. One that is idle is there before the request that it answers."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task").iterdir()
        return [int(child) for task in tasks for child in read(task / "children").split()]

    def seconds(self):
        """Processor time of the server and of all its workers so far."""
        total = 0
        for pid in (self.process.pid, *self.workers()):
            fields = read(f"/proc/{pid}/stat").rpartition(") ")[2].split() or ["0"] * 15
            # utime, stime, and for the server those of workers that have ended (proc(5) counts from 1, state is field 3).
            total += sum(map(int, fields[11:15] if pid == self.process.pid else fields[11:13]))
        return total / TICKS


def read(path):
    """A file of /proc, empty if its process has ended."""
    try:
        return pathlib.Path(path).read_text()
    except OSError:
        return ""


def forget_peak(pid):
    """Lets the peak of a process begin at what it holds now, in bytes, and returns that."""
    try:
        pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")
    except OSError:
        return None
    return status_bytes(pid, "VmRSS")


def status_bytes(pid, name):
    lines = [line for line in read(f"/proc/{pid}/status").splitlines() if line.startswith(name)]
    return int(lines[0].split()[1]) << 10 if lines else None


def memory_limit(pid):
    """The limit of a worker's memory, which it sets for each job, in bytes. None without one."""
    lines = [line for line in read(f"/proc/{pid}/limits").splitlines() if line.startswith("Max data size")]
    value = lines[0].split()[3] if lines else "unlimited"
    return None if value == "unlimited" else int(value)
