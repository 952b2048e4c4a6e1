"""The checks after the load: every file, variant and record against what the clients were told."""

import json
import re
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

from patience import Patience
from picture import color_of
from stack import Http, presigned

# The stack delivers each change again after a minute. What that leaves behind must be seen, too.
SECOND_DELIVERY_SECONDS = 75

# Events that failed in a crash wait a minute more at the longest, and many wait for each other: the checks go on while promises
# are being kept.
PATIENCE_SECONDS = 300


def check(stack, files, bytes_of, bad):
    """The broken promises, when none is left to be kept or no more of them are being kept. While some are left, only their files
    are looked at again; in the end all are looked at once more."""
    time.sleep(SECOND_DELIVERY_SECONDS)
    patience = Patience(PATIENCE_SECONDS, time.monotonic())
    waiting, is_last = files, False
    while True:
        begin = time.monotonic()
        found = broken_files(stack, waiting, bytes_of, bad)
        broken = [sentence for _, sentences in found for sentence in sentences] + broken_buckets(stack, files)
        print(f"{len(waiting)} files checked in {time.monotonic() - begin:.0f} s: {len(broken)} broken promises", flush=True)
        if is_last or (broken and patience.is_over(len(broken), time.monotonic())):
            return broken
        if broken:
            print(f"  such as: {broken[0]}", flush=True)
            waiting = [file for file, sentences in found if sentences]
            time.sleep(15)
        else:
            waiting, is_last = files, True


def broken_files(stack, files, bytes_of, bad):
    """Each file with its broken promises. A connection is used for many files."""
    clients = threading.local()

    def look(file):
        clients.http = getattr(clients, "http", None) or Http()
        return file, list(of_file(stack, clients.http, file, bytes_of, bad))

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(look, files))


def broken_buckets(stack, files):
    """What is missing in the buckets, or is too much."""
    broken = []
    originals = set(keys(stack, "tintype-originals"))
    expected = {file.key for file in files if file.content is not None}
    broken += [f"{key}: the file is lost" for key in expected - originals]
    broken += [f"{key}: a file that nobody knows" for key in originals - expected]
    for key in keys(stack, "tintype-variants"):
        if key.startswith("versions/"):
            if key.removeprefix("versions/") not in originals:
                broken.append(f"{key}: a record without its file")
        elif key.startswith("outdated/"):
            broken.append(f"{key}: a mark of an outdated variant")
        elif key.rsplit("/", 1)[0] not in originals:
            broken.append(f"{key}: a variant without its file")
    return broken


def of_file(stack, http, file, bytes_of, bad):
    edge = stack.addresses["edge"]
    original = http.persist("GET", f"{edge}/{file.key}")
    variant = http.persist("GET", f"{edge}/{file.key}?w=16&fm=png")
    if file.content is None or file.content == bad:
        if original[0] == 200 or variant[0] == 200:
            yield f"{file.key}: a {'bad' if file.content else 'deleted'} file is served"
        if file.content == bad:
            state = json.loads(http.persist("GET", f"{edge}/uploads/{file.key.split('/')[1]}")[1]).get("state")
            if state != "refused":
                yield f"{file.key}: the bad file is {state}"
        return
    if original[0] != 200 or original[1] != bytes_of(file.content):
        yield f"{file.key}: the file gets {original[0]} or is another"
    if variant[0] != 200 or color_of(variant[1]) != file.content:
        yield f"{file.key}: the variant gets {variant[0]} or shows another picture"


def keys(stack, bucket):
    """All keys of a bucket."""
    http, found, token = Http(), [], None
    while True:
        query = {"list-type": "2", **({"continuation-token": token} if token else {})}
        url = presigned("GET", stack.addresses["s3"], bucket, "", query)
        status, body, _ = http.persist("GET", url)
        assert status == 200, body
        text = body.decode()
        found += [urllib.parse.unquote(key) for key in re.findall(r"<Key>([^<]*)</Key>", text)]
        token = next(iter(re.findall(r"<NextContinuationToken>([^<]*)</NextContinuationToken>", text)), None)
        if token is None:
            return found
