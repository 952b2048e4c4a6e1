"""Damaged files of one format, asked for as viewers ask: of `tintype serve`, whose workers decode them."""

import argparse
import collections
import hashlib
import pathlib
import random
import sys
import time

from mutation import damaged
from record import record
from seeds import FORMATS, seeds
from server import DEADLINE, Server, forget_peak, memory_limit, status_bytes
from storage import Storage

# A large AVIF, which drawings are enlarged to, costs more than all others, so it is rare.
QUERIES = ("w=64&fm=png", "w=640&fm=jpeg", "w=256&fm=webp", "fm=json", "w=64&fm=gif", "w=320&fm=avif") * 4 + ("w=1280",)

# What a worker may take besides the predicted memory (resize/src/edge/render_service/worker.rs, isolation/src/limiter.rs): a job's
# working memory, and the process itself. For a drawing and a document, each byte of the file counts as well. Half of a document's
# working memory is predicted: that of its objects (resize/src/plan/memory.rs).
WORKING_BYTES, OWN_BYTES, BYTES_PER_BYTE, DOCUMENT_BYTES = 256 << 20, 64 << 20, {"svg": 16, "pdf": 2}, 128 << 20

# What a file may cost in the server and its worker together, besides 10 ns for each byte of predicted memory.
PROCESSOR_SECONDS, DOCUMENT_SECONDS, SECONDS_PER_BYTE = 2, 3.5, 1e-8

# What a decoder takes that doesn't depend on the file: its code that is paged in, its threads' arenas and its tables.
FIXED_BYTES = 32 << 20

# What the buffers of any drawing may take besides its pixels (resize/src/decode/svg/cost.rs): filters, outlines and dashes.
DRAWING_BYTES = 128_000_000

# The formats that the server decodes itself. A panic of a worker is answered with 415, one of the server is a failure.
DECODED_BY_SERVER = ("jpeg", "png")


class Run:
    def __init__(self, program, format, seed, late):
        self.format, self.seed, self.late = format, seed, late
        self.files = seeds(format)
        self.storage = Storage()
        self.server = Server(program, self.storage, late)
        self.statuses, self.failures, self.late_files = collections.Counter(), [], []
        self.most = {"processor seconds": 0.0, "seconds": 0.0, "MiB of a worker": 0}

    def check_seeds(self):
        """Every file is a picture before it is damaged. Otherwise the damage would show nothing."""
        for number, file in enumerate(self.files):
            status, body, _ = self.server.ask(f"{self.store(file)}?w=64&fm=png")
            if status != 200:
                raise SystemExit(f"undamaged file {number} gets {status} {body[:200]!r}")

    def store(self, file):
        """The path of a file, which is the only one in the storage from now on."""
        path = f"/files/{hashlib.sha256(file).hexdigest()[:16]}/x.{self.format}"
        self.storage.files.clear()
        self.storage.files[f"/originals{path}"] = file
        return path

    def file(self, number):
        """Damaged file `number`, and the query of its variant."""
        chance = random.Random(f"{self.format} {self.seed} {number}")
        return damaged(self.files, self.format, chance), chance.choice(QUERIES)

    def one(self, number):
        """Asks for a variant of damaged file `number`."""
        file, query = self.file(number)
        path = self.store(file)
        workers = self.server.workers()
        before = {worker: forget_peak(worker) for worker in workers}
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
        elif status == 504 or seconds > DEADLINE + self.late:
            self.late_files.append(number)
        predicted = 0
        for worker in set(workers).intersection(self.server.workers()):
            predicted = max(predicted, self.check_memory(file, worker, before[worker], fail))
        if cost > (DOCUMENT_SECONDS if self.format == "pdf" else PROCESSOR_SECONDS) + SECONDS_PER_BYTE * predicted:
            fail(f"{cost:.1f} s of processor time")
        if not self.server.runs():
            raise SystemExit(f"file {number} ended the server")

    def ask_again(self):
        """Late files may have waited for the machine's other work. One that is late three times more is a failure."""
        for number in self.late_files:
            file, query = self.file(number)
            path = self.store(file)
            answers = [self.server.ask(f"{path}?{query}") for _ in range(3)]
            if all(status in (None, 504) or seconds > DEADLINE + self.late for status, _, seconds in answers):
                self.failures.append(f"{number}: {len(file)} bytes, {query}: four times late, at last {answers[-1][2]:.1f} s")

    def check_memory(self, file, worker, before, fail):
        """Compares what the worker took with its limit, which it sets to the predicted memory and what it needs besides. Returns what
        is predicted for pixels, in bytes."""
        taken, limit = status_bytes(worker, "VmHWM"), memory_limit(worker)
        if None in (before, taken, limit):
            return 0
        taken -= before
        self.note("MiB of a worker", taken >> 20)
        drawing = BYTES_PER_BYTE.get(self.format, 0) * len(file)
        document = DOCUMENT_BYTES if self.format == "pdf" else 0
        predicted = max(limit - (WORKING_BYTES - document) - OWN_BYTES - drawing, 0)
        buffers = DRAWING_BYTES if self.format == "svg" else FIXED_BYTES
        if taken > predicted * 5 // 4 + drawing + buffers:
            fail(f"{taken >> 20} MiB, predicted {predicted >> 20} MiB")
        return predicted - document

    def note(self, name, value):
        self.most[name] = max(self.most[name], value)

    def report(self, seconds, count):
        """Prints the result, and returns its row in the table."""
        panics = self.server.panics
        if self.format in DECODED_BY_SERVER:
            self.failures += [f"log: {line}" for line in panics]
        statuses = ", ".join(f"{number} × {status or 'none'}" for status, number in sorted(self.statuses.items(), key=str))
        most = ", ".join(f"{value} {name}" for name, value in self.most.items())
        late = f"; {len(self.late_files)} late" if self.late_files else ""
        late += f"; {len(panics)} panics" if panics else ""
        print(f"{self.format}: {count} files in {seconds:.0f} s from {len(self.files)} seeds, seed {self.seed}: {statuses}{late}; at most {most}")
        for failure in self.failures[:50]:
            print(f"  {failure}")
        figures = dict(zip(("processor s", "s", "MiB"), self.most.values()))
        row = {"format": self.format, "seconds": round(seconds), "files": count, "statuses": statuses, "seed": self.seed}
        return row | {"late": len(self.late_files), "panics": len(panics), "failures": len(self.failures)} | figures


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
    parser.add_argument("--record", action="store_true", help="write the result to tests/judges/fuzz.md")
    arguments = parser.parse_args()
    run = Run(arguments.program, arguments.format, arguments.seed, arguments.late)
    first, count = arguments.only or 0, 0
    files = 1 if arguments.only is not None else arguments.files
    if arguments.save:
        arguments.save.write_bytes(run.file(first)[0])
    start = time.monotonic()
    try:
        run.check_seeds()
        while count < files and time.monotonic() - start < arguments.seconds:
            run.one(first + count)
            count += 1
        run.ask_again()
    finally:
        row = run.report(time.monotonic() - start, count)
        run.server.stop()
    if arguments.record:
        record(row)
    sys.exit(1 if row["failures"] else 0)


if __name__ == "__main__":
    main()
