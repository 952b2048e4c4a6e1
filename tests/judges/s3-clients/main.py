"""S3 clients as they are published, with their defaults, judge the local S3."""

import json
import os
import pathlib
import subprocess

import checks
import files
import with_aws_cli
import with_boto3
import with_minio

HERE = pathlib.Path(__file__).parent


def in_javascript():
    """The results and the versions of the clients in JavaScript."""
    output = pathlib.Path(os.environ["FOLDER"]) / "javascript.json"
    subprocess.run(["node", HERE / "clients.mjs"], env=os.environ | {"RESULTS": str(output)}, check=True)
    reported = json.loads(output.read_text())
    return [(one["group"], one["name"], one["failure"]) for one in reported["results"]], reported["judge"]


python = [with_boto3, with_aws_cli, with_minio]
found = [one for client in python for one in checks.results(client.NAME.split(" ")[0], client.CHECKS)]
more, versions = in_javascript()
tried = "objects with default and chosen checksums, parts, copies, tags, ranges, conditions, listings, presigned URLs and forms"
files.report(", ".join([*(client.NAME for client in python), versions]), tried, found + more)
