"""An S3 in memory with one bucket: what the server under test reads its originals from."""

import hashlib
import http.server
import threading
import urllib.parse


class Storage:
    """Answers `GET` and `HEAD` of the files that it was given."""

    def __init__(self):
        self.files = {}
        files = self.files

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_GET(self):
                file = files.get(urllib.parse.unquote(urllib.parse.urlsplit(self.path).path))
                body = file if file is not None else b"<Error><Code>NoSuchKey</Code></Error>"
                self.send_response(404 if file is None else 200)
                self.send_header("content-length", str(len(body)))
                self.send_header("etag", f'"{hashlib.md5(body).hexdigest()}"')
                self.send_header("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT")
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
