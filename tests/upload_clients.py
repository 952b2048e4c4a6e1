"""Uploads through the signer by curl, botocore's HTTP client and the aws CLI, as scripts do them.

Takes EDGE, SESSION (a token), S3_ENDPOINT, S3_BUCKET and the AWS_ variables of credentials and region from the
environment. Each test is a function; the last line says `done` when all have passed.
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
    sys.exit("boto3 is missing: `pip install boto3`, or name a Python that has it by TINTYPE_PYTHON")

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
    """The status, headers by lower case, and body of a request that curl sends."""
    with tempfile.TemporaryDirectory() as folder:
        names = {name: os.path.join(folder, name) for name in ["sent", "head", "got"]}
        with open(names["sent"], "wb") as file:
            file.write(body)
        fields = [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
        data = ["--data-binary", f"@{names['sent']}"] if body else []
        # Without a type of its own: curl would call it a form, and another type than the signed one is refused.
        typed = [] if "content-type" in {name.lower() for name in headers or {}} else ["-H", "content-type:"]
        told = ["-sS", "-X", method, "-D", names["head"], "-o", names["got"], "-w", "%{http_code}", "-H", "expect:"]
        status = int(run("curl", *told, *fields, *typed, *data, url))
        lines = open(names["head"], encoding="latin-1").read().splitlines()
        heads = dict(line.split(": ", 1) for line in lines if ": " in line)
        got = open(names["got"], "rb").read() if os.path.exists(names["got"]) else b""
        return status, {name.lower(): value for name, value in heads.items()}, got


def by_botocore(method, url, headers=None, body=b""):
    """The same by the HTTP client that boto3 sends its requests with."""
    request = AWSRequest(method=method, url=url, headers=headers or {}, data=body or None)
    response = URLLib3Session(timeout=60).send(request.prepare())
    return response.status_code, {name.lower(): value for name, value in response.headers.items()}, response.content


def asked(send, method, url, message=None):
    body = b"" if message is None else json.dumps(message).encode()
    status, _, answer = send(method, url, {"content-type": "application/json"} if body else None, body)
    return status, json.loads(answer)


def form_of(fields, file):
    """The type and the bytes of a posted form."""
    mark = "mark-of-a-form"
    part = '--{}\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    head = "".join(part.format(mark, name, value) for name, value in fields.items())
    head += f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n'
    return f"multipart/form-data; boundary={mark}", head.encode() + file + f"\r\n--{mark}--\r\n".encode()


def check_stored(key, expected, name=None):
    got = s3.get_object(Bucket=BUCKET, Key=key)
    assert got["Body"].read() == expected, key
    if name is not None:
        kept = got["Metadata"]["name"]
        if kept.startswith("=?UTF-8?B?"):
            kept = base64.b64decode(kept.removeprefix("=?UTF-8?B?").removesuffix("?=")).decode()
        assert kept == name, kept


def parts_left(key):
    uploads = s3.list_multipart_uploads(Bucket=BUCKET, Prefix=key).get("Uploads", [])
    return [upload for upload in uploads if upload["Key"] == key]


class InParts:
    """An upload in parts of one client, in the session or where anyone may."""

    def __init__(self, send, name="a.mp4", at=IN_SESSION):
        self.send, self.at = send, at
        message = {"filename": name, "type": "video/mp4", "metadata": {"name": name}}
        status, begun = asked(send, "POST", f"{at}/s3/multipart", message)
        assert status == 200, begun
        self.key, self.id = begun["key"], begun["uploadId"]

    def ask(self, method, rest="", message=None):
        url = f"{self.at}/s3/multipart/{self.id}{rest}"
        joint = "&" if "?" in rest else "?"
        return asked(self.send, method, f"{url}{joint}key={urllib.parse.quote(self.key)}", message)

    def put(self, number, body):
        status, told = self.ask("GET", f"/{number}")
        assert status == 200, told
        status, headers, _ = self.send("PUT", told["url"], None, body)
        assert status == 200, status
        return headers["etag"]

    def complete(self, tags):
        parts = [{"PartNumber": number, "ETag": tags[number]} for number in sorted(tags)]
        return self.ask("POST", "/complete", {"parts": parts})


def whole(send):
    """A form of POST and a PUT of one kilobyte, of every kind of name."""
    for name in NAMES:
        status, form = asked(send, "POST", f"{IN_SESSION}/uploads", {"filename": name, "type": "video/mp4"})
        assert status == 201, form
        kind, body = form_of(form["fields"], KILOBYTE)
        assert send("POST", form["url"], {"content-type": kind}, body)[0] == 204, name
        check_stored(form["key"], KILOBYTE)
        query = urllib.parse.urlencode({"filename": name, "type": "video/mp4", "metadata[name]": name})
        status, form = asked(send, "GET", f"{IN_SESSION}/s3/params?{query}")
        kind, body = form_of(form["fields"], KILOBYTE)
        assert send("POST", form["url"], {"content-type": kind}, body)[0] == 204, name
        check_stored(form["fields"]["key"], KILOBYTE, name)
    asking = {"filename": "a.mp4", "type": "video/mp4", "method": "PUT", "size": len(KILOBYTE)}
    _, put = asked(send, "POST", f"{IN_SESSION}/uploads", asking)
    headers = {name: value for name, value in put["headers"].items() if name != "content-length"}
    assert send("PUT", put["url"], headers, KILOBYTE + b"x")[0] == 403
    assert send("PUT", put["url"], headers, KILOBYTE)[0] == 200
    check_stored(put["key"], KILOBYTE)


def parted(send):
    """40 MB in parts, gone on with from the list of parts; every kind of name."""
    upload = InParts(send)
    parts = [LARGE[start : start + PART] for start in range(0, len(LARGE), PART)]
    for number in [1, 2, 5]:
        upload.put(number, parts[number - 1])
    status, there = upload.ask("GET")
    tags = {part["PartNumber"]: part["ETag"] for part in there}
    assert (status, sorted(tags)) == (200, [1, 2, 5])
    for number, part in enumerate(parts, 1):
        if number not in tags:
            tags[number] = upload.put(number, part)
    status, done = upload.complete(tags)
    assert (status, done["key"]) == (200, upload.key), done
    check_stored(upload.key, LARGE)
    for name in NAMES:
        upload = InParts(send, name)
        assert upload.complete({1: upload.put(1, KILOBYTE)})[0] == 200
        check_stored(upload.key, KILOBYTE, name)


def cancelled(send):
    upload = InParts(send)
    upload.put(1, KILOBYTE)
    assert len(parts_left(upload.key)) == 1
    assert upload.ask("DELETE") == (200, {})
    assert parts_left(upload.key) == []


def refused(send):
    """What isn't allowed has its status and a sentence, and leaves nothing."""

    def check(got, status, words):
        assert got[0] == status and words in got[1]["message"], got

    upload = InParts(send)
    tags = {1: upload.put(1, KILOBYTE)}
    query = f"key={urllib.parse.quote(upload.key)}"
    check(asked(send, "GET", f"{EDGE}/s3/multipart/{upload.id}/1?{query}"), 403, "another's upload")
    check(asked(send, "GET", f"{IN_SESSION}/s3/multipart/{upload.id}x/1?{query}"), 403, "no upload id")
    check(asked(send, "GET", f"{IN_SESSION}/s3/multipart/{upload.id}/1?key=files/other"), 403, "not the key")
    check(upload.ask("GET", "/10001"), 400, "has the parts 1 to")
    check(upload.complete({**tags, 2: '"no such part"'}), 400, "2 are named and 1 were uploaded")
    assert parts_left(upload.key) == []
    html = {"filename": "a.html", "type": "text/html"}
    check(asked(send, "POST", f"{IN_SESSION}/s3/multipart", html), 415, "text/html are not taken")
    check(asked(send, "GET", f"{EDGE}/u/nonsense/s3/params?{urllib.parse.urlencode(html)}"), 403, "session")


