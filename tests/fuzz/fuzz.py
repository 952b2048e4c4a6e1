"""Damaged files of one format, asked for as viewers ask: of `tintype serve`, whose workers decode them."""

import argparse
import collections
import hashlib
import pathlib
import random
import sys
import time

from mutation import damaged
from seeds import FORMATS, seeds
from server import DEADLINE, Server, forget_peak, memory_limit, status_bytes
from storage import Storage

QUERIES = ("w=64&fm=png", "w=640&fm=jpeg", "w=256&fm=webp", "w=1280", "fm=json", "w=64&fm=gif", "w=320&fm=avif")

# What a worker may take besides the predicted memory (resize/src/edge/render_service/worker.rs, isolation/src/limiter.rs): a job's
# working memory, and the process itself. For a drawing, each byte of its text counts as well.
WORKING_BYTES, OWN_BYTES, TREE_BYTES_PER_BYTE = 256 << 20, 64 << 20, 16

# What a decoder takes that doesn't depend on the file: its code that is paged in, its threads' arenas and its tables.
FIXED_BYTES = 32 << 20


class Run:
    def __init__(self, program, format, seed, late):
        self.format, self.seed, self.late = format, seed, late
        self.files = seeds(format)
        self.storage = Storage()
        self.server = Server(program, self.storage, late)
        self.statuses, self.failures = collections.Counter(), []
        self.most = {"processor seconds": 0.0, "seconds": 0.0, "MiB of a worker": 0}

    def one(self, number):
        """Asks for a variant of damaged file `number`."""
        chance = random.Random(f"{self.format} {self.seed} {number}")
        file = damaged(self.files, self.format, chance)
        name, query = hashlib.sha256(file).hexdigest()[:16], chance.choice(QUERIES)
        path = f"/files/{name}/x.{self.format}"
        self.storage.files.clear()
        self.storage.files[f"/originals{path}"] = file
        worker = self.server.worker()
        before = forget_peak(worker) if worker else None
        cost = self.server.seconds()
        status, body, seconds = self.server.ask(f"{path}?{query}")
        cost = self.server.seconds() - cost
        self.statuses[status] += 1
        self.note("processor seconds", round(cost, 2))
        self.note("seconds", round(seconds, 2))
        fail = lambda sentence: self.failures.append(f"{number}: {len(file)} bytes, {query}: {sentence}")
        if status is None:
            fail("no answer")
        elif status >= 500 and status != 504:
            fail(f"{status} {body[:200]!r}")
        elif seconds > DEADLINE + self.late:
            fail(f"answered after {seconds:.1f} s")
        if before is not None and worker == self.server.worker():
            self.check_memory(file, worker, before, fail)
        if not self.server.runs():
            raise SystemExit(f"file {number} ended the server")

    def check_memory(self, file, worker, before, fail):
        """Compares what the worker took with its limit, which it sets to the predicted memory and what it needs besides."""
        taken, limit = status_bytes(worker, "VmHWM"), memory_limit(worker)
        if taken is None or limit is None:
            return
        taken -= before
        self.note("MiB of a worker", taken >> 20)
        drawing = TREE_BYTES_PER_BYTE * len(file) if self.format == "svg" else 0
        predicted = max(limit - WORKING_BYTES - OWN_BYTES - drawing, 0)
        if taken > predicted * 5 // 4 + drawing + FIXED_BYTES:
            fail(f"{taken >> 20} MiB, predicted {predicted >> 20} MiB")

    def note(self, name, value):
        self.most[name] = max(self.most[name], value)

    def report(self, seconds, count):
        self.failures += [f"log: {line}" for line in self.server.panics]
        statuses = ", ".join(f"{number} × {status or 'none'}" for status, number in sorted(self.statuses.items(), key=str))
        most = ", ".join(f"{value} {name}" for name, value in self.most.items())
        print(f"{self.format}: {count} files in {seconds:.0f} s from {len(self.files)} seeds, seed {self.seed}: {statuses}; at most {most}")
        for failure in self.failures[:50]:
            print(f"  {failure}")
        return len(self.failures)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("format", choices=FORMATS)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--program", required=True)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--files", type=int, default=sys.maxsize)
    parser.add_argument("--only", type=int, help="the number of a file")
    parser.add_argument("--save", type=pathlib.Path, help="where to write the file of --only")
    parser.add_argument("--late", type=float, default=1, help="seconds after the deadline in which an answer is accepted")
    arguments = parser.parse_args()
    run, start = Run(arguments.program, arguments.format, arguments.seed, arguments.late), time.monotonic()
    first = arguments.only or 0
    count = 0
    try:
        while count < (1 if arguments.only is not None else arguments.files) and time.monotonic() - start < arguments.seconds:
            run.one(first + count)
            count += 1
        if arguments.save:
            arguments.save.write_bytes(*run.storage.files.values())
    finally:
        failures = run.report(time.monotonic() - start, count)
        run.server.stop()
    sys.exit(1 if failures else 0)


main()
