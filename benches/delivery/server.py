"""S3 with the sources, and Lambda's Runtime API for one function."""

import hashlib
import json
import queue
import re
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import invocation
from network import FIRST_BYTE_S, WRITE_S, Network, wait_until

# Answers end with a response of the Runtime API, which has a head as JSON and eight zeros before the body.
PRELUDE_END = b"\0" * 8


class Server(ThreadingHTTPServer):
    """One function's S3 and Runtime API."""

    daemon_threads = True

    def __init__(self, objects):
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects = objects
        # Variants that the function has stored: content, entity tag and headers by path.
        self.stored = {}
        self.network = Network()
        self.events = queue.Queue()
        self.answers = queue.Queue()
        self.calls = []
        self.address = f"127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        """Ignores errors: a function that has enough of a body aborts its connection."""


class Handler(BaseHTTPRequestHandler):
    """Each connection is a thread."""

    protocol_version = "HTTP/1.1"
    # Sends head and body at once. Otherwise the body of a small answer would wait 40 ms for the acknowledgement of the head.
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path.endswith("/invocation/next"):
            return self.reply(200, json.dumps(self.server.events.get()).encode(), invocation.headers(seconds=60))
        at, found = time.perf_counter(), self.found()
        if found is None:
            return self.refuse(at, 404, "NoSuchKey")
        content, etag, headers = found
        if self.headers.get("if-match", etag) != etag:
            return self.refuse(at, 412, "PreconditionFailed")
        span = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range", ""))
        if not span:
            return self.answer(at, 200, content, headers)
        first, last = int(span[1]), min(int(span[2] or len(content)), len(content) - 1)
        if first > last:
            return self.refuse(at, 416, "InvalidRange")
        headers["content-range"] = f"bytes {first}-{last}/{len(content)}"
        return self.answer(at, 206, content[first : last + 1], headers)

    def do_HEAD(self):
        at, found = time.perf_counter(), self.found()
        self.answer(at, 404 if found is None else 200, b"", {} if found is None else found[2])

    def do_PUT(self):
        body = self.body()
        self.server.calls.append(("PUT", 200, len(body)))
        wait_until(time.perf_counter() + WRITE_S)
        etag = f'"{hashlib.md5(body).hexdigest()}"'
        kept = [name for name in self.headers if name.lower().startswith(("x-amz-meta-", "content-type", "cache-control", "content-disp"))]
        headers = {**{name: self.headers[name] for name in kept}, "etag": etag}
        self.server.stored[self.path.split("?")[0]] = (body, etag, headers)
        self.reply(200, b"", {"etag": etag})

    def do_POST(self):
        """The function's answer. The picture has arrived with its last byte; the function is billed until the answer's end."""
        parts, size, picture_at = [], None, None
        for part in self.parts():
            parts.append(part)
            if size is None and PRELUDE_END in (so_far := b"".join(parts)):
                head, _, rest = so_far.partition(PRELUDE_END)
                length = json.loads(head)["headers"].get("content-length")
                size = len(head) + 8 + int(length) if length else None
            if size is not None and picture_at is None and sum(map(len, parts)) >= size:
                picture_at = time.perf_counter()
        end = time.perf_counter()
        self.server.answers.put((picture_at or end, end, self.path, b"".join(parts)))
        self.reply(202, b"{}")

    def found(self):
        """The content, the entity tag and the headers of a source or of a stored variant."""
        path = self.path.split("?")[0]
        source = self.server.objects.get(path.removeprefix("/originals/"))
        if source is None:
            return self.server.stored.get(path)
        return (*source, {"etag": source[1], "content-type": "image/jpeg", "accept-ranges": "bytes"})

    def refuse(self, at, status, code):
        self.answer(at, status, f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode(), {})

    def answer(self, at, status, content, headers):
        self.server.calls.append((self.command, status, len(content)))
        wait_until(at + FIRST_BYTE_S)
        self.head(status, len(content), headers)
        if self.command != "HEAD":
            self.server.network.send(self.connection, memoryview(content))

    def reply(self, status, content, headers=()):
        self.head(status, len(content), headers)
        self.wfile.write(content)
        self.wfile.flush()

    def head(self, status, length, headers):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("content-length", str(length))
        self.end_headers()
        self.wfile.flush()

    def body(self):
        return b"".join(self.parts())

    def parts(self):
        """The parts of a body, as they arrive."""
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            yield self.rfile.read(int(self.headers.get("content-length", 0)))
            return
        while size := int(self.line().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.line()
        while self.line().strip():
            pass

    def line(self):
        # Acknowledges at once. By default Linux waits 40 ms, during which a client with Nagle's algorithm sends nothing.
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return self.rfile.readline()
