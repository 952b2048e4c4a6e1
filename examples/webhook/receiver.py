"""Receives Tintype's webhook with only the standard library: TINTYPE_WEBHOOK_SECRET=whsec_… python3 receiver.py PORT"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

# The allowed difference between the clocks of sender and receiver, in seconds.
TOLERANCE = 300


def verified_message(secret: str, headers, body: bytes) -> dict:
    """The message of a request. Raises ValueError if the signature is wrong or the request is old. `body` is unchanged."""
    timestamp = headers["webhook-timestamp"] or ""
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE:
        raise ValueError("the timestamp is too old or too new")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    signatures = (headers["webhook-signature"] or "").split(" ")
    if not any(hmac.compare_digest(expected.encode(), signature.encode()) for signature in signatures):
        raise ValueError("no signature is valid")
    return json.loads(body)


class Receiver(BaseHTTPRequestHandler):
    # The ids of handled messages: a message may arrive twice. A real application keeps them in its database.
    handled = set()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            message = verified_message(os.environ["TINTYPE_WEBHOOK_SECRET"], self.headers, body)
        except ValueError as error:
            self.send_error(401, str(error))
            return
        message_id = self.headers["webhook-id"]
        if message_id not in self.handled:
            print(message["type"], message["data"]["key"], flush=True)
        self.handled.add(message_id)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 3000), Receiver)
    print("listening", server.server_port, flush=True)
    server.serve_forever()
