"""Standard clients against the embedded S3: boto3, presigned URLs and forms over plain HTTP, the aws CLI.

Takes S3_ENDPOINT, S3_BUCKET and the AWS_ variables of credentials and region from the environment. Each test is a
function; the last line says `done` when all have passed.
"""

import base64
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone

try:
    import boto3
    from botocore.client import Config
    from botocore.exceptions import ClientError
except ImportError:
    sys.exit("boto3 is missing: `pip install boto3`, or set TINTYPE_PYTHON to a Python that has it")

ENDPOINT = os.environ["S3_ENDPOINT"]
BUCKET = os.environ["S3_BUCKET"]
REGION = os.environ["AWS_DEFAULT_REGION"]
s3 = boto3.client(
    "s3", endpoint_url=ENDPOINT, config=Config(signature_version="s3v4", s3={"addressing_style": "path"})
)


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return
    raise AssertionError(f"{code} was expected")


def send(method, url, data=None, headers=None):
    """The status, headers and body of a plain request."""
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def exists(key):
    return any(item["Key"] == key for item in s3.list_objects_v2(Bucket=BUCKET, Prefix=key).get("Contents", []))


def objects():
    for key in ["plain", "a/b ü+&=%", "../up"]:
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"hello", ContentType="text/plain", Metadata={"name": "value"})
        answer = s3.get_object(Bucket=BUCKET, Key=key)
        assert answer["Body"].read() == b"hello"
        assert answer["ContentType"] == "text/plain" and answer["Metadata"] == {"name": "value"}
    assert s3.get_object(Bucket=BUCKET, Key="plain", Range="bytes=1-2")["Body"].read() == b"el"
    s3.copy_object(Bucket=BUCKET, Key="copy ü", CopySource={"Bucket": BUCKET, "Key": "a/b ü+&=%"})
    assert s3.get_object(Bucket=BUCKET, Key="copy ü")["Body"].read() == b"hello"
    tags = [{"Key": "state", "Value": "clean"}]
    s3.put_object_tagging(Bucket=BUCKET, Key="plain", Tagging={"TagSet": tags})
    assert s3.get_object_tagging(Bucket=BUCKET, Key="plain")["TagSet"] == tags
    refused("PreconditionFailed", s3.put_object, Bucket=BUCKET, Key="plain", Body=b"x", IfNoneMatch="*")
    refused("304", s3.head_object, Bucket=BUCKET, Key="plain", IfNoneMatch=answer["ETag"])
    refused("NoSuchKey", s3.get_object, Bucket=BUCKET, Key="none")
    deleted = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "plain"}, {"Key": "copy ü"}]})
    assert len(deleted["Deleted"]) == 2


def pages():
    for number in range(25):
        s3.put_object(Bucket=BUCKET, Key=f"pages/{number:02}", Body=b"")
    listed = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix="pages/", PaginationConfig={"PageSize": 10})
    keys = [item["Key"] for page in listed for item in page["Contents"]]
    assert keys == [f"pages/{number:02}" for number in range(25)]


def multipart():
    content = os.urandom(20 << 20)
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        s3.upload_file(file.name, BUCKET, "big", ExtraArgs={"Tagging": "state=pending", "ContentType": "video/mp4"})
        assert s3.head_object(Bucket=BUCKET, Key="big")["ETag"].endswith('-3"')
        s3.download_file(BUCKET, "big", file.name)
        with open(file.name, "rb") as copy:
            assert copy.read() == content
    assert not s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads")


