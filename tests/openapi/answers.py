"""Sends good and bad requests to every operation of a running stack, and compares each answer with the document.

Needs EDGE and S3, the addresses of the stack; SESSION, a session for files of 1,000 bytes; PICTURE, a file with a JPEG.
"""

import os
import pathlib
import time
import urllib.parse

import boto3
import requests

from document import OPERATIONS, check_answer, check_document, check_schema

EDGE, SESSION = os.environ["EDGE"], os.environ["SESSION"]
PICTURE = pathlib.Path(os.environ["PICTURE"]).read_bytes()
FILE = {"filename": "cat.jpg", "type": "image/jpeg"}
CLIENT_FILE = {"name": "cat.jpg", "size": len(PICTURE), "type": "image/jpeg"}
NOBODY, LIMITED = "/u/nonsense", f"/u/{SESSION}"

# Statuses that no request to a stack without faults causes: a defect and an outage.
UNREACHABLE = {500, 503}

# Answers of a stack without a library. tests/library.rs causes them.
WITHOUT_LIBRARY = {("listFiles", 404), ("deleteFiles", 404)}

seen = set()


def call(operation_id, status, prefix="", path=None, **request):
    """Sends a request, checks its answer, and returns the answer's JSON."""
    template, method, operation = OPERATIONS[operation_id]
    url = EDGE + prefix + template.format(**(path or {}))
    response = requests.request(method, url, timeout=60, **request)
    assert response.status_code == status, f"{operation_id}: {response.status_code} {response.text}"
    check_answer(operation_id, response)
    if status < 300 and "json" in request:
        check_schema(operation["requestBody"]["content"]["application/json"]["schema"], request["json"], operation_id)
    seen.add((operation_id, status))
    return response.json() if response.content else None


def follow_location(prefix=""):
    """The location of a new upload, also with a session before the path, is that of its status."""
    answer = requests.post(f"{EDGE}{prefix}/uploads", json=FILE, timeout=60)
    location = urllib.parse.urljoin(answer.url, answer.headers["location"])
    assert location == f"{EDGE}{prefix}/uploads/{answer.json()['id']}", location


def post_form(grant, content):
    answer = requests.post(grant["url"], data=grant["fields"], files={"file": content}, timeout=60)
    assert answer.status_code == 204, answer.text


def native():
    grant = call("signUploads", 201, json=FILE)
    follow_location()
    follow_location(LIMITED)
    call("signUploads", 201, LIMITED, json={**FILE, "size": 1000, "visibility": "private", "metadata": {"a": "b"}})
    put = {**FILE, "method": "PUT", "size": 5, "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"}
    assert call("signUploads", 201, json=put)["method"] == "PUT"
    assert len(call("signUploads", 201, json={"files": [FILE, put]})["uploads"]) == 2
    call("signUploads", 400, json={"type": "image/jpeg"})
    call("signUploads", 403, NOBODY, json=FILE)
    call("signUploads", 413, LIMITED, json={**FILE, "size": 1001})
    call("signUploads", 415, json={"filename": "a.html", "type": "text/html"})
    call("signUploads", 415, data="filename=a")

    upload = {"id": grant["id"]}
    call("getUpload", 404, path=upload)
    post_form(grant, PICTURE)
    status = call("getUpload", 200, path=upload, params={"wait": 20})
    assert (status["state"], status["width"], status["height"]) == ("clean", 64, 48), status
    call("getUpload", 400, path=upload, params={"wait": 21})
    call("getUpload", 403, NOBODY, path=upload)
    page = call("signUploads", 201, json=FILE)
    post_form(page, b"<!DOCTYPE html><script>alert(1)</script>")
    status = call("getUpload", 200, path={"id": page["id"]}, params={"wait": 20})
    assert (status["state"], status["reason"]) == ("refused", "other-content"), status

    grant_of_put = call("signUploads", 201, json=put)
    hello = requests.put(grant_of_put["url"], b"hello", headers={**grant_of_put["headers"], "content-language": "de"}, timeout=60)
    assert hello.status_code == 200, hello.text
    status = call("getUpload", 200, path={"id": grant_of_put["id"]}, params={"wait": 20})
    assert (status["state"], status["reason"]) == ("refused", "other-header"), status

    link = call("signUrl", 200, json={"url": f"/{grant['key']}?w=33", "expires": 4102444800})
    assert requests.get(link["url"] if link["url"].startswith("http") else EDGE + link["url"], timeout=60).status_code == 200
    call("signUrl", 400, json={"url": "/elsewhere"})
    call("signUrl", 403, NOBODY, json={"url": f"/{grant['key']}"})
    call("signUrl", 404, json={"url": "/private/0190163d-8694-739b-aea5-966c26f8ad91/none.jpg"})
    call("signUrl", 413, json={"url": "x" * 70_000})
    call("signUrl", 415, data="url=x")


