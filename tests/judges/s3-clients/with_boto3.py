"""boto3 with its defaults: checksums, trailers, transfers in parts."""

import base64
import hashlib
import io
import urllib.request
import zlib

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

from checks import ENDPOINT, LARGE, equal

NAME = f"boto3 {boto3.__version__}"
BUCKET = "judged-boto3"
s3 = boto3.client("s3", endpoint_url=ENDPOINT)


def refused(code, call, **arguments):
    try:
        call(Bucket=BUCKET, **arguments)
    except ClientError as error:
        equal(error.response["Error"]["Code"], code)
    else:
        raise AssertionError(f"{code} was expected")


def content(key, **arguments):
    return s3.get_object(Bucket=BUCKET, Key=key, **arguments)["Body"].read()


def a_bucket_is_created():
    s3.create_bucket(Bucket=BUCKET)
    s3.get_waiter("bucket_exists").wait(Bucket=BUCKET)


def the_default_checksum_is_stored():
    answer = s3.put_object(Bucket=BUCKET, Key="default", Body=b"hello")
    expected = base64.b64encode(zlib.crc32(b"hello").to_bytes(4, "big")).decode()
    equal(answer["ChecksumCRC32"], expected)
    head = s3.head_object(Bucket=BUCKET, Key="default", ChecksumMode="ENABLED")
    equal((head["ChecksumCRC32"], head["ChecksumType"]), (expected, "FULL_OBJECT"))


def every_algorithm_is_checked():
    for algorithm in ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]:
        answer = s3.put_object(Bucket=BUCKET, Key=algorithm, Body=b"hello", ChecksumAlgorithm=algorithm)
        assert answer[f"Checksum{algorithm}"], answer
        equal(content(algorithm, ChecksumMode="ENABLED"), b"hello")


def a_wrong_checksum_is_refused():
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    refused("BadDigest", s3.put_object, Key="wrong", Body=b"hello", ChecksumSHA256=wrong)
    refused("BadDigest", s3.put_object, Key="wrong", Body=b"hello", ContentMD5=base64.b64encode(hashlib.md5(b"").digest()).decode())
    refused("NoSuchKey", s3.get_object, Key="wrong")


def a_stream_without_a_length_is_sent():
    s3.upload_fileobj(Unseekable(b"hello"), BUCKET, "stream")
    equal(content("stream"), b"hello")


def an_empty_object_is_stored():
    s3.put_object(Bucket=BUCKET, Key="empty", Body=b"")
    equal(content("empty"), b"")


def a_large_file_is_transferred_in_parts():
    s3.upload_fileobj(io.BytesIO(LARGE), BUCKET, "large", ExtraArgs={"Metadata": {"name": "value"}})
    head = s3.head_object(Bucket=BUCKET, Key="large", ChecksumMode="ENABLED")
    assert head["ETag"].endswith('-3"') and head["Metadata"] == {"name": "value"}, head
    target = io.BytesIO()
    s3.download_fileobj(BUCKET, "large", target)
    assert target.getvalue() == LARGE


def every_algorithm_is_checked_in_parts():
    for algorithm in ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]:
        s3.upload_fileobj(io.BytesIO(LARGE), BUCKET, f"parts-{algorithm}", ExtraArgs={"ChecksumAlgorithm": algorithm})
        head = s3.head_object(Bucket=BUCKET, Key=f"parts-{algorithm}", ChecksumMode="ENABLED")
        assert head[f"Checksum{algorithm}"], head


def a_checksum_of_the_whole_object_spans_parts():
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="whole", ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")
    part = {"Bucket": BUCKET, "Key": "whole", "UploadId": upload["UploadId"]}
    halves = [LARGE[: 10 << 20], LARGE[10 << 20 :]]
    parts = []
    for number, body in enumerate(halves, 1):
        sent = s3.upload_part(**part, PartNumber=number, Body=body, ChecksumAlgorithm="CRC32")
        parts.append({"PartNumber": number, "ETag": sent["ETag"], "ChecksumCRC32": sent["ChecksumCRC32"]})
    equal([one["Size"] for one in s3.list_parts(**part)["Parts"]], [len(half) for half in halves])
    done = s3.complete_multipart_upload(**part, MultipartUpload={"Parts": parts}, ChecksumType="FULL_OBJECT")
    equal(done["ChecksumCRC32"], base64.b64encode(zlib.crc32(LARGE).to_bytes(4, "big")).decode())