def presigned():
    put = s3.generate_presigned_url("put_object", {"Bucket": BUCKET, "Key": "signed ü", "ContentType": "image/png"})
    image = {"Content-Type": "image/png"}
    assert send("PUT", put, b"hello", image)[0] == 200
    assert send("PUT", put, b"other", {"Content-Type": "text/html"})[0] == 403
    status, _, body = send("PUT", put, b"other", {**image, "x-amz-tagging": "state=clean"})
    assert status == 403 and b"not signed" in body, body
    override = {"Bucket": BUCKET, "Key": "signed ü", "ResponseContentDisposition": "attachment"}
    get = s3.generate_presigned_url("get_object", override)
    status, headers, body = send("GET", get)
    assert (status, body, headers["Content-Disposition"]) == (200, b"hello", "attachment")
    flipped = get[:-1] + ("0" if get[-1] != "0" else "1")
    assert send("GET", flipped)[0] == 403
    assert send("GET", presigned_get("signed%20%C3%BC", timedelta(seconds=50), 60))[0] == 200
    status, _, body = send("GET", presigned_get("signed%20%C3%BC", timedelta(seconds=70), 60))
    assert status == 403 and b"expired" in body, body


def signature(scope, text):
    """The signature of a text in a scope `day/region/service/aws4_request`."""
    key = ("AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"]).encode()
    for part in [*scope.split("/"), text]:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()


def presigned_get(path, signed_ago, life_seconds):
    """A URL that was presigned some time ago."""
    stamp = (datetime.now(timezone.utc) - signed_ago).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{REGION}/s3/aws4_request"
    query = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{os.environ['AWS_ACCESS_KEY_ID']}/{scope}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(life_seconds),
        "X-Amz-SignedHeaders": "host",
    }
    query = urllib.parse.urlencode(query)
    host = urllib.parse.urlsplit(ENDPOINT).netloc
    request = f"GET\n/{BUCKET}/{path}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
    digest = hashlib.sha256(request.encode()).hexdigest()
    signed = signature(scope, f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}")
    return f"{ENDPOINT}/{BUCKET}/{path}?{query}&X-Amz-Signature={signed}"


def form(fields, file, name="photo.png"):
    """A form's body and its Content-Type."""
    boundary = "boundary-of-the-form"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()]
    parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: x/y\r\n\r\n')
    body = "".join(parts).encode() + file + f"\r\n--{boundary}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def post(fields, file):
    body, headers = form(fields, file)
    return send("POST", f"{ENDPOINT}/{BUCKET}", body, headers)


def signed_fields(key, conditions, fields, signed_ago=timedelta(), life=timedelta(hours=1)):
    """The fields of a form that was signed some time ago."""
    date = datetime.now(timezone.utc) - signed_ago
    day, stamp = date.strftime("%Y%m%d"), date.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{day}/{REGION}/s3/aws4_request"
    credential = f"{os.environ['AWS_ACCESS_KEY_ID']}/{scope}"
    given = {"key": key, "x-amz-algorithm": "AWS4-HMAC-SHA256", "x-amz-credential": credential, "x-amz-date": stamp}
    fields = {**fields, **given}
    exact = [{name: value} for name, value in fields.items()]
    expiration = (date + life).strftime("%Y-%m-%dT%H:%M:%SZ")
    policy = json.dumps({"expiration": expiration, "conditions": [{"bucket": BUCKET}, *exact, *conditions]})
    text = base64.b64encode(policy.encode()).decode()
    return {**fields, "policy": text, "x-amz-signature": signature(scope, text)}


