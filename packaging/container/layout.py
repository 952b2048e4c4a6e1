"""Writes a container image as an OCI layout: a layer with parts of Debian, and a layer with the program.

layout.py ARCHIVE ARCHITECTURE OUTPUT PACKAGE…
"""

import datetime
import gzip
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# As in the Containerfile.
USER = 65532
ENTRYPOINT = ["/usr/bin/tintype", "serve", "--listen", "0.0.0.0:8080", "--metrics-listen", "0.0.0.0:9090"]
HEALTH = ["CMD", "busybox", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:9090/healthz"]
SECOND = 1_000_000_000

FILES = {
    "etc/passwd": f"root:x:0:0:root:/root:/sbin/nologin\ntintype:x:{USER}:{USER}:tintype:/:/sbin/nologin\n",
    "etc/group": f"root:x:0:\ntintype:x:{USER}:\n",
    "etc/nsswitch.conf": "hosts: files dns\n",
}
# Documentation and what only other programs read.
LEFT_OUT = ("usr/share/man", "usr/share/locale", "usr/share/lintian", "usr/lib/x86_64-linux-gnu/gconv", "usr/sbin", "usr/share/initramfs-tools")
MERGED = ("bin", "lib", "lib64", "sbin")


@dataclass
class Entry:
    """A file or a link of a layer."""

    path: str
    content: bytes = b""
    mode: int = 0o644
    link: str | None = None


def path_in_layer(name: str) -> str:
    """The path of a package's file: /lib is a link to /usr/lib, as in Debian."""
    path = name.removeprefix("./").rstrip("/")
    return f"usr/{path}" if path.split("/")[0] in MERGED else path


def files_of(package: str) -> Iterator[Entry]:
    content = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            path = path_in_layer(member.name)
            is_paper = path.startswith("usr/share/doc/") and not path.endswith("/copyright")
            if member.isdir() or is_paper or path.startswith(LEFT_OUT):
                continue
            if member.issym():
                yield Entry(path, link=member.linkname)
            else:
                yield Entry(path, archive.extractfile(member).read(), member.mode)


def system(packages: list[str]) -> list[Entry]:
    """The system's files. ca-certificates' installation would make the bundle."""
    entries = [Entry(name, text.encode()) for name, text in FILES.items()]
    entries += [Entry(name, link=f"usr/{name}") for name in MERGED]
    certificates = b""
    for package in packages:
        for entry in sorted(files_of(package), key=lambda entry: entry.path):
            if entry.path.startswith("usr/share/ca-certificates/"):
                certificates += entry.content
            else:
                entries.append(entry)
    return [*entries, Entry("etc/ssl/certs/ca-certificates.crt", certificates)]


def program(archive: str) -> tuple[list[Entry], int]:
    """The program and its papers, and the time of the release."""
    places = {"tintype": "usr/bin/tintype"}
    entries = []
    with tarfile.open(archive) as members:
        for member in members:
            name = member.name.partition("/")[2]
            if member.isfile() and name != "tintype.1":
                content = members.extractfile(member).read()
                entries.append(Entry(places.get(name, f"usr/share/doc/tintype/{name}"), content, member.mode))
            epoch = int(member.mtime)
    return entries, epoch


def layer(entries: list[Entry], epoch: int) -> bytes:
    """A tar of the entries and their folders, in the order of their paths."""
    folders = {str(parent) for entry in entries for parent in Path(entry.path).parents} - {"."}
    stored = io.BytesIO()
    with tarfile.open(fileobj=stored, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for entry in sorted([*entries, *map(Entry, folders)], key=lambda entry: entry.path):
            member = tarfile.TarInfo(entry.path)
            member.mtime = epoch
            member.mode = entry.mode
            if entry.path in folders:
                member.type, member.mode = tarfile.DIRTYPE, 0o755
            elif entry.link:
                member.type, member.linkname, member.mode = tarfile.SYMTYPE, entry.link, 0o777
            member.size = len(entry.content)
            archive.addfile(member, io.BytesIO(entry.content))
    return stored.getvalue()


class Layout:
    """A folder with blobs by their digests."""

    def __init__(self, folder: Path):
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "blobs/sha256").mkdir(parents=True)

    def store(self, content: bytes, kind: str) -> dict:
        """Stores a blob. Returns its descriptor."""
        digest = hashlib.sha256(content).hexdigest()
        (self.folder / "blobs/sha256" / digest).write_bytes(content)
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest}", "size": len(content)}

    def store_json(self, value: dict, kind: str) -> dict:
        return self.store(json.dumps(value).encode(), kind)


def main(archive: str, architecture: str, output: str, *packages: str) -> None:
    files, epoch = program(archive)
    version = Path(archive).name.split("-")[1]
    tars = [layer(system(sorted(packages)), epoch), layer(files, epoch)]
    created = datetime.datetime.fromtimestamp(epoch, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    labels = {
        "org.opencontainers.image.title": "tintype",
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.licenses": "MIT OR Apache-2.0",
    }
    layout = Layout(Path(output))
    config = {
        "architecture": architecture,
        "os": "linux",
        "created": created,
        "config": {
            "User": f"{USER}:{USER}",
            "Entrypoint": ENTRYPOINT,
            "ExposedPorts": {"8080/tcp": {}, "9090/tcp": {}},
            "Env": ["PATH=/usr/bin:/bin"],
            "Labels": labels,
            # Docker's and Podman's, which other engines ignore.
            "Healthcheck": {"Test": HEALTH, "Interval": 10 * SECOND, "Timeout": 3 * SECOND, "StartPeriod": 5 * SECOND},
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(tar).hexdigest()}" for tar in tars]},
        "history": [{"created": created, "comment": comment} for comment in ["glibc, certificates, wget", f"tintype {version}"]],
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": layout.store_json(config, "config.v1+json"),
        "layers": [layout.store(gzip.compress(tar, 6, mtime=0), "layer.v1.tar+gzip") for tar in tars],
        "annotations": labels,
    }
    image = {
        **layout.store_json(manifest, "manifest.v1+json"),
        "platform": {"os": "linux", "architecture": architecture},
        "annotations": {"org.opencontainers.image.ref.name": version},
    }
    index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [image]}
    (layout.folder / "index.json").write_text(json.dumps(index))
    (layout.folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    for blob in manifest["layers"]:
        print(f"{blob['size']:>10}  {blob['digest']}")
    print(f"{output}: {image['digest']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
