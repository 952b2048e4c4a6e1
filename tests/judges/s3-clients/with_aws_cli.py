"""The aws CLI with its defaults."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

import awscli

from checks import ENDPOINT, LARGE, equal

NAME = f"aws-cli {awscli.__version__}"
BUCKET = "s3://judged-aws-cli"
AWS = [os.path.join(os.path.dirname(sys.executable), "aws"), "--endpoint-url", ENDPOINT]
folder = pathlib.Path(tempfile.mkdtemp(prefix="tintype-judge-aws-"))


def aws(*arguments, stdin=None):
    done = subprocess.run([*AWS, *map(str, arguments)], input=stdin, capture_output=True, timeout=120, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr.decode())
    return done.stdout


def listed(*arguments):
    return [line.split()[-1] for line in aws("s3", "ls", *arguments).decode().splitlines()]


def a_bucket_is_made():
    aws("s3", "mb", BUCKET)
    assert "judged-aws-cli" in listed(), listed()


def a_file_is_copied_there_and_back():
    (folder / "small").write_bytes(b"hello")
    aws("s3", "cp", folder / "small", f"{BUCKET}/small", "--metadata", "a=b", "--content-type", "text/plain")
    aws("s3", "cp", f"{BUCKET}/small", folder / "small.back")
    equal((folder / "small.back").read_bytes(), b"hello")


def a_large_file_is_copied_in_parts():
    (folder / "large").write_bytes(LARGE)
    aws("s3", "cp", folder / "large", f"{BUCKET}/large")
    aws("s3", "cp", f"{BUCKET}/large", folder / "large.back")
    assert (folder / "large.back").read_bytes() == LARGE


def standard_input_and_output_are_streamed():
    aws("s3", "cp", "-", f"{BUCKET}/stream", stdin=b"hello")
    equal(aws("s3", "cp", f"{BUCKET}/stream", "-"), b"hello")


def an_object_is_copied_and_moved_inside_of_the_bucket():
    aws("s3", "cp", f"{BUCKET}/large", f"{BUCKET}/copied")
    aws("s3", "mv", f"{BUCKET}/copied", f"{BUCKET}/moved")
    assert "moved" in listed(f"{BUCKET}/") and "copied" not in listed(f"{BUCKET}/")


def a_folder_is_synchronised():
    tree = folder / "tree"
    for name in ["a", "b/c", "b/ü ö"]:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(name)
    aws("s3", "sync", tree, f"{BUCKET}/tree")
    equal(aws("s3", "sync", tree, f"{BUCKET}/tree"), b"")
    (tree / "a").unlink()
    aws("s3", "sync", tree, f"{BUCKET}/tree", "--delete")
    aws("s3", "sync", f"{BUCKET}/tree", folder / "back")
    equal(sorted(path.name for path in (folder / "back").rglob("*") if path.is_file()), ["c", "ü ö"])


def a_checksum_is_sent_and_read():
    command = ["put-object", "--bucket", "judged-aws-cli", "--key", "sum", "--body", folder / "small"]
    put = json.loads(aws("s3api", *command, "--checksum-algorithm", "SHA256"))
    head = json.loads(aws("s3api", "head-object", "--bucket", "judged-aws-cli", "--key", "sum", "--checksum-mode", "ENABLED"))
    equal(head["ChecksumSHA256"], put["ChecksumSHA256"])


def tags_are_set_and_read():
    of = ["--bucket", "judged-aws-cli", "--key", "sum"]
    aws("s3api", "put-object-tagging", *of, "--tagging", "TagSet=[{Key=a,Value=b}]")
    equal(json.loads(aws("s3api", "get-object-tagging", *of))["TagSet"], [{"Key": "a", "Value": "b"}])


def a_range_is_read():
    of = ["--bucket", "judged-aws-cli", "--key", "small"]
    aws("s3api", "get-object", *of, "--range", "bytes=1-2", folder / "range")
    equal((folder / "range").read_bytes(), b"el")


def versions_are_listed():
    command = ["list-object-versions", "--bucket", "judged-aws-cli", "--prefix", "small"]
    equal([one["Key"] for one in json.loads(aws("s3api", *command))["Versions"]], ["small"])


def a_url_is_presigned():
    url = aws("s3", "presign", f"{BUCKET}/small").decode().strip()
    with urllib.request.urlopen(url) as answer:
        equal(answer.read(), b"hello")


def a_bucket_is_removed_with_its_objects():
    aws("s3", "rm", f"{BUCKET}/tree", "--recursive")
    assert "tree/" not in listed(f"{BUCKET}/")
    aws("s3", "rb", "--force", BUCKET)
    assert "judged-aws-cli" not in listed()


CHECKS = [
    a_bucket_is_made,
    a_file_is_copied_there_and_back,
    a_large_file_is_copied_in_parts,
    standard_input_and_output_are_streamed,
    an_object_is_copied_and_moved_inside_of_the_bucket,
    a_folder_is_synchronised,
    a_checksum_is_sent_and_read,
    tags_are_set_and_read,
    a_range_is_read,
    versions_are_listed,
    a_url_is_presigned,
    a_bucket_is_removed_with_its_objects,
]