def an_aborted_upload_leaves_nothing():
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="aborted")
    equal([one["Key"] for one in s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]], ["aborted"])
    s3.abort_multipart_upload(Bucket=BUCKET, Key="aborted", UploadId=upload["UploadId"])
    equal(s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []), [])


def a_copy_keeps_or_replaces_headers_and_tags():
    s3.put_object(Bucket=BUCKET, Key="from", Body=b"hello", Metadata={"a": "b"}, Tagging="c=d")
    source = {"Bucket": BUCKET, "Key": "from"}
    s3.copy_object(Bucket=BUCKET, Key="kept", CopySource=source)
    equal(s3.head_object(Bucket=BUCKET, Key="kept")["Metadata"], {"a": "b"})
    equal(s3.get_object_tagging(Bucket=BUCKET, Key="kept")["TagSet"], [{"Key": "c", "Value": "d"}])
    replaced = {"MetadataDirective": "REPLACE", "Metadata": {"e": "f"}, "TaggingDirective": "REPLACE", "Tagging": "g=h"}
    s3.copy_object(Bucket=BUCKET, Key="replaced", CopySource=source, **replaced)
    equal(s3.head_object(Bucket=BUCKET, Key="replaced")["Metadata"], {"e": "f"})
    equal(s3.get_object_tagging(Bucket=BUCKET, Key="replaced")["TagSet"], [{"Key": "g", "Value": "h"}])
    refused("NoSuchKey", s3.copy_object, Key="none", CopySource={"Bucket": BUCKET, "Key": "nothing"})


def a_large_object_is_copied_in_parts():
    config = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=8 << 20)
    s3.copy({"Bucket": BUCKET, "Key": "large"}, BUCKET, "large-copy", Config=config)
    assert s3.head_object(Bucket=BUCKET, Key="large-copy")["ETag"].endswith('-3"')
    assert content("large-copy") == LARGE


def tags_are_set_read_and_deleted():
    s3.put_object(Bucket=BUCKET, Key="tagged", Body=b"", Tagging="a=b&c=d")
    equal(s3.get_object(Bucket=BUCKET, Key="tagged")["TagCount"], 2)
    s3.put_object_tagging(Bucket=BUCKET, Key="tagged", Tagging={"TagSet": [{"Key": "é", "Value": "ü"}]})
    equal(s3.get_object_tagging(Bucket=BUCKET, Key="tagged")["TagSet"], [{"Key": "é", "Value": "ü"}])
    s3.delete_object_tagging(Bucket=BUCKET, Key="tagged")
    equal(s3.get_object_tagging(Bucket=BUCKET, Key="tagged")["TagSet"], [])


def ranges_are_read():
    for requested, expected in [("bytes=0-0", b"h"), ("bytes=1-2", b"el"), ("bytes=3-", b"lo"), ("bytes=-2", b"lo")]:
        equal(content("default", Range=requested), expected)
    refused("InvalidRange", s3.get_object, Key="default", Range="bytes=5-")


def conditions_are_evaluated():
    etag = s3.put_object(Bucket=BUCKET, Key="once", Body=b"1", IfNoneMatch="*")["ETag"]
    refused("PreconditionFailed", s3.put_object, Key="once", Body=b"2", IfNoneMatch="*")
    refused("PreconditionFailed", s3.put_object, Key="once", Body=b"2", IfMatch='"0"')
    refused("304", s3.get_object, Key="once", IfNoneMatch=etag)
    refused("PreconditionFailed", s3.get_object, Key="once", IfMatch='"0"')
    s3.put_object(Bucket=BUCKET, Key="once", Body=b"2", IfMatch=etag)
    equal(content("once"), b"2")