def forms_of_boto3():
    conditions = [{"Content-Type": "image/png"}, ["content-length-range", 2, 10]]
    signed = s3.generate_presigned_post(BUCKET, "posted", Fields={"Content-Type": "image/png"}, Conditions=conditions)
    fields = signed["fields"]

    def refuse(status, code, file=b"0123456789", **changes):
        answer = post({**fields, **changes}, file)
        assert answer[0] == status and f"<Code>{code}</Code>".encode() in answer[2], answer
        assert not exists("posted")

    flipped = ("0" if fields["x-amz-signature"][0] != "0" else "1") + fields["x-amz-signature"][1:]
    refuse(400, "EntityTooLarge", b"0123456789x")
    refuse(400, "EntityTooLarge", bytes(5_000_000))
    refuse(400, "EntityTooSmall", b"0")
    refuse(403, "AccessDenied", key="other")
    refuse(403, "AccessDenied", **{"Content-Type": "text/html"})
    refuse(403, "AccessDenied", tagging="<Tagging><TagSet></TagSet></Tagging>")
    refuse(403, "SignatureDoesNotMatch", **{"x-amz-signature": flipped})
    refuse(400, "MaxPostPreDataLengthExceeded", **{"x-ignore-this": "x" * 20_481})
    assert post({}, b"x")[0] == 403
    status, headers, body = post({**fields, "x-ignore-this": "x"}, b"0123456789")
    assert (status, body) == (204, b"") and headers["Location"].endswith("/posted"), body
    answer = s3.get_object(Bucket=BUCKET, Key="posted")
    assert answer["Body"].read() == b"0123456789" and answer["ContentType"] == "image/png"
    assert answer["ETag"] == headers["ETag"]


def forms_of_a_signer():
    tagging = "<Tagging><TagSet><Tag><Key>state</Key><Value>pending</Value></Tag></TagSet></Tagging>"
    content = os.urandom(100_000_000)
    sum = base64.b64encode(hashlib.sha256(content).digest()).decode()
    fields = {"tagging": tagging, "success_action_status": "201", "x-amz-meta-name": "ü", "x-amz-checksum-sha256": sum}
    # A form is valid until its policy expires, even if it was signed more than 15 minutes ago.
    signed = signed_fields("large ü/1", [], fields, signed_ago=timedelta(minutes=50))
    status, _, body = post(signed, content[:-1])
    assert status == 400 and b"BadDigest" in body, body
    status, _, body = post(signed, content)
    assert status == 201 and "<Key>large ü/1</Key>".encode() in body, body
    answer = s3.get_object(Bucket=BUCKET, Key="large ü/1")
    assert answer["Body"].read() == content and answer["TagCount"] == 1
    assert s3.get_object_tagging(Bucket=BUCKET, Key="large ü/1")["TagSet"] == [{"Key": "state", "Value": "pending"}]
    expired = signed_fields("late", [], {}, signed_ago=timedelta(hours=1, seconds=1))
    status, _, body = post(expired, b"x")
    assert status == 403 and b"expired" in body and not exists("late"), body
    named = signed_fields("in/${filename}", [], {})
    named["key"] = "in/${filename}"
    assert post(named, b"x")[0] == 403, "the key was signed as it stands and is another after the file's name"
    body, headers = form(signed_fields("cut", [], {}), b"x" * 1000)
    status, _, answer = send("POST", f"{ENDPOINT}/{BUCKET}", body[:-500], headers)
    assert status == 400 and not exists("cut"), answer


def aws_cli():
    aws = shutil.which("aws")
    if aws is None:
        print("aws is not installed: left out")
        return
    run = lambda *arguments: subprocess.run(
        [aws, "--endpoint-url", ENDPOINT, *arguments], check=True, capture_output=True, text=True, timeout=120
    ).stdout
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "file")
        with open(name, "wb") as file:
            file.write(os.urandom(9 << 20))
        run("s3", "cp", name, f"s3://{BUCKET}/cli/file")
        run("s3", "cp", f"s3://{BUCKET}/cli/file", name + ".back")
        assert open(name, "rb").read() == open(name + ".back", "rb").read()
    assert "cli/" in run("s3", "ls", f"s3://{BUCKET}")
    assert "file" in run("s3", "ls", f"s3://{BUCKET}/cli/")
    run("s3", "mv", f"s3://{BUCKET}/cli/file", f"s3://{BUCKET}/cli/moved")
    run("s3", "rm", f"s3://{BUCKET}/cli", "--recursive")
    assert not exists("cli/")


for test in [objects, pages, multipart, presigned, forms_of_boto3, forms_of_a_signer, aws_cli]:
    print(test.__name__, flush=True)
    test()
print("done")
