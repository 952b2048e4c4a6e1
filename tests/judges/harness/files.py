"""Files to judge by, made by ffmpeg, and their uploads to a running stack."""

import hashlib
import json
import os
import pathlib
import subprocess
import time
import urllib.error
import urllib.request
import uuid

PATIENCE_SECONDS = 240

# The bucket of originals (tintype/src/local/names.rs).
ORIGINALS = "tintype-originals"


def made(folder, name, source, *options):
    """Makes a file from one of ffmpeg's sources."""
    path = pathlib.Path(folder) / name
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y"]
    for one in [source] if isinstance(source, str) else source:
        command += ["-f", "lavfi", "-i", one]
    run(*command, *options, path)
    return path


def run(*command):
    """Runs a command, which must succeed."""
    subprocess.run([str(argument) for argument in command], check=True)


def photo(folder, name="photo.jpg", size="1600x1200"):
    return made(folder, name, f"mandelbrot=size={size}", "-frames:v", "1")


def clip(folder, name="clip.mp4", size="960x540", seconds=20):
    picture = f"testsrc2=size={size}:rate=25:duration={seconds}"
    tone = f"sine=frequency=440:duration={seconds}"
    return made(folder, name, [picture, tone], "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")


def uploaded(path, media_type, **request):
    """The grant of an upload that is done and clean."""
    edge = os.environ["EDGE"]
    grant = call(f"{edge}/uploads", {"filename": path.name, "type": media_type, **request})
    boundary = uuid.uuid4().hex
    field = '--{}\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    body = "".join(field.format(boundary, name, "") + f"{value}\r\n" for name, value in grant["fields"].items()).encode()
    body += field.format(boundary, "file", f'; filename="{path.name}"').encode()
    body += path.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    form = {"content-type": f"multipart/form-data; boundary={boundary}"}
    urllib.request.urlopen(urllib.request.Request(grant["url"], body, form), timeout=60).close()
    status = call(f"{edge}/uploads/{grant['id']}?wait=20")
    if status["state"] != "clean":
        raise RuntimeError(f"{path.name} isn't clean: {status}")
    return grant


def stored(path, media_type):
    """A grant as of `uploaded`, for a file of any type, which the owner of the storage puts there as a clean one."""
    key = f"files/{path.name}"
    owner = f"{os.environ['AWS_ACCESS_KEY_ID']}:{os.environ['AWS_SECRET_ACCESS_KEY']}"
    signed = ["--aws-sigv4", "aws:amz:us-east-1:s3", "--user", owner, "--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"]
    headers = ["--header", f"content-type: {media_type}", "--header", "x-amz-tagging: state=clean"]
    url = f"{os.environ['S3']}/{ORIGINALS}/{key}"
    run("curl", "--silent", "--show-error", "--fail", *signed, *headers, "--upload-file", path, url)
    # The id of a video that the signer did not name (contract/src/renditions.rs).
    return {"id": hashlib.sha256(key.encode()).hexdigest()[:32], "publicUrl": f"{os.environ['EDGE']}/{key}"}


def with_pass(path):
    """The path of a private video's file with a pass that is valid for an hour."""
    url = {"url": os.environ["EDGE"] + path, "expires": int(time.time()) + 3600}
    return call(f"{os.environ['EDGE']}/signed-urls", url)["url"].removeprefix(os.environ["EDGE"])


def transcoded(grant):
    """The status of a video once its renditions are ready."""
    is_private = "/private/" in grant["publicUrl"]
    path = f"/private-videos/{grant['id']}/status.json" if is_private else f"/videos/{grant['id']}/status.json"
    path = with_pass(path) if is_private else path
    deadline = time.monotonic() + PATIENCE_SECONDS
    status = None
    while time.monotonic() < deadline:
        try:
            status = call(os.environ["EDGE"] + path)
        except urllib.error.HTTPError as error:
            if error.code not in (403, 404):
                raise
        if status and status["state"] == "ready":
            return status
        if status and status["state"] == "failed":
            raise RuntimeError(f"the video can't be transcoded: {status}")
        time.sleep(0.5)
    raise TimeoutError(f"the video isn't ready: {status}")


def call(url, body=None):
    """The JSON that a URL answers, to GET or to POST with a JSON body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"} if data else {})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def report(judge, tried, results):
    """Writes what a judge reports: `results` are triples of group, name and failure."""
    listed = [{"group": group, "name": name, "failure": failure} for group, name, failure in results]
    content = {"judge": judge, "tried": tried, "results": listed}
    pathlib.Path(os.environ["RESULTS"]).write_text(json.dumps(content))
