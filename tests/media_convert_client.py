"""boto3 as a client of the local MediaConvert: it validates requests and parses answers by AWS's model.

Reads ENDPOINT, INPUT (an S3 URL), JOB (the body of CreateJob as JSON) and the AWS_ variables of credentials and region
from the environment. Prints `done` when all checks have passed.
"""

import json
import os
import sys
import time
from datetime import datetime

try:
    import boto3
    from botocore.exceptions import ClientError
except ImportError:
    sys.exit("boto3 is missing: `pip install boto3`, or set TINTYPE_PYTHON to a Python that has it")

# The longest time that a job may take, in seconds.
DEADLINE_S = 240


def upper(value, keep=("UserMetadata", "AudioSelectors")):
    """Converts member names to boto3's spelling. Keys of maps stay unchanged."""
    if isinstance(value, list):
        return [upper(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for name, item in value.items():
        name = name[0].upper() + name[1:]
        result[name] = {key: upper(inner) for key, inner in item.items()} if name in keep else upper(item)
    return result


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        assert error.response["Error"]["Message"], error
    else:
        raise AssertionError(f"{code} was expected")


client = boto3.client("mediaconvert", endpoint_url=os.environ["ENDPOINT"])
source = os.environ["INPUT"]
job = upper(json.loads(os.environ["JOB"]))

[probed] = client.probe(InputFiles=[{"FileUrl": source}])["ProbeResults"]
video, audio = probed["Container"]["Tracks"]
assert probed["Container"]["Format"] == "mp4" and 1.9 < probed["Container"]["Duration"] < 2.2, probed
assert (video["TrackType"], video["Codec"], video["Index"]) == ("video", "AVC", 1), video
properties = video["VideoProperties"]
assert (properties["Width"], properties["Height"]) == (320, 180), properties
assert properties["FrameRate"] == {"Numerator": 30000, "Denominator": 1001}, properties
assert "Rotation" not in properties, properties
assert (audio["Codec"], audio["AudioProperties"]["Channels"]) == ("AAC", 1), audio
assert isinstance(probed["Metadata"]["LastModified"], datetime), probed
assert probed["TrackMappings"] == [{"AudioTrackIndexes": [2], "DataTrackIndexes": [], "VideoTrackIndexes": [1]}], probed

created = client.create_job(**job)["Job"]
assert created["Status"] == "SUBMITTED" and isinstance(created["CreatedAt"], datetime), created
assert created["UserMetadata"] == job["UserMetadata"], created
deadline = time.monotonic() + DEADLINE_S
while (found := client.get_job(Id=created["Id"])["Job"])["Status"] in ("SUBMITTED", "PROGRESSING"):
    assert time.monotonic() < deadline, f"waited {DEADLINE_S} s for the end of the job: {found}"
    time.sleep(0.05)
assert found["Status"] == "COMPLETE", found
assert found["OutputGroupDetails"][0]["OutputDetails"][0]["VideoDetails"] == {"HeightInPx": 96, "WidthInPx": 128}, found
assert found["Settings"]["Inputs"][0]["FileInput"] == source, found
assert found["Timing"]["FinishTime"] >= found["Timing"]["SubmitTime"], found
refused("ConflictException", client.cancel_job, Id=created["Id"])
refused("NotFoundException", client.get_job, Id="0-nothing")

more = [client.create_job(**job)["Job"]["Id"] for _ in range(2)]
newest_first = [more[1], more[0], created["Id"]]
assert [listed["Id"] for listed in client.list_jobs()["Jobs"]] == newest_first
assert [listed["Id"] for listed in client.list_jobs(Order="ASCENDING")["Jobs"]] == newest_first[::-1]
pages = client.get_paginator("list_jobs").paginate(PaginationConfig={"PageSize": 2})
assert [listed["Id"] for page in pages for listed in page["Jobs"]] == newest_first
assert [listed["Id"] for listed in client.search_jobs(InputFile="files/1/clip")["Jobs"]] == newest_first
assert client.search_jobs(InputFile="another")["Jobs"] == []
assert client.list_jobs(Queue="another")["Jobs"] == []
assert created["Id"] in [listed["Id"] for listed in client.list_jobs(Status="COMPLETE")["Jobs"]]

job["Settings"]["OutputGroups"][0]["Outputs"][0]["VideoDescription"]["Crop"] = {"Width": 32, "Height": 32, "X": 0, "Y": 0}
refused("BadRequestException", client.create_job, **job)

print("done")