def aws_cli():
    """The aws CLI, with credentials of its own, reads what the others sent and sends 40 MB in parts itself."""
    aws = lambda *command: run("aws", "--endpoint-url", ENDPOINT, *command)
    upload = InParts(by_curl, "é.mp4")
    upload.put(1, KILOBYTE)
    listed = json.loads(aws("s3api", "list-multipart-uploads", "--bucket", BUCKET, "--prefix", upload.key))
    (begun,) = listed["Uploads"]
    of_it = ["--bucket", BUCKET, "--key", upload.key, "--upload-id", begun["UploadId"]]
    (part,) = json.loads(aws("s3api", "list-parts", *of_it))["Parts"]
    assert upload.complete({1: part["ETag"]})[0] == 200
    head = json.loads(aws("s3api", "head-object", "--bucket", BUCKET, "--key", upload.key))
    assert (head["ContentLength"], head["ContentType"]) == (1024, "video/mp4"), head
    with tempfile.TemporaryDirectory() as folder:
        there, back = os.path.join(folder, "there"), os.path.join(folder, "back")
        with open(there, "wb") as file:
            file.write(LARGE)
        aws("s3", "cp", there, f"s3://{BUCKET}/files/cli/a.mp4")
        aws("s3", "cp", f"s3://{BUCKET}/files/cli/a.mp4", back)
        assert open(back, "rb").read() == LARGE


for client in [by_curl, by_botocore]:
    for test in [whole, parted, cancelled, refused]:
        print(test.__name__, client.__name__, flush=True)
        test(client)
print("aws_cli", flush=True)
aws_cli()
assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET), "an upload was left"
print("done")
