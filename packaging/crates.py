"""The crates that are linked into the program, as `cargo tree` lists them. Nothing is compiled."""

import json
import subprocess
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

# As scripts/release builds the program.
SELECTION = ["--package", "tintype", "--features", "tls,otlp"]


@dataclass
class Crate:
    name: str
    version: str
    licence: str
    """An SPDX expression."""
    uses: set[tuple[str, str]] = field(default_factory=set)
    """Names and versions of the crates that it links directly."""


def crates(target: str) -> list[Crate]:
    """The crates in the order of their names, for a target such as `x86_64-unknown-linux-gnu`."""
    command = ["cargo", "tree", "--locked", *SELECTION, "--target", target, "--edges", "normal,no-proc-macro"]
    command += ["--prefix", "depth", "--format", "\t{p}\t{l}"]
    found: dict[tuple[str, str], Crate] = {}
    path: list[Crate] = []
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        if not line:
            continue
        depth, package, licence = line.split("\t")
        name, version = package.split(" ")[:2]
        # A crate that occurs again has a mark, and its dependencies are not repeated.
        key = (name, version.removeprefix("v"))
        licence = " ".join(licence.removesuffix(" (*)").replace("/", " OR ").split())
        crate = found.setdefault(key, Crate(*key, licence))
        del path[int(depth) :]
        if path:
            path[-1].uses.add(key)
        path.append(crate)
    return [found[key] for key in sorted(found)]


def folders() -> dict[tuple[str, str], Path]:
    """The folder of the sources of each crate that the workspace may use."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    packages = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["packages"]
    return {(package["name"], package["version"]): Path(package["manifest_path"]).parent for package in packages}


def workspace_version() -> str:
    with open("Cargo.toml", "rb") as file:
        return tomllib.load(file)["workspace"]["package"]["version"]
