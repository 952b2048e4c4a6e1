#!/usr/bin/env python3
"""Compares cold start, warm call and peak memory of the resize function with a Node.js function that uses sharp.

cold_start.py BOOTSTRAP [--picture FILE] [--rounds N] [--width W]

The script simulates Lambda's Runtime API and S3. It starts both programs in turn as Lambda starts them, on one processor. It
measures the time from the start of the process to its first answer, the time of a second call, and the peak memory of
both calls. Both programs fetch the picture over HTTP and store the variant; the server's own time is negligible, and it
checks no signatures. On Lambda, fetching the package and starting the sandbox add to the times of both.
"""

import argparse
import json
import os
import pathlib
import queue
import socket
import statistics
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import invocation

HERE = pathlib.Path(__file__).parent
PEERS = HERE.parent / "peers"
KEY = "files/0190163d-8694-739b-aea5-966c26f8ad91/picture.jpg"
# The programs do not check the ETag of a stored variant.
ETAG = '"d41d8cd98f00b204e9800998ecf8427e"'

MAKE_PICTURE = """
import sharp from "sharp";
const noise = { type: "gaussian", mean: 128, sigma: 60 };
await sharp({ create: { width: 4000, height: 3000, channels: 3, background: "#888", noise } })
  .blur(2).jpeg({ quality: 90 }).toFile(process.argv[1]);
"""


class Server(ThreadingHTTPServer):
    """S3 with one picture, and the Runtime API for one program."""

    daemon_threads = True

    def __init__(self, picture):
        super().__init__(("127.0.0.1", 0), Handler)
        self.picture = picture
        self.events = queue.Queue()
        self.answers = queue.Queue()
        self.address = f"127.0.0.1:{self.server_port}"

    def handle_error(self, *_):
        """Ignores errors: a killed program aborts its connections."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Sends head and body together and at once. Otherwise the body of each small answer would wait 40 ms for the
    # acknowledgement of the head.
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        if f"/originals/{KEY}" in self.path:
            self.reply(200, b"", {"etag": ETAG, "content-type": "image/jpeg"})
        else:
            self.reply(404, b"")

    def do_GET(self):
        if self.path.endswith("/invocation/next"):
            self.reply(200, json.dumps(self.server.events.get()).encode(), invocation.headers(seconds=30))
        elif KEY in self.path:
            self.reply(200, self.server.picture, {"etag": ETAG, "content-type": "image/jpeg"})
        else:
            self.reply(404, b"")

    def do_PUT(self):
        self.body()
        self.reply(200, b"", {"etag": ETAG})

    def do_POST(self):
        body = self.body()
        self.server.answers.put((time.perf_counter(), self.path, body))
        self.reply(202, b"{}")

    def body(self):
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        parts = []
        while size := int(self.line().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.line()
        while self.line().strip():
            pass
        return b"".join(parts)

    def line(self):
        # A client sends the next part of a streamed answer only after the acknowledgement of the last (Nagle's algorithm).
        # This option acknowledges at once. By default Linux waits 40 ms, which would be part of the measurement.
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return self.rfile.readline()

    def reply(self, status, body, headers=()):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def measure(picture, command, width):
    """Returns milliseconds to the first answer, milliseconds of a second call, and peak memory in megabytes."""
    server = Server(picture)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {
        "AWS_LAMBDA_RUNTIME_API": server.address,
        "AWS_LAMBDA_FUNCTION_NAME": "resize",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
        "AWS_LAMBDA_LOG_GROUP_NAME": "log",
        "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "TINTYPE_S3_ENDPOINT": f"http://{server.address}",
        "TINTYPE_ORIGINALS_BUCKET": "originals",
        "TINTYPE_VARIANTS_BUCKET": "variants",
        "TINTYPE_LOG": "warn",
        "PATH": os.environ["PATH"],
    }
    server.events.put(invocation.event(f"/{KEY}/w={width},fm=webp"))
    # The program runs on the last processor, and the script on the others.
    pin = lambda: os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=PEERS, env=environment, preexec_fn=pin)
    try:
        first = answer(server) - start
        again = time.perf_counter()
        server.events.put(invocation.event(f"/{KEY}/w={width},fm=webp"))
        second = answer(server) - again
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    finally:
        process.kill()
        process.wait()
        server.shutdown()
    return first * 1e3, second * 1e3, peak / 1024


def answer(server):
    at, path, body = server.answers.get(timeout=60)
    if not path.endswith("/response") or b'"statusCode":200' not in body.replace(b" ", b"")[:200]:
        raise SystemExit(f"error: the function failed: {path} {body[:500]!r}")
    return at


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bootstrap", type=pathlib.Path)
    parser.add_argument("--picture", type=pathlib.Path, help="a JPEG; by default a synthetic one of 12 megapixels")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--width", type=int, default=640)
    options = parser.parse_args()
    picture = options.picture or HERE.parent.parent / "target/cold-start.jpg"
    if not picture.exists():
        picture.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["node", "--input-type=module", "-e", MAKE_PICTURE, str(picture)], cwd=PEERS, check=True)
    source = picture.read_bytes()
    # Node.js searches packages in the folder of the file, so the worker is copied there.
    worker = PEERS / "node_modules/.cold-start.mjs"
    worker.write_text((HERE / "sharp.mjs").read_text(encoding="utf-8"), encoding="utf-8")
    commands = {"Tintype": [str(options.bootstrap.resolve())], "Node.js + sharp": ["node", str(worker)]}
    results = {name: [] for name in commands}
    for _ in range(options.rounds):
        for name, command in commands.items():
            results[name].append(measure(source, command, options.width))
    print(f"{picture.name}, {len(source) / 1e6:.1f} MB, to WebP of width {options.width}; medians of {options.rounds} rounds\n")
    print("| | start to first answer, ms | second call, ms | peak memory, MB |\n| --- | ---: | ---: | ---: |")
    for name, rounds in results.items():
        first, second, peak = (statistics.median(column) for column in zip(*rounds))
        print(f"| {name} | {first:.0f} | {second:.0f} | {peak:.0f} |")


if __name__ == "__main__":
    main()
