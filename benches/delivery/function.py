"""A running function: a packaged program, or DIT's way with sharp."""

import os
import pathlib
import subprocess
import time

import invocation
from server import Server

PEERS = pathlib.Path(__file__).parent.parent / "peers"


class Function:
    """A program with its own S3 and Runtime API. It runs on the last processor, the servers on the others."""

    def __init__(self, command, objects, variables=()):
        self.server = Server(objects)
        environment = {
            "AWS_LAMBDA_RUNTIME_API": self.server.address,
            "AWS_LAMBDA_FUNCTION_NAME": "resize",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
            "AWS_LAMBDA_LOG_GROUP_NAME": "log",
            "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "TINTYPE_S3_ENDPOINT": f"http://{self.server.address}",
            "TINTYPE_ORIGINALS_BUCKET": "originals",
            "TINTYPE_VARIANTS_BUCKET": "variants",
            "TINTYPE_LOG": "warn",
            "PATH": os.environ["PATH"],
            **dict(variables),
        }
        self.process = subprocess.Popen(command, cwd=PEERS, env=environment, preexec_fn=prepare)

    def call(self, path):
        """Renders a variant, and returns what the call took."""
        self.server.calls.clear()
        before, start = self.processor_s(), time.perf_counter()
        self.server.events.put(invocation.event(path))
        picture_at, end, answered, body = self.server.answers.get(timeout=60)
        processor = self.processor_s() - before
        if not answered.endswith("/response") or b'"statusCode":200' not in body.replace(b" ", b"")[:300]:
            raise SystemExit(f"error: {self.process.args[0]} failed: {answered} {body[:500]!r}")
        calls = list(self.server.calls)
        return {
            "viewer_ms": (picture_at - start) * 1e3,
            "billed_ms": (end - start) * 1e3,
            "processor_ms": processor * 1e3,
            "gets": sum(kind == "GET" for kind, _, _ in calls),
            "heads": sum(kind == "HEAD" for kind, _, _ in calls),
            "puts": sum(kind == "PUT" for kind, _, _ in calls),
            "read_bytes": sum(size for kind, _, size in calls if kind == "GET"),
            "answer_bytes": len(body),
        }

    def processor_s(self):
        """The processor time of all threads of the process so far (clock_getcpuclockid(3))."""
        return time.clock_gettime(~self.process.pid << 3 | 2)

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.server.shutdown()


def prepare():
    """Runs in the new process."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def raise_priority():
    """A higher priority than other programs of the machine keeps times steady, if it is allowed. Functions inherit it."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -15)
    except PermissionError:
        pass
