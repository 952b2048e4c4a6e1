"""Presigns requests with botocore, the reference for the signer.

Reads one JSON object per line from standard input until its end, then writes one object per line.
A post: {"post": {bucket, region, endpoint, token, now, lifetime, key, fields, range}} -> {url, fields}
A put:  {"put": {bucket, region, endpoint, token, now, lifetime, key, type, size, sha256, metadata}} -> {url}
A part: {"part": {bucket, region, endpoint, token, now, lifetime, key, upload_id, number}} -> {url}
"""

import datetime
import json
import sys
import types

import botocore
import botocore.auth
import botocore.session
import botocore.signers
from botocore.config import Config

ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

SESSION = botocore.session.Session()


def main():
    for line in sys.stdin.buffer.readlines():
        ((kind, case),) = json.loads(line).items()
        freeze(datetime.datetime.fromtimestamp(case["now"], datetime.timezone.utc).replace(tzinfo=None))
        answer = {"post": post, "put": put, "part": part}[kind](client(case), case)
        print(json.dumps(answer))


def post(s3, case):
    fields = [tuple(field) for field in case["fields"]]
    signed = s3.generate_presigned_post(
        case["bucket"],
        case["key"],
        Fields=dict(fields),
        Conditions=[{name: value} for name, value in fields] + [["content-length-range", *case["range"]]],
        ExpiresIn=case["lifetime"],
    )
    return {"url": signed["url"], "fields": list(signed["fields"].items())}


def put(s3, case):
    params = {
        "Bucket": case["bucket"],
        "Key": case["key"],
        "ContentType": case["type"],
        "CacheControl": "public, max-age=31536000, immutable",
        "ContentLength": case["size"],
        "IfNoneMatch": "*",
        "Tagging": "state=pending",
        "Metadata": dict(case["metadata"]),
    }
    if case["sha256"] is not None:
        params["ChecksumSHA256"] = case["sha256"]
    return {"url": s3.generate_presigned_url("put_object", Params=params, ExpiresIn=case["lifetime"])}


def part(s3, case):
    params = {
        "Bucket": case["bucket"],
        "Key": case["key"],
        "UploadId": case["upload_id"],
        "PartNumber": case["number"],
    }
    return {"url": s3.generate_presigned_url("upload_part", Params=params, ExpiresIn=case["lifetime"])}


def client(case):
    # The regional endpoint of AWS, with the bucket in the host name if possible. Other endpoints have it in the path.
    style = "virtual" if case["endpoint"] is None else "path"
    addressing = {"addressing_style": style, "us_east_1_regional_endpoint": "regional"}
    return SESSION.create_client(
        "s3",
        region_name=case["region"],
        endpoint_url=case["endpoint"],
        aws_access_key_id=ACCESS_KEY_ID,
        aws_secret_access_key=SECRET,
        aws_session_token=case["token"],
        config=Config(signature_version="s3v4", s3=addressing),
    )


def freeze(now):
    """Fixes botocore's clock, which each version reads in a different place."""

    class Frozen(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return now

    for module in (botocore.auth, botocore.signers):
        if hasattr(module, "get_current_datetime"):
            module.get_current_datetime = lambda *_, **__: now
        else:
            module.datetime = types.SimpleNamespace(datetime=Frozen, timedelta=datetime.timedelta)


if __name__ == "__main__":
    main()
