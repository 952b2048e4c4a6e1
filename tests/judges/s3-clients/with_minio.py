"""The MinIO client for Python."""

import datetime
import importlib.metadata
import io
import urllib.request

import minio
from minio.commonconfig import REPLACE, ComposeSource, CopySource, Tags
from minio.datatypes import PostPolicy
from minio.deleteobjects import DeleteObject

from checks import ENDPOINT, KEY, LARGE, REGION, SECRET, equal

NAME = f"minio-py {importlib.metadata.version('minio')}"
BUCKET = "judged-minio-py"
client = minio.Minio(ENDPOINT.removeprefix("http://"), KEY, SECRET, secure=False, region=REGION)


def put(key, body, **options):
    return client.put_object(BUCKET, key, io.BytesIO(body), len(body), **options)


def content(key, **options):
    answer = client.get_object(BUCKET, key, **options)
    try:
        return answer.read()
    finally:
        answer.close()
        answer.release_conn()


def names(**options):
    return [one.object_name for one in client.list_objects(BUCKET, **options)]


def a_bucket_is_made():
    client.make_bucket(BUCKET)
    assert client.bucket_exists(BUCKET) and not client.bucket_exists("judged-nothing")
    assert BUCKET in [bucket.name for bucket in client.list_buckets()]


def an_object_is_stored_with_its_headers():
    put("small ü", b"hello", content_type="text/plain", metadata={"a": "b"})
    found = client.stat_object(BUCKET, "small ü")
    equal((found.size, found.content_type, found.metadata["x-amz-meta-a"]), (5, "text/plain", "b"))
    equal(content("small ü"), b"hello")


def a_large_object_is_stored_in_parts():
    put("large", LARGE, part_size=8 << 20)
    assert client.stat_object(BUCKET, "large").etag.endswith("-3")
    assert content("large") == LARGE


def a_stream_of_unknown_length_is_stored():
    client.put_object(BUCKET, "stream", io.BytesIO(LARGE), -1, part_size=5 << 20)
    assert content("stream") == LARGE


def ranges_are_read():
    equal(content("small ü", offset=1, length=2), b"el")
    equal(content("small ü", offset=3), b"lo")


def objects_are_copied_and_composed():
    client.copy_object(BUCKET, "copy", CopySource(BUCKET, "small ü"))
    equal(content("copy"), b"hello")
    client.copy_object(BUCKET, "replaced", CopySource(BUCKET, "copy"), metadata={"c": "d"}, metadata_directive=REPLACE)
    equal(client.stat_object(BUCKET, "replaced").metadata["x-amz-meta-c"], "d")
    client.compose_object(BUCKET, "composed", [ComposeSource(BUCKET, "large"), ComposeSource(BUCKET, "copy")])
    assert content("composed") == LARGE + b"hello"


def tags_are_set_read_and_deleted():
    tags = Tags.new_object_tags()
    tags["a"] = "b"
    client.set_object_tags(BUCKET, "copy", tags)
    equal(dict(client.get_object_tags(BUCKET, "copy")), {"a": "b"})
    client.delete_object_tags(BUCKET, "copy")
    equal(client.get_object_tags(BUCKET, "copy"), None)


def listings_have_prefixes():
    put("folder/one", b"1")
    put("folder/two", b"2")
    equal(names(prefix="folder"), ["folder/"])
    equal(names(prefix="folder/", recursive=True), ["folder/one", "folder/two"])
    equal(names(prefix="folder/", recursive=True, use_api_v1=True), ["folder/one", "folder/two"])


def versions_are_listed():
    equal(names(prefix="folder/", recursive=True, include_version=True), ["folder/one", "folder/two"])


def presigned_urls_and_forms_work():
    url = client.presigned_put_object(BUCKET, "presigned")
    urllib.request.urlopen(urllib.request.Request(url, b"hello", {"Content-Type": ""}, method="PUT")).close()
    with urllib.request.urlopen(client.presigned_get_object(BUCKET, "presigned")) as answer:
        equal(answer.read(), b"hello")
    policy = PostPolicy(BUCKET, datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1))
    policy.add_equals_condition("key", "posted")
    policy.add_content_length_range_condition(1, 10)
    fields = client.presigned_post_policy(policy) | {"key": "posted"}
    form = "".join(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    body = f'{form}--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nhello\r\n--b--\r\n'.encode()
    urllib.request.urlopen(
        urllib.request.Request(f"{ENDPOINT}/{BUCKET}", body, {"Content-Type": "multipart/form-data; boundary=b"})
    ).close()
    equal(content("posted"), b"hello")


def objects_are_removed_with_their_bucket():
    keys = [DeleteObject(one.object_name, one.version_id) for one in client.list_objects(BUCKET, recursive=True, include_version=True)]
    equal(list(client.remove_objects(BUCKET, keys)), [])
    equal(names(recursive=True), [])
    client.remove_bucket(BUCKET)
    assert not client.bucket_exists(BUCKET)


CHECKS = [
    a_bucket_is_made,
    an_object_is_stored_with_its_headers,
    a_large_object_is_stored_in_parts,
    a_stream_of_unknown_length_is_stored,
    ranges_are_read,
    objects_are_copied_and_composed,
    tags_are_set_read_and_deleted,
    listings_have_prefixes,
    versions_are_listed,
    presigned_urls_and_forms_work,
    objects_are_removed_with_their_bucket,
]
