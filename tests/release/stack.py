"""A local stack, and `tintype serve` over its S3, for tests of what a release contains."""

import contextlib
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from built import PROGRAM

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "tintype", "AWS_SECRET_ACCESS_KEY": "tintype-local"}
BUCKET = "tintype-originals"
DEADLINE_SECONDS = 60


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=DEADLINE_SECONDS) as response:
        return response.read()


def until(condition, what: str):
    """The first true result of the condition. Fails after a minute."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if result := condition():
            return result
        time.sleep(0.05)
    raise AssertionError(f"waited {DEADLINE_SECONDS} seconds for {what}")


def answers(url: str) -> bool:
    try:
        get(url)
    except (urllib.error.URLError, ConnectionError):
        return False
    return True


@contextlib.contextmanager
def running(*command: object, **options) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen([str(part) for part in command], **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(DEADLINE_SECONDS)
        if process.stdout:
            process.stdout.close()


@contextlib.contextmanager
def local_stack(data: Path) -> Iterator[dict]:
    """The addresses of a new local stack: `edge`, `s3` and others."""
    with running(PROGRAM, "local", "--port", "0", "--data", data, "--json", stdout=subprocess.PIPE, text=True) as process:
        yield json.loads(process.stdout.readline())


@contextlib.contextmanager
def server(s3: str) -> Iterator[tuple[str, int]]:
    """The address and the process id of `tintype serve` over a stack's S3."""
    address = f"127.0.0.1:{free_port()}"
    command = [PROGRAM, "serve", "--listen", address, "--s3", s3, "--originals", BUCKET]
    with running(*command, env=os.environ | CREDENTIALS, stdout=subprocess.DEVNULL) as process:
        until(lambda: answers(f"http://{address}/readyz"), f"{address}/readyz")
        yield f"http://{address}", process.pid


def upload(edge: str, file: Path) -> str:
    """Uploads a file to the stack. Returns its path at the edge, such as `/files/ID/NAME`."""
    command = [PROGRAM, "upload", "--signer", edge, str(file)]
    url = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    return url.removeprefix(edge)
