"""The memory of `tintype serve` under load: four clients for each of its places, all formats in turn."""

import os
import re
import threading
import time
from pathlib import Path

import load

CLIENTS = 4 * os.cpu_count()
SAMPLE_SECONDS = 0.25


def measure(server, paths, seconds):
    """Resident memory in MiB before, after the first third, at the end and at the peak of the load."""
    idle = resident_mib(server.process.pid)
    samples, stop = [], threading.Event()

    def watch():
        while not stop.wait(SAMPLE_SECONDS):
            samples.append(resident_mib(server.process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun = time.monotonic()
    # More requests than the server can answer in the time, so that the time limit ends the load.
    answers = load.run(server.port, repeated(paths, int(seconds * 2000)), CLIENTS, seconds)
    stop.set()
    watcher.join()
    return {
        "clients": CLIENTS,
        "seconds": time.monotonic() - begun,
        "requests": len(answers.latencies),
        "failures": len(answers.failures),
        "idle_mib": idle,
        "first_mib": samples[len(samples) // 3],
        "last_mib": samples[-1],
        "peak_mib": max(samples),
        "samples_mib": samples,
    }


def repeated(paths, count):
    return (paths[number % len(paths)] for number in range(count))


def resident_mib(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s*(\d+)", status).group(1)) / 1024
