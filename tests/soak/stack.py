"""The local stack as a process that is killed and started again, and HTTP requests to it."""

import hashlib
import hmac
import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.parse

ACCESS_KEY, SECRET_KEY, REGION = "tintype", "tintype-local", "us-east-1"


class Stack:
    """A stack on fixed ports, so that URLs stay valid over a crash."""

    def __init__(self, program, data):
        self.port = free_ports()
        self.command = [program, "local", "--port", str(self.port), "--data", data, "--json"]
        self.log = open(os.path.join(data, "log"), "ab")
        self.crashes = 0
        self.process = None

    def start(self):
        """Starts the stack, and returns when it answers."""
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the stack doesn't start: see {self.log.name}")
        self.addresses = json.loads(line)

    def crash(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.crashes += 1
        self.start()

    def stop(self):
        self.process.terminate()
        self.process.wait()


def free_ports():
    """The first of three free ports in a row."""
    for first in range(20000, 60000, 7):
        sockets = [socket.socket() for _ in range(3)]
        try:
            for number, one in enumerate(sockets):
                one.bind(("127.0.0.1", first + number))
            return first
        except OSError:
            continue
        finally:
            for one in sockets:
                one.close()
    raise SystemExit("no three free ports in a row")


class Http:
    """Requests of one thread. A connection is used again until it fails."""

    count = 0
    lock = threading.Lock()

    def __init__(self):
        self.connections = {}

    def once(self, method, url, headers=None, body=None):
        """Status and body; None if no complete answer arrived."""
        parts = urllib.parse.urlsplit(url)
        target = parts.path + ("?" + parts.query if parts.query else "")
        with Http.lock:
            Http.count += 1
        connection = self.connections.pop(parts.netloc, None) or http.client.HTTPConnection(parts.netloc, timeout=30)
        try:
            connection.request(method, target, body=body, headers=headers or {})
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            return None
        self.connections[parts.netloc] = connection
        return response.status, body

    def persist(self, method, url, headers=None, body=None):
        """As `once`, until an answer arrives that is no server's fault. Also returns the number of attempts."""
        for attempt in range(1, 200):
            answer = self.once(method, url, headers, body)
            if answer is not None and answer[0] < 500 and answer[0] != 429:
                return (*answer, attempt)
            time.sleep(0.25)
        raise SystemExit(f"{method} {url}: no answer in 200 attempts: {answer}")


def presigned(method, endpoint, bucket, key, query=None, headers=None):
    """A URL that S3 accepts for the owner, signed as AWS describes it (signature version 4 in the query)."""
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    scope = f"{moment[:8]}/{REGION}/s3/aws4_request"
    host = urllib.parse.urlsplit(endpoint).netloc
    signed = {"host": host, **(headers or {})}
    names = ";".join(sorted(signed))
    query = {
        **(query or {}),
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{ACCESS_KEY}/{scope}",
        "X-Amz-Date": moment,
        "X-Amz-Expires": "900",
        "X-Amz-SignedHeaders": names,
    }
    quote = lambda text: urllib.parse.quote(str(text), safe="-_.~")
    text = "&".join(f"{quote(name)}={quote(query[name])}" for name in sorted(query))
    path = "/" + bucket + ("/" + urllib.parse.quote(key, safe="-_.~/") if key else "")
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    request = f"{method}\n{path}\n{text}\n{lines}\n{names}\nUNSIGNED-PAYLOAD"
    digest = hashlib.sha256(request.encode()).hexdigest()
    secret = ("AWS4" + SECRET_KEY).encode()
    for part in scope.split("/"):
        secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(secret, f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}".encode(), hashlib.sha256).hexdigest()
    return f"{endpoint}{path}?{text}&X-Amz-Signature={signature}"
