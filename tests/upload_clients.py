"""Uploads by curl, botocore's HTTP client and the AWS CLI, as in scripts.

The environment contains EDGE, SESSION (a token), S3_ENDPOINT, S3_BUCKET and the AWS_ variables for credentials and
region. Each test is a function; the last line is `done` if all tests pass.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import urllib.parse

try:
    import boto3
    from botocore.awsrequest import AWSRequest
    from botocore.client import Config
    from botocore.httpsession import URLLib3Session
except ImportError:
    sys.exit("boto3 is missing: `pip install boto3`, or set TINTYPE_PYTHON to a Python that has it")

EDGE = os.environ["EDGE"]
IN_SESSION = f"{EDGE}/u/{os.environ['SESSION']}"
ENDPOINT = os.environ["S3_ENDPOINT"]
BUCKET = os.environ["S3_BUCKET"]
PART = 5 << 20
KILOBYTE = os.urandom(1024)
LARGE = os.urandom(40_000_000)
NAMES = ["a b.mp4", "a+b.mp4", "100%.mp4", "é.mp4", "😀.mp4", "$$.mp4", "n" * 296 + ".mp4"]
s3 = boto3.client(
    "s3", endpoint_url=ENDPOINT, config=Config(signature_version="s3v4", s3={"addressing_style": "path"})
)


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def by_curl(method, url, headers=None, body=b""):
    """Sends a request by curl. Returns status, headers with lower-case names, and body."""
    with tempfile.TemporaryDirectory() as folder:
        names = {name: os.path.join(folder, name) for name in ["sent", "head", "got"]}
        with open(names["sent"], "wb") as file:
            file.write(body)
        fields = [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
        data = ["--data-binary", f"@{names['sent']}"] if body else []
        # curl would add the type of a form, and S3 refuses a type that isn't signed.
        no_type = [] if "content-type" in {name.lower() for name in headers or {}} else ["-H", "content-type:"]
        options = ["-sS", "-X", method, "-D", names["head"], "-o", names["got"], "-w", "%{http_code}", "-H", "expect:"]
        status = int(run("curl", *options, *fields, *no_type, *data, url))
        lines = open(names["head"], encoding="latin-1").read().splitlines()
        heads = dict(line.split(": ", 1) for line in lines if ": " in line)
        got = open(names["got"], "rb").read() if os.path.exists(names["got"]) else b""
        return status, {name.lower(): value for name, value in heads.items()}, got


def by_botocore(method, url, headers=None, body=b""):
    """Sends a request by the HTTP client of boto3. Returns the same as by_curl."""
    request = AWSRequest(method=method, url=url, headers=headers or {}, data=body or None)
    response = URLLib3Session(timeout=60).send(request.prepare())
    return response.status_code, {name.lower(): value for name, value in response.headers.items()}, response.content


def call(send, method, url, message=None):
    body = b"" if message is None else json.dumps(message).encode()
    status, _, answer = send(method, url, {"content-type": "application/json"} if body else None, body)
    return status, json.loads(answer)


def form_of(fields, file):
    """The content type and the bytes of a form."""
    boundary = "boundary-of-a-form"
    part = '--{}\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    head = "".join(part.format(boundary, name, value) for name, value in fields.items())
    head += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n'
    return f"multipart/form-data; boundary={boundary}", head.encode() + file + f"\r\n--{boundary}--\r\n".encode()


def check_stored(key, expected, name=None):
    got = s3.get_object(Bucket=BUCKET, Key=key)
    assert got["Body"].read() == expected, key
    if name is not None:
        stored = got["Metadata"]["name"]
        if stored.startswith("=?UTF-8?B?"):
            stored = base64.b64decode(stored.removeprefix("=?UTF-8?B?").removesuffix("?=")).decode()
        assert stored == name, stored


def parts_left(key):
    uploads = s3.list_multipart_uploads(Bucket=BUCKET, Prefix=key).get("Uploads", [])
    return [upload for upload in uploads if upload["Key"] == key]


class MultipartUpload:
    """A multipart upload of one client."""

    def __init__(self, send, name="a.mp4", at=IN_SESSION):
        self.send, self.at = send, at
        message = {"filename": name, "type": "video/mp4", "metadata": {"name": name}}
        status, created = call(send, "POST", f"{at}/s3/multipart", message)
        assert status == 200, created
        self.key, self.id = created["key"], created["uploadId"]

    def request(self, method, rest="", message=None):
        url = f"{self.at}/s3/multipart/{self.id}{rest}"
        separator = "&" if "?" in rest else "?"
        return call(self.send, method, f"{url}{separator}key={urllib.parse.quote(self.key)}", message)

    def put(self, number, body):
        status, part = self.request("GET", f"/{number}")
        assert status == 200, part
        status, headers, _ = self.send("PUT", part["url"], None, body)
        assert status == 200, status
        return headers["etag"]

    def complete(self, tags):
        parts = [{"PartNumber": number, "ETag": tags[number]} for number in sorted(tags)]
        return self.request("POST", "/complete", {"parts": parts})


def one_request(send):
    """Sends one kilobyte by POST forms with names of every kind, and by PUT."""
    for name in NAMES:
        status, form = call(send, "POST", f"{IN_SESSION}/uploads", {"filename": name, "type": "video/mp4"})
        assert status == 201, form
        kind, body = form_of(form["fields"], KILOBYTE)
        assert send("POST", form["url"], {"content-type": kind}, body)[0] == 204, name
        check_stored(form["key"], KILOBYTE)
        query = urllib.parse.urlencode({"filename": name, "type": "video/mp4", "metadata[name]": name})
        status, form = call(send, "GET", f"{IN_SESSION}/s3/params?{query}")
        kind, body = form_of(form["fields"], KILOBYTE)
        assert send("POST", form["url"], {"content-type": kind}, body)[0] == 204, name
        check_stored(form["fields"]["key"], KILOBYTE, name)
    request = {"filename": "a.mp4", "type": "video/mp4", "method": "PUT", "size": len(KILOBYTE)}
    _, put = call(send, "POST", f"{IN_SESSION}/uploads", request)
    headers = {name: value for name, value in put["headers"].items() if name != "content-length"}
    assert send("PUT", put["url"], headers, KILOBYTE + b"x")[0] == 403
    assert send("PUT", put["url"], headers, KILOBYTE)[0] == 200
    check_stored(put["key"], KILOBYTE)


def in_parts(send):
    """Sends 40 MB in parts and resumes from the list of parts, then files with names of every kind."""
    upload = MultipartUpload(send)
    parts = [LARGE[start : start + PART] for start in range(0, len(LARGE), PART)]
    for number in [1, 2, 5]:
        upload.put(number, parts[number - 1])
    status, stored = upload.request("GET")
    tags = {part["PartNumber"]: part["ETag"] for part in stored}
    assert (status, sorted(tags)) == (200, [1, 2, 5])
    for number, part in enumerate(parts, 1):
        if number not in tags:
            tags[number] = upload.put(number, part)
    status, done = upload.complete(tags)
    assert (status, done["key"]) == (200, upload.key), done
    check_stored(upload.key, LARGE)
    for name in NAMES:
        upload = MultipartUpload(send, name)
        assert upload.complete({1: upload.put(1, KILOBYTE)})[0] == 200
        check_stored(upload.key, KILOBYTE, name)


def abort(send):
    """Aborts an upload and checks that no part is left."""
    upload = MultipartUpload(send)
    upload.put(1, KILOBYTE)
    assert len(parts_left(upload.key)) == 1
    assert upload.request("DELETE") == (200, {})
    assert parts_left(upload.key) == []


def refusals(send):
    """Checks status and message of refused requests, and that no part is left."""

    def check(got, status, words):
        assert got[0] == status and words in got[1]["message"], got

    upload = MultipartUpload(send)
    tags = {1: upload.put(1, KILOBYTE)}
    query = f"key={urllib.parse.quote(upload.key)}"
    check(call(send, "GET", f"{EDGE}/s3/multipart/{upload.id}/1?{query}"), 403, "another owner's upload")
    check(call(send, "GET", f"{IN_SESSION}/s3/multipart/{upload.id}x/1?{query}"), 403, "not an upload id")
    check(call(send, "GET", f"{IN_SESSION}/s3/multipart/{upload.id}/1?key=files/other"), 403, "not the key")
    check(upload.request("GET", "/10001"), 400, "has the parts 1 to")
    check(upload.complete({**tags, 2: '"no such part"'}), 400, "parts in the list: 2, uploaded parts: 1")
    assert parts_left(upload.key) == []
    html = {"filename": "a.html", "type": "text/html"}
    check(call(send, "POST", f"{IN_SESSION}/s3/multipart", html), 415, "text/html are not accepted")
    check(call(send, "GET", f"{EDGE}/u/nonsense/s3/params?{urllib.parse.urlencode(html)}"), 403, "session")


def aws_cli():
    """The AWS CLI with its own credentials lists an upload of curl, and sends and reads 40 MB."""
    aws = lambda *command: run("aws", "--endpoint-url", ENDPOINT, *command)
    upload = MultipartUpload(by_curl, "é.mp4")
    upload.put(1, KILOBYTE)
    listed = json.loads(aws("s3api", "list-multipart-uploads", "--bucket", BUCKET, "--prefix", upload.key))
    (unfinished,) = listed["Uploads"]
    of_upload = ["--bucket", BUCKET, "--key", upload.key, "--upload-id", unfinished["UploadId"]]
    (part,) = json.loads(aws("s3api", "list-parts", *of_upload))["Parts"]
    assert upload.complete({1: part["ETag"]})[0] == 200
    head = json.loads(aws("s3api", "head-object", "--bucket", BUCKET, "--key", upload.key))
    assert (head["ContentLength"], head["ContentType"]) == (1024, "video/mp4"), head
    with tempfile.TemporaryDirectory() as folder:
        sent, received = os.path.join(folder, "sent"), os.path.join(folder, "received")
        with open(sent, "wb") as file:
            file.write(LARGE)
        aws("s3", "cp", sent, f"s3://{BUCKET}/files/cli/a.mp4")
        aws("s3", "cp", f"s3://{BUCKET}/files/cli/a.mp4", received)
        assert open(received, "rb").read() == LARGE


for client in [by_curl, by_botocore]:
    for test in [one_request, in_parts, abort, refusals]:
        print(test.__name__, client.__name__, flush=True)
        test(client)
print("aws_cli", flush=True)
aws_cli()
assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET), "an unfinished upload is left"
print("done")
