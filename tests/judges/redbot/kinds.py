"""The kinds of responses that REDbot judges, over files that are uploaded first."""

import contextlib
import dataclasses
import json
import os
import pathlib
import subprocess
import tempfile
import time
import urllib.request

import files
import stack

EDGE = os.environ["EDGE"]

BROWSER = {"Accept": "image/avif,image/webp,image/*,*/*;q=0.8"}
JSON = {"Content-Type": "application/json"}


@dataclasses.dataclass
class Kind:
    """A request, and the status of its response."""

    group: str
    name: str
    url: str
    status: int = 200
    method: str = "GET"
    headers: dict = dataclasses.field(default_factory=dict)
    body: bytes = b""


@contextlib.contextmanager
def kinds():
    """Yields every kind, while the programs that answer run."""
    with tempfile.TemporaryDirectory() as folder, resize_service(folder) as serve:
        paths = uploaded_files(folder)
        yield [*page(), *originals(paths), *variants(paths), *refusals(paths), *videos(paths), *resize(serve, paths), *signer(paths)]


@contextlib.contextmanager
def resize_service(folder):
    """`tintype serve` over the stack's S3."""
    port = stack.free_port()
    command = [os.environ["TINTYPE"], "serve", "--listen", str(port), "--originals", "tintype-originals"]
    command += ["--variants", "tintype-variants", "--s3", os.environ["S3"]]
    with stack.listening(command, dict(os.environ), pathlib.Path(folder) / "serve.log", port):
        yield f"http://127.0.0.1:{port}"


def uploaded_files(folder):
    """The paths of files of each kind."""
    photo = files.photo(folder)
    picture = files.made(folder, "picture.png", "rgbtestsrc=size=640x480", "-frames:v", "1")
    animation = files.made(folder, "animation.gif", "testsrc=size=200x150:rate=5:duration=1")
    vector = pathlib.Path(folder) / "drawing.svg"
    vector.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"><rect width="64" height="48" fill="red"/></svg>')
    broken = pathlib.Path(folder) / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0" + bytes(600))
    grants = {
        "photo": files.uploaded(photo, "image/jpeg"),
        "picture": files.uploaded(picture, "image/png"),
        "animation": files.uploaded(animation, "image/gif"),
        "private": files.uploaded(photo, "image/jpeg", visibility="private"),
        "broken": files.uploaded(broken, "image/jpeg"),
        "clip": files.uploaded(files.clip(folder, seconds=8), "video/mp4"),
    }
    paths = {name: "/" + grant["key"] for name, grant in grants.items()}
    paths["upload"] = "/uploads/" + grants["photo"]["id"]
    paths["video"] = files.transcoded(grants["clip"])
    return paths


def signed(path, **more):
    """A signed link, as the signer issues it."""
    link = files.call(f"{EDGE}/signed-urls", {"url": path, **more})["url"]
    return link if link.startswith("http") else EDGE + link


def page():
    yield Kind("page", "the page", f"{EDGE}/")
    yield Kind("page", "no such page", f"{EDGE}/nothing-here", 404)