def listings_have_pages_and_common_prefixes():
    for key in ["list/a/1", "list/a/2", "list/b", "list/c d&e", "list/é"]:
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    for operation in ["list_objects", "list_objects_v2"]:
        pages = s3.get_paginator(operation).paginate(
            Bucket=BUCKET, Prefix="list/", Delimiter="/", PaginationConfig={"PageSize": 2}
        )
        pages = list(pages)
        equal([one["Prefix"] for page in pages for one in page.get("CommonPrefixes", [])], ["list/a/"])
        equal([one["Key"] for page in pages for one in page.get("Contents", [])], ["list/b", "list/c d&e", "list/é"])


def versions_are_listed():
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=BUCKET, Prefix="list/", PaginationConfig={"PageSize": 2})
    versions = [one for page in pages for one in page.get("Versions", [])]
    equal([one["Key"] for one in versions], ["list/a/1", "list/a/2", "list/b", "list/c d&e", "list/é"])
    assert all(one["IsLatest"] for one in versions), versions
    version = versions[0]["VersionId"]
    equal(s3.get_object(Bucket=BUCKET, Key="list/a/1", VersionId=version)["VersionId"], version)


def presigned_urls_and_forms_work():
    url = s3.generate_presigned_url("put_object", {"Bucket": BUCKET, "Key": "presigned"})
    urllib.request.urlopen(urllib.request.Request(url, b"hello", {"Content-Type": ""}, method="PUT")).close()
    url = s3.generate_presigned_url("get_object", {"Bucket": BUCKET, "Key": "presigned"})
    with urllib.request.urlopen(url) as answer:
        equal(answer.read(), b"hello")
    # With another endpoint than AWS's own, boto3 signs forms by version 2 unless it is told otherwise.
    form = boto3.client("s3", endpoint_url=ENDPOINT, config=Config(signature_version="s3v4")).generate_presigned_post(BUCKET, "posted", Conditions=[["content-length-range", 1, 10]])
    fields = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in form["fields"].items()
    )
    body = f'{fields}--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nhello\r\n--b--\r\n'.encode()
    urllib.request.urlopen(
        urllib.request.Request(form["url"], body, {"Content-Type": "multipart/form-data; boundary=b"})
    ).close()
    equal(content("posted"), b"hello")


def several_objects_are_deleted():
    deleted = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "list/b"}, {"Key": "list/none"}]})
    equal(sorted(one["Key"] for one in deleted["Deleted"]), ["list/b", "list/none"])


def a_bucket_is_emptied_and_deleted():
    refused("BucketNotEmpty", s3.delete_bucket)
    bucket = boto3.resource("s3", endpoint_url=ENDPOINT).Bucket(BUCKET)
    bucket.object_versions.delete()
    equal(list(bucket.objects.all()), [])
    s3.delete_bucket(Bucket=BUCKET)
    refused("NoSuchBucket", s3.list_objects_v2)


class Unseekable(io.RawIOBase):
    """A stream that can only be read once."""

    def __init__(self, body):
        super().__init__()
        self.body = io.BytesIO(body)

    def readable(self):
        return True

    def read(self, size=-1):
        return self.body.read(size)


CHECKS = [
    a_bucket_is_created,
    the_default_checksum_is_stored,
    every_algorithm_is_checked,
    a_wrong_checksum_is_refused,
    a_stream_without_a_length_is_sent,
    an_empty_object_is_stored,
    a_large_file_is_transferred_in_parts,
    every_algorithm_is_checked_in_parts,
    a_checksum_of_the_whole_object_spans_parts,
    an_aborted_upload_leaves_nothing,
    a_copy_keeps_or_replaces_headers_and_tags,
    a_large_object_is_copied_in_parts,
    tags_are_set_read_and_deleted,
    ranges_are_read,
    conditions_are_evaluated,
    listings_have_pages_and_common_prefixes,
    versions_are_listed,
    presigned_urls_and_forms_work,
    several_objects_are_deleted,
    a_bucket_is_emptied_and_deleted,
]
