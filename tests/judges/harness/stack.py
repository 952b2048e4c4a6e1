"""A local stack of its own: the program in a temporary folder, on free ports of the loopback interface."""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time

# The owner of the local account (tintype/src/local/names.rs).
OWNER = {
    "AWS_ACCESS_KEY_ID": "tintype",
    "AWS_SECRET_ACCESS_KEY": "tintype-local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
}

# Variables by which a developer's own account could reach a client.
FOREIGN = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_CA_BUNDLE")

START_SECONDS, STOP_SECONDS = 60, 30


def owner_environment():
    """The environment of a client of the local account, without the caller's own."""
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return environment | OWNER | {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


@contextlib.contextmanager
def running(command, environment, log):
    """Starts a program, yields its process, and stops it with SIGTERM."""
    with open(log, "wb") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


@contextlib.contextmanager
def announced(command, environment, log):
    """Starts a program that prints a line when it is ready, and yields the line."""
    with running(command, environment, log) as process:
        line = process.stdout.readline().decode()
        if not line:
            raise RuntimeError(f"{command[0]} doesn't start:\n{pathlib.Path(log).read_text()}")
        yield line


@contextlib.contextmanager
def listening(command, environment, log, port):
    """Starts a program that listens on a port, and waits until it does."""
    with running(command, environment, log) as process:
        deadline = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} doesn't start:\n{pathlib.Path(log).read_text()}")
            time.sleep(0.05)
        yield process


def free_port():
    """A port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def local_stack(program):
    """Starts `tintype local` and yields the environment of its clients: EDGE, S3 and MEDIA_CONVERT are addresses, DATA is the
    folder, TINTYPE the program."""
    with tempfile.TemporaryDirectory(prefix="tintype-judge-") as folder:
        data = os.path.join(folder, "data")
        environment = owner_environment() | {"TINTYPE": program, "DATA": data}
        command = [program, "local", "--port", "0", "--json", "--data", data]
        with announced(command, environment, os.path.join(folder, "log")) as line:
            addresses = json.loads(line)
            yield environment | {
                "EDGE": addresses["edge"], "S3": addresses["s3"], "MEDIA_CONVERT": addresses["mediaconvert"]
            }
