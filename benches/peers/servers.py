"""The servers of the comparison, each on the loopback interface and all over the same S3."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import store
import workers

HERE = Path(__file__).parent
WIDTH = 512
THUMBOR = "thumbor"
# sharp with its default efforts, and with those that the sweep found to be equal work.
SHARP_DEFAULT = "sharp, default effort"
START_SECONDS = 30


class Server:
    """A running server. `path(key, format)` is the path of a variant."""

    def __init__(self, command, environment, path, log):
        self.port = free_port()
        self.path = path
        command = [part.replace("PORT", str(self.port)) for part in command]
        environment = {name: value.replace("PORT", str(self.port)) for name, value in environment.items()}
        with open(log, "w") as output:
            environment = {**os.environ, **environment}
            # The server gets a process group of its own, because thumbor's processes outlive their parent.
            self.process = subprocess.Popen(
                command, env=environment, stdout=output, stderr=output, start_new_session=True
            )
        try:
            wait_for(self.port, self.process, log)
        except BaseException:
            self.close()
            raise

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        self.process.wait()


def start(programs, s3, at_equal_work, cache):
    """{name: Server}. `at_equal_work` is sharp's {format: {"quality", "effort"}}."""
    log = lambda name: cache / f"{name.replace(' ', '-')}.log"
    make = {
        workers.OURS: lambda name: tintype(programs, s3, cache, log(name)),
        workers.CONTROL: lambda name: tintype(programs, s3, cache, log(name)),
        workers.BASE: lambda name: sharp(s3, at_equal_work, log(name)),
        SHARP_DEFAULT: lambda name: sharp(s3, SHARP_DEFAULTS, log(name)),
        workers.OXIMG: lambda name: oximg(programs, s3, log(name)),
        THUMBOR: lambda name: thumbor(programs, s3, log(name)),
    }
    started = {}
    try:
        for name, starter in make.items():
            started[name] = starter(name)
    except BaseException:
        for server in started.values():
            server.close()
        raise
    return started


# sharp's documented defaults.
SHARP_DEFAULTS = {
    "jpeg": {"quality": 80, "effort": "optimised tables"},
    "webp": {"quality": 80, "effort": "4"},
    "avif": {"quality": 50, "effort": "4"},
    "png": {"effort": "6"},
}


def tintype(programs, s3, cache, log):
    # The built-in policy, except that unsigned requests may ask for any size.
    policy = json.loads((HERE.parent.parent / "cdn-config/policy.json").read_text())
    path = cache / "policy.json"
    path.write_text(json.dumps({**policy, "unsigned": "open"}))
    command = [programs.tintype, "serve", "--listen", "127.0.0.1:PORT", "--originals", store.BUCKET]
    command += ["--s3", s3.url, "--policy", str(path)]
    environment = {**store.CREDENTIALS, "TINTYPE_LOG": "error"}
    return Server(command, environment, lambda key, format: f"/{key}?w={WIDTH}&fm={format}", log)


def sharp(s3, settings, log):
    command = ["node", str(HERE / "sharp_server.mjs"), "PORT"]
    path = lambda key, format: "/?" + urlencode(
        {"from": s3.link(key), "w": WIDTH, "format": format, **settings[format]}
    )
    return Server(command, {"UV_THREADPOOL_SIZE": str(os.cpu_count())}, path, log)


def oximg(programs, s3, log):
    environment = {
        **store.CREDENTIALS,
        "PORT": "PORT",
        "OXIMG_SOURCE_BASE_URL": f"s3://{store.BUCKET}",
        "OXIMG_S3_ENDPOINT": s3.url,
        "OXIMG_OPTIONS_PREFIX": "/image",
    }
    path = lambda key, format: f"/image/width={WIDTH},format={format}/{key}"
    return Server([programs.oximg], environment, path, log)


def thumbor(programs, s3, log):
    command = [programs.thumbor, "--ip", "127.0.0.1", "--port", "PORT", "--processes", str(os.cpu_count())]
    command += ["--conf", str(HERE / "thumbor.conf"), "--log-level", "error"]
    path = lambda key, format: f"/unsafe/{WIDTH}x0/filters:format({format})/{quote(s3.link(key), safe='')}"
    return Server(command, {}, path, log)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port, process, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"error: {process.args} does not start: {Path(log).read_text()[-2000:]}")