def described_picture():
    """The id of a new picture that the library knows all about."""
    grant = call("signUploads", 201, json=FILE)
    post_form(grant, PICTURE)
    deadline = time.monotonic() + 240
    while "thumbHash" not in requests.get(f"{EDGE}/library/files/{grant['id']}", timeout=60).json():
        assert time.monotonic() < deadline, "the library doesn't describe the picture"
        time.sleep(0.05)
    return grant["id"]


def library():
    path = {"id": described_picture()}
    file = call("getFile", 200, path=path)
    assert call("getFile", 200, path=path)["dominantColor"] == file["dominantColor"]
    call("getFile", 400, path={"id": "%ff"})
    call("getFile", 403, NOBODY, path=path)
    call("getFile", 404, LIMITED, path=path)
    first = call("listFiles", 200, params={"limit": 1, "q": "cat", "type": "image/*", "state": "clean"})
    assert first["files"] == [file], first
    rest = call("listFiles", 200, params={"limit": 1000, "cursor": first["cursor"]})
    assert rest["files"] and file not in rest["files"], rest
    call("listFiles", 400, params={"limit": 0})
    call("listFiles", 403, NOBODY)
    call("listFiles", 403, LIMITED, params={"owner": "session:bob"})

    change = {"name": "Minka", "folder": "pets", "tags": ["tabby"], "alt": "A cat", "focalPoint": {"x": 0.5, "y": 1}}
    changed = call("changeFile", 200, path=path, json=change)
    assert changed == {**file, **change}, changed
    assert call("changeFile", 200, path=path, json={"alt": None, "focalPoint": None})["name"] == "Minka"
    call("changeFile", 400, path=path, json={"name": "a/b"})
    call("changeFile", 403, NOBODY, path=path, json={})
    call("changeFile", 404, LIMITED, path=path, json={})
    call("changeFile", 413, path=path, json={"alt": "x" * 70_000})
    call("changeFile", 415, path=path, data="alt=x")

    successor = described_picture()
    call("replaceFile", 400, path=path, json={})
    call("replaceFile", 403, NOBODY, path=path, json={"by": successor})
    call("replaceFile", 404, path=path, json={"by": "nothing"})
    call("replaceFile", 413, path=path, data=b"x" * 70_000, headers={"content-type": "application/json"})
    call("replaceFile", 415, path=path, data="by=x")
    replacement = call("replaceFile", 200, path=path, json={"by": successor})
    assert (replacement["id"], replacement["name"]) == (successor, "Minka"), replacement
    path = {"id": successor}

    call("deleteFiles", 400, json={"ids": []})
    call("deleteFiles", 403, NOBODY, json={"ids": ["a"]})
    call("deleteFiles", 413, data=b"x" * 70_000, headers={"content-type": "application/json"})
    call("deleteFiles", 415, data="ids=a")
    deletions = call("deleteFiles", 200, json={"ids": [rest["files"][0]["id"], "nothing"]})
    assert (len(deletions["deleted"]), deletions["failed"][0]["status"]) == (1, 404), deletions
    call("deleteFile", 400, path={"id": "%ff"})
    call("deleteFile", 403, NOBODY, path=path)
    call("deleteFile", 404, LIMITED, path=path)
    call("deleteFile", 204, path=path)
    call("getFile", 404, path=path)