def originals(paths):
    group, photo = "originals", EDGE + paths["photo"]
    yield Kind(group, "original", photo)
    yield Kind(group, "original, HEAD", photo, method="HEAD")
    yield Kind(group, "original, download", f"{photo}?dl=my+photo.jpg")
    yield Kind(group, "original PNG", EDGE + paths["picture"])
    yield Kind(group, "original, first range", photo, 206, headers={"Range": "bytes=0-99"})
    yield Kind(group, "original, range out of bounds", photo, 416, headers={"Range": "bytes=99999999-"})
    yield Kind(group, "original, not modified", photo, 304, headers={"If-None-Match": etag(photo)})
    yield Kind(group, "original, preflight", photo, 204, "OPTIONS", {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"})
    yield Kind(group, "original, read by a page", photo, headers={"Origin": "https://a.example"})
    yield Kind(group, "private original", signed(paths["private"]))


def etag(url):
    with urllib.request.urlopen(url, timeout=60) as response:
        return response.headers["ETag"]


def variants(paths):
    group, photo = "variants", EDGE + paths["photo"]
    yield Kind(group, "variant, negotiated AVIF", f"{photo}?w=640", headers=BROWSER)
    yield Kind(group, "variant, negotiated WebP", f"{photo}?w=640", headers={"Accept": "image/webp,*/*"})
    yield Kind(group, "variant, negotiated JPEG", f"{photo}?w=640")
    for name in ["jpeg", "webp", "avif", "png"]:
        yield Kind(group, f"variant, fm={name}", f"{photo}?w=320&fm={name}")
    yield Kind(group, "variant, fm=json", f"{photo}?fm=json")
    yield Kind(group, "variant, animated", f"{EDGE}{paths['animation']}?w=128&fm=gif")
    yield Kind(group, "variant, HEAD", f"{photo}?w=640", method="HEAD")
    yield Kind(group, "variant, download", f"{photo}?w=640&dl=small.jpg")
    yield Kind(group, "variant, unknown parameter", f"{photo}?w=640&elsewhere=1")
    yield Kind(group, "variant, not modified", f"{photo}?w=640", 304, headers={"If-None-Match": etag(f"{photo}?w=640")})
    yield Kind(group, "variant, first range", f"{photo}?w=640", 206, headers={"Range": "bytes=0-99"})
    yield Kind(group, "private variant", signed(paths["private"] + "?w=256"))


def refusals(paths):
    group, photo = "refusals", EDGE + paths["photo"]
    yield Kind(group, "a wrong value", f"{photo}?w=0", 400)
    yield Kind(group, "an operation without a signature", f"{photo}?blur=50", 403)
    yield Kind(group, "a private file without a signature", EDGE + paths["private"], 403)
    yield Kind(group, "no such file", f"{EDGE}/files/0190163d-8694-739b-aea5-966c26f8ad91/none.jpg", 404)
    yield Kind(group, "a variant of no file", f"{EDGE}/files/0190163d-8694-739b-aea5-966c26f8ad91/none.jpg?w=64", 404)
    yield Kind(group, "a writing method", photo, 405, "DELETE")
    past = signed(paths["private"], expires=int(time.time()) + 1)
    time.sleep(2)
    yield Kind(group, "an expired link", past, 410)
    yield Kind(group, "a damaged picture", f"{EDGE}{paths['broken']}?w=64", 415)
    yield Kind(group, "a long URL", f"{photo}?v={'x' * 9000}", 400)


def videos(paths):
    group, playback = "videos", paths["video"]["playback"]
    yield Kind(group, "status", f"{EDGE}/videos/{paths['video']['id']}/status.json")
    yield Kind(group, "HLS playlist", EDGE + playback["hls"])
    yield Kind(group, "DASH manifest", EDGE + playback["dash"])
    yield Kind(group, "HLS playlist, compressed", EDGE + playback["hls"], headers={"Accept-Encoding": "gzip"})
    yield Kind(group, "MP4", EDGE + playback["mp4"])
    yield Kind(group, "poster", EDGE + playback["poster"])
    yield Kind(group, "variant of a poster", f"{EDGE}{playback['poster']}?w=128")
    yield Kind(group, "tiles", EDGE + playback["tiles"])
    with urllib.request.urlopen(EDGE + playback["hls"], timeout=60) as response:
        lines = response.read().decode().splitlines()
    rung = next(line for line in lines if line and not line.startswith("#"))
    base = EDGE + playback["hls"].rsplit("/", 1)[0]
    yield Kind(group, "HLS rung", f"{base}/{rung}")
    with urllib.request.urlopen(f"{base}/{rung}", timeout=60) as response:
        lines = response.read().decode().splitlines()
    segment = next(line for line in lines if line and not line.startswith("#"))
    yield Kind(group, "segment", f"{base}/{segment}")


def resize(serve, paths):
    group, photo = "resize service", serve + paths["photo"]
    yield Kind(group, "serve: original", photo)
    yield Kind(group, "serve: original, HEAD", photo, method="HEAD")
    yield Kind(group, "serve: original, first range", photo, 206, headers={"Range": "bytes=0-99"})
    yield Kind(group, "serve: variant", f"{photo}?w=640", headers=BROWSER)
    yield Kind(group, "serve: variant, fm=json", f"{photo}?fm=json")
    yield Kind(group, "serve: variant, HEAD", f"{photo}?w=640", method="HEAD")
    yield Kind(group, "serve: a wrong value", f"{photo}?w=0", 400)
    yield Kind(group, "serve: a private file without a signature", serve + paths["private"], 403)
    yield Kind(group, "serve: no such file", f"{serve}/files/0190163d-8694-739b-aea5-966c26f8ad91/none.jpg?w=64", 404)
    yield Kind(group, "serve: a writing method", photo, 405, "PUT")
    yield Kind(group, "serve: a damaged picture", f"{serve}{paths['broken']}?w=64", 415)
    yield Kind(group, "serve: health", f"{serve}/healthz")


def signer(paths):
    group = "signer"

    def post(name, path, content, status=200, headers=None):
        return Kind(group, name, EDGE + path, status, "POST", headers or JSON, json.dumps(content).encode())

    file = {"filename": "cat.jpg", "type": "image/jpeg"}
    yield post("sign an upload", "/uploads", file, 201)
    yield post("sign a link", "/signed-urls", {"url": paths["photo"] + "?w=33"})
    yield Kind(group, "an upload's status", EDGE + paths["upload"])
    yield Kind(group, "no such upload", f"{EDGE}/uploads/0190163d-8694-739b-aea5-966c26f8ad91", 404)
    yield Kind(group, "form for Uppy", f"{EDGE}/s3/params?filename=cat.jpg&type=image/jpeg")
    yield post("begin parts for Uppy", "/s3/multipart", file)
    yield post("an incomplete request", "/uploads", {"type": "image/jpeg"}, 400)
    yield post("a wrong session", "/u/nonsense/uploads", file, 403)
    yield post("a large body", "/signed-urls", {"url": "x" * 70_000}, 413)
    yield post("a refused type", "/uploads", {"filename": "a.html", "type": "text/html"}, 415)
    yield post("a body that isn't JSON", "/uploads", {}, 415, {"Content-Type": "text/plain"})
    yield Kind(group, "a wrong method", f"{EDGE}/signed-urls", 405)