def uppy():
    form = {**FILE, "metadata[name]": "é", "metadata[relativePath]": "null"}
    post_form(call("uppyForm", 200, params=form), PICTURE)
    call("uppyForm", 400, params={"filename": "a"})
    call("uppyForm", 403, NOBODY, params=FILE)
    call("uppyForm", 415, params={**FILE, "type": "text/html"})

    def create(prefix=""):
        created = call("uppyCreate", 200, prefix, json={**FILE, "metadata": {"name": "é", "relativePath": None, "n": 1}})
        return {"path": {"uploadId": created["uploadId"]}, "params": {"key": created["key"]}}

    call("uppyCreate", 400, json={"filename": "a"})
    call("uppyCreate", 403, NOBODY, json=FILE)
    call("uppyCreate", 413, data=b"x" * 3_000_000, headers={"content-type": "application/json"})
    call("uppyCreate", 415, json={**FILE, "type": "text/html"})

    def send(upload, number, content, prefix=""):
        url = call("uppyPart", 200, prefix, path={**upload["path"], "part": number}, params=upload["params"])["url"]
        etag = requests.put(url, data=content, timeout=60).headers["etag"]
        return {"PartNumber": number, "ETag": etag}

    upload = create()
    path, key = upload["path"], upload["params"]
    urls = call("uppyParts", 200, path=path, params={**key, "partNumbers": "1,2"})["presignedUrls"]
    assert set(urls) == {"1", "2"}
    call("uppyParts", 400, path=path, params={**key, "partNumbers": "1,x"})
    call("uppyParts", 403, path=path, params={"key": "files/1/other.jpg", "partNumbers": "1"})
    call("uppyPart", 400, path={**path, "part": 0}, params=key)
    call("uppyPart", 403, path={"uploadId": "none", "part": 1}, params=key)
    parts = [send(upload, 1, PICTURE)]
    listed = call("uppyList", 200, **upload)
    assert [part["Size"] for part in listed] == [len(PICTURE)], listed
    call("uppyList", 400, path={"uploadId": "%ff"}, params=key)
    call("uppyList", 403, NOBODY, **upload)
    call("uppyComplete", 400, **create(), json={"parts": parts})
    call("uppyComplete", 403, NOBODY, **upload, json={"parts": parts})
    call("uppyComplete", 415, **upload, data="parts=1")
    done = call("uppyComplete", 200, **upload, json={"parts": parts})
    call("getUpload", 200, path={"id": done["key"].split("/")[1]}, params={"wait": 20})
    assert requests.get(done["location"], timeout=60).content == PICTURE

    # Another object has taken the key.
    late = create()
    parts = [send(late, 1, PICTURE)]
    s3 = boto3.client(
        "s3", "us-east-1", endpoint_url=os.environ["S3"], aws_access_key_id="tintype", aws_secret_access_key="tintype-local"
    )
    s3.put_object(Bucket=done["bucket"], Key=late["params"]["key"], Body=b"x")
    call("uppyComplete", 409, **late, json={"parts": parts})

    large = create(LIMITED)
    call("uppyComplete", 413, LIMITED, **large, json={"parts": [send(large, 1, b"x" * 1001, LIMITED)]})
    for operation, rest, query in [("uppyPart", {"part": 1}, {}), ("uppyParts", {}, {"partNumbers": "1"}), ("uppyList", {}, {})]:
        large = create(LIMITED)
        send(large, 1, b"x" * 1001, LIMITED)
        call(operation, 413, LIMITED, path={**large["path"], **rest}, params={**large["params"], **query})

    aborted = create()
    call("uppyAbort", 400, path={"uploadId": "%ff"}, params=key)
    call("uppyAbort", 403, NOBODY, **aborted)
    call("uppyAbort", 200, **aborted)
    call("uppyList", 404, **aborted)
    call("uppyPart", 404, path={**aborted["path"], "part": 1}, params=aborted["params"])
    call("uppyParts", 404, path=aborted["path"], params={**aborted["params"], "partNumbers": "1"})
    call("uppyAbort", 200, **aborted)
    call("uppyComplete", 404, **aborted, json={"parts": parts})


def other_clients():
    call("webiny", 200, json=CLIENT_FILE)
    call("betterUpload", 200, json={"files": [CLIENT_FILE]})
    by_query = {"objectName": "cat.jpg", "contentType": "image/jpeg", "size": len(PICTURE)}
    call("reactS3Uploader", 200, params=by_query)
    call("webiny", 400, json={})
    call("betterUpload", 400, json={"files": [{}]})
    call("reactS3Uploader", 400, params={"objectName": "a"})
    call("webiny", 403, NOBODY, json=CLIENT_FILE)
    call("betterUpload", 403, NOBODY, json={"files": [CLIENT_FILE]})
    call("reactS3Uploader", 403, NOBODY, params=by_query)
    for change, status in [({"size": 1001}, 413), ({"type": "text/html"}, 415)]:
        call("webiny", status, LIMITED, json={**CLIENT_FILE, **change})
        call("betterUpload", status, LIMITED, json={"files": [{**CLIENT_FILE, **change}]})
        query = {"objectName": "a", "contentType": change.get("type", "image/jpeg"), "size": change.get("size", 1)}
        call("reactS3Uploader", status, LIMITED, params=query)


check_document()
native()
library()
uppy()
other_clients()
described = {(name, int(status)) for name, (_, _, operation) in OPERATIONS.items() for status in operation["responses"]}
missing = {one for one in described - seen if one[1] not in UNREACHABLE and one not in WITHOUT_LIBRARY}
assert not missing, f"answers that the document describes and no request here caused: {sorted(missing)}"
